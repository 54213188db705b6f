package org.porthole.testkit;

import java.io.IOException;

/// Says who it is, says much if asked to, and waits until its standard input ends.
public final class ClusterProgram {
    private ClusterProgram() {}

    public static void main(String[] arguments) throws IOException {
        System.out.println("rank " + System.getenv("PORTHOLE_JOB_RANK") + " of " + System.getenv("PORTHOLE_JOB_SIZE"));
        System.err.println("extra: " + System.getenv("EXTRA"));
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            System.out.println("line " + i + " " + "x".repeat(3000));
        }
        System.out.println("ready");
        System.out.flush();
        if (System.in.read() >= 0) {
            System.exit(2);
        }
    }
}
