package org.porthole.cli;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.porthole.Transports;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.config.Option;
import org.porthole.config.Source;

/// The environment of the ranks, and the settings that it amounts to.
final class RankEnvironment {
    /// How long a core may take to start one rank more, when others too want it.
    private static final Duration START_OF_ONE = Duration.ofSeconds(4);

    private final Map<String, String> common;
    private final IntFunction<Map<String, String>> ofRank;

    private RankEnvironment(Map<String, String> common, IntFunction<Map<String, String>> ofRank) {
        this.common = common;
        this.ofRank = ofRank;
    }

    /// Puts the environment together, and refuses here, in one line, what each rank would refuse in one of its own.
    ///
    /// @param spec   what to start
    /// @param own    the launcher's environment
    /// @param ofRank what makes a process a certain rank
    /// @param cores  how many the host has
    /// @return the environment
    /// @throws org.porthole.ConfigurationException if a setting is unknown or unusable
    static RankEnvironment of(
            LaunchSpec spec, Map<String, String> own, IntFunction<Map<String, String>> ofRank, int cores) {
        Map<String, String> common = new TreeMap<>(own);
        common.putAll(spec.environment());
        RankEnvironment environment = new RankEnvironment(common, ofRank);
        Configuration configuration = Configuration.load(properties(spec, own), environment.of(0));
        if (isSet(configuration, CoreOptions.TRANSPORTS)) {
            var _ = Transports.statuses(configuration);
        }
        if (spec.ranks() > cores && !isSet(configuration, CoreOptions.JOIN_DEADLINE)) {
            long seconds = configuration.value(CoreOptions.JOIN_DEADLINE) / 1_000_000_000
                    + START_OF_ONE.toSeconds() * spec.ranks() / cores;
            common.put(CoreOptions.JOIN_DEADLINE.environmentName(), seconds + "s");
        }
        return environment;
    }

    /// All variables of one rank.
    Map<String, String> of(int rank) {
        Map<String, String> environment = new TreeMap<>(common);
        environment.putAll(ofRank.apply(rank));
        return environment;
    }

    private static boolean isSet(Configuration configuration, Option<?> option) {
        return configuration.setting(option).source() != Source.DEFAULT;
    }

    /// The system properties that the ranks' JVMs are given.
    private static Map<String, String> properties(LaunchSpec spec, Map<String, String> own) {
        Map<String, String> properties = new TreeMap<>();
        for (String word : RankCommandLine.chosenArguments(spec, own)) {
            if (word.startsWith("-D")) {
                int end = word.indexOf('=');
                String name = word.substring(2, end < 0 ? word.length() : end);
                properties.put(name, end < 0 ? "" : word.substring(end + 1));
            }
        }
        return properties;
    }
}
