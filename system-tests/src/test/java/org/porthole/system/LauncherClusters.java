package org.porthole.system;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The clusters of a class of tests, each brought up when it is first needed.
final class LauncherClusters implements AutoCloseable {
    private final Path folder;
    private final Map<Boolean, LauncherCluster> clusters = new HashMap<>();

    /// @param folder where they live: of the class, not of each test
    LauncherClusters(Path folder) {
        this.folder = folder;
    }

    /// The one that a launcher starts ranks on.
    LauncherCluster of(LauncherKind kind) {
        return kind.isSlurm() ? withSlurm() : withoutSlurm();
    }

    LauncherCluster withSlurm() {
        return clusters.computeIfAbsent(true, _ -> LauncherCluster.open(folder.resolve("slurm"), true));
    }

    LauncherCluster withoutSlurm() {
        return clusters.computeIfAbsent(false, _ -> LauncherCluster.open(folder.resolve("hosts"), false));
    }

    /// Ends what a test has left.
    void clear() {
        clusters.values().forEach(LauncherCluster::clear);
    }

    @Override
    public void close() {
        clusters.values().forEach(LauncherCluster::close);
    }
}
