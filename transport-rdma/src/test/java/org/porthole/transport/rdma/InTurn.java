package org.porthole.transport.rdma;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/// Two ways to do the same, measured in turn, so that what the machine does meanwhile happens to both.
final class InTurn {
    private final int warmUp;
    private final int rounds;

    /// @param warmUp how often each is measured first, for nothing
    InTurn(int warmUp, int rounds) {
        this.warmUp = warmUp;
        this.rounds = rounds;
    }

    /// One of the ways.
    ///
    /// @param name what the line calls it
    /// @param us   does it once, and tells how many microseconds it took
    record Way(String name, DoubleSupplier us) {}

    /// Prints the medians, the tenth least and the tenth largest of the microseconds, and how the second median relates to the first.
    void compare(String what, Way first, Way second) {
        Way[] ways = {first, second};
        double[][] us = new double[2][rounds];
        for (int round = -warmUp; round < rounds; round++) {
            for (int i = 0; i < ways.length; i++) {
                us[i][Math.max(0, round)] = ways[i].us.getAsDouble();
            }
        }
        StringBuilder line = new StringBuilder(what).append(':');
        for (int i = 0; i < ways.length; i++) {
            Arrays.sort(us[i]);
            line.append(String.format(
                    Locale.ROOT,
                    " %s %9.1f us [%.1f..%.1f],",
                    ways[i].name,
                    us[i][rounds / 2],
                    us[i][rounds / 10],
                    us[i][rounds * 9 / 10]));
        }
        System.out.printf(Locale.ROOT, "%s ratio %.3f%n", line, us[1][rounds / 2] / us[0][rounds / 2]);
    }
}
