package org.porthole.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The words that start a rank's JVM.
final class RankCommandLine {
    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC\\b");

    /// Further JVM arguments, separated by spaces.
    static final String JVM_VARIABLE = "PORTHOLE_JVM";

    private RankCommandLine() {}

    /// Puts together the command line of each rank.
    ///
    /// @param spec        what to start
    /// @param environment the launcher's own environment
    /// @param cores       how many cores the host has
    /// @param terminals   what the ranks are told of the launcher's streams
    /// @return the words
    static List<String> of(LaunchSpec spec, Map<String, String> environment, int cores, Terminals terminals) {
        List<String> chosen = chosenArguments(spec, environment);
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.add("--enable-native-access=ALL-UNNAMED");
        // Statistics for jstat are a file under /tmp that a killed process leaves behind.
        words.add("-XX:-UsePerfData");
        if (spec.ranks() >= cores && !choosesCollector(chosen, environment)) {
            // No core is idle: concurrent and parallel collectors would take time from the other ranks.
            words.add("-XX:+UseSerialGC");
        }
        words.addAll(ClassArchive.arguments(chosen));
        words.add("-D" + Terminals.PROPERTY + '=' + terminals.text());
        words.addAll(chosen);
        words.add("-cp");
        words.add(classPath(spec));
        words.add(RankMain.class.getName());
        words.add(spec.mainClass());
        words.addAll(spec.arguments());
        return words;
    }

    /// The JVM arguments that the user chose, those of the environment first.
    static List<String> chosenArguments(LaunchSpec spec, Map<String, String> environment) {
        Stream<String> ofEnvironment = Stream.of(
                        environment.getOrDefault(JVM_VARIABLE, "").strip().split("\\s+"))
                .filter(word -> !word.isEmpty());
        return Stream.concat(ofEnvironment, spec.jvmArguments().stream()).toList();
    }

    private static boolean choosesCollector(List<String> chosen, Map<String, String> environment) {
        Stream<String> variables =
                Stream.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS").map(name -> environment.getOrDefault(name, ""));
        return Stream.concat(chosen.stream(), variables)
                .anyMatch(
                        word -> word.startsWith("@") || COLLECTOR.matcher(word).find());
    }

    private static String classPath(LaunchSpec spec) {
        String own = System.getProperty("java.class.path");
        return spec.classPath().isEmpty() ? own : own + File.pathSeparator + spec.classPath();
    }
}
