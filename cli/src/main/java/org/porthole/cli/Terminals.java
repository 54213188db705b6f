package org.porthole.cli;

import java.util.Arrays;
import java.util.List;

/// Which of the command's output streams end at a terminal.
///
/// The script looks and says so in a system property, since the JDK tells only of input and output together. Ranks are given the same
/// property, so that a program whose output the launcher passes on can know that a person is watching.
///
/// @param out whether standard output does
/// @param err whether standard error does
record Terminals(boolean out, boolean err) {
    /// `out`, `err`, `out,err` or empty.
    static final String PROPERTY = "org.porthole.cli.terminals";

    /// What the script said; without it, none.
    static Terminals detect() {
        List<String> words = Arrays.asList(System.getProperty(PROPERTY, "").split(",", -1));
        return new Terminals(words.contains("out"), words.contains("err"));
    }

    /// The value for [#PROPERTY] that says the same.
    String text() {
        return out && err ? "out,err" : out ? "out" : err ? "err" : "";
    }
}
