package org.porthole.examples;

/// The pseudo-random numbers of the RandomAccess benchmark: powers of `x` modulo a primitive polynomial over GF(2), one bit per coefficient.
///
/// **Source.** HPC Challenge 1.5.0, `RandomAccess/utility.c` and `RandomAccess.h`.
final class RandomStream {
    private static final long POLYNOMIAL = 7;
    private static final long PERIOD = 1_317_624_576_693_539_401L;

    private RandomStream() {}

    /// The element after `random`: `x` times as much.
    static long next(long random) {
        return random << 1 ^ (random < 0 ? POLYNOMIAL : 0);
    }

    /// Element `n`, `x` to the power of `n`, in about 64 squarings: so that a rank can begin anywhere.
    static long element(long n) {
        long exponent = Math.floorMod(n, PERIOD);
        long power = 1;
        for (int bit = Long.SIZE - Long.numberOfLeadingZeros(exponent) - 1; bit >= 0; bit--) {
            power = square(power);
            if ((exponent >> bit & 1) != 0) {
                power = next(power);
            }
        }
        return power;
    }

    /// The square of a polynomial: a coefficient of `x^i` becomes one of `x^2i`.
    private static long square(long polynomial) {
        long square = 0;
        long evenPower = 1;
        for (int i = 0; i < Long.SIZE; i++) {
            if ((polynomial >> i & 1) != 0) {
                square ^= evenPower;
            }
            evenPower = next(next(evenPower));
        }
        return square;
    }
}
