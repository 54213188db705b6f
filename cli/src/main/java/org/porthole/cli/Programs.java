package org.porthole.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.porthole.cli.text.Arguments;
import org.porthole.cli.text.UsageException;
import org.porthole.config.NearestName;

/// The programs that can be run by name: the lines of every `META-INF/porthole/programs` on a class path.
///
/// A line is `name<TAB>class<TAB>description`; empty lines and those that begin with `#` are skipped. The first of two equal names counts.
final class Programs {
    static final String RESOURCE = "META-INF/porthole/programs";

    private final Map<String, Program> byName = new LinkedHashMap<>();

    /// Reads the lists that a class loader sees.
    ///
    /// @param loader the loader
    /// @return the programs
    /// @throws EnvironmentException if a list cannot be read or has a line of another form
    static Programs of(ClassLoader loader) {
        Programs programs = new Programs();
        try {
            for (URL url : java.util.Collections.list(loader.getResources(RESOURCE))) {
                try (var reader = new BufferedReader(new InputStreamReader(url.openStream(), StandardCharsets.UTF_8))) {
                    programs.add(reader.lines().toList(), url.toString());
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new EnvironmentException("cannot read the list of programs: " + e.getMessage(), e);
        }
        return programs;
    }

    /// Reads lines.
    ///
    /// @param lines the lines
    /// @param place where they stand, for messages
    /// @return the programs
    static Programs of(List<String> lines, String place) {
        Programs programs = new Programs();
        programs.add(lines, place);
        return programs;
    }

    private void add(List<String> lines, String place) {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] fields = line.split("\t+", 3);
            if (fields.length < 3) {
                throw new EnvironmentException(
                        place + ", line " + (i + 1) + ": not name, class and description with tabs between: " + line,
                        null);
            }
            byName.putIfAbsent(fields[0].strip(), new Program(fields[0].strip(), fields[1].strip(), fields[2].strip()));
        }
    }

    /// All of them, in the order of the lists.
    Collection<Program> all() {
        return byName.values();
    }

    /// Finds a program.
    ///
    /// @param name its name
    /// @return the program
    /// @throws UsageException if there is none of that name: the message names them all
    Program named(String name) {
        Program program = byName.get(name);
        if (program == null) {
            throw new UsageException("there is no program \"" + name + '"'
                    + Arguments.suggestion(NearestName.to(name, byName.keySet()))
                    + (byName.isEmpty()
                            ? " (there are none on the class path)"
                            : " (there are: " + String.join(", ", byName.keySet()) + ")")
                    + "; --main CLASS --cp PATH runs a class of your own");
        }
        return program;
    }

    /// A table of names and descriptions, a line each.
    String table() {
        int width = byName.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (Program program : all()) {
            text.append("  ")
                    .append(program.name())
                    .repeat(' ', width - program.name().length() + 2)
                    .append(program.description())
                    .append('\n');
        }
        return text.toString();
    }
}
