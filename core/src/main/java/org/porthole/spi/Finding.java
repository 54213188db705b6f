package org.porthole.spi;

/// Something that a transport has found out about this machine, for people.
///
/// @param level    how bad it is
/// @param code     exit code of a check that ends with it; 0 unless it is [Level#PROBLEM]
/// @param sentence what there is
/// @param remedy   what to type; empty if nothing need be done
public record Finding(Level level, int code, String sentence, String remedy) {
    /// How bad something is.
    public enum Level {
        /// A fact.
        FACT,
        /// It may be in the way of some programs.
        WARNING,
        /// It is in the way of all.
        PROBLEM
    }

    /// A fact.
    ///
    /// @param sentence what there is
    /// @return the finding
    public static Finding fact(String sentence) {
        return new Finding(Level.FACT, 0, sentence, "");
    }

    /// Something that may be in the way.
    ///
    /// @param sentence what there is
    /// @param remedy   what to type
    /// @return the finding
    public static Finding warning(String sentence, String remedy) {
        return new Finding(Level.WARNING, 0, sentence, remedy);
    }

    /// Something that is in the way.
    ///
    /// @param code     exit code of a check that ends with it
    /// @param sentence what there is
    /// @param remedy   what to type
    /// @return the finding
    public static Finding problem(int code, String sentence, String remedy) {
        return new Finding(Level.PROBLEM, code, sentence, remedy);
    }
}
