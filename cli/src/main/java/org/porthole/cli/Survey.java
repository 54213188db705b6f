package org.porthole.cli;

import java.util.List;
import org.porthole.Launchers;
import org.porthole.Transports;
import org.porthole.config.Configuration;

/// What `porthole info` reports.
///
/// @param version       of this software
/// @param java          of the JVM, with its vendor
/// @param javaHome      where the JVM is
/// @param os            name and release of the operating system
/// @param architecture  of the machine
/// @param cores         how many this process may use
/// @param configuration the settings
/// @param launchers     the ways in which this process may have been started as a rank; the last is taken
/// @param transports    all on the class path
/// @param choices       which serves which kind of peer
/// @param findings      what the transports use here
record Survey(
        String version,
        String java,
        String javaHome,
        String os,
        String architecture,
        int cores,
        Configuration configuration,
        List<Launchers.Status> launchers,
        List<Transports.Status> transports,
        List<Transports.Choice> choices,
        List<Transports.Finding> findings) {

    /// Looks around.
    ///
    /// @return what was found
    /// @throws org.porthole.ConfigurationException if a setting is unknown or unusable
    static Survey take() {
        Configuration configuration = Configuration.load();
        return new Survey(
                Version.text(),
                property("java.runtime.version") + " (" + property("java.vendor") + ')',
                property("java.home"),
                property("os.name") + ' ' + property("os.version"),
                property("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                configuration,
                Launchers.statuses(configuration),
                Transports.statuses(configuration),
                Transports.choices(configuration),
                Transports.findings(configuration));
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }
}
