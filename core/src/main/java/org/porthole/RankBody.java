package org.porthole;

/// What one rank of [Job#runLocal(int, RankBody)] does.
@FunctionalInterface
public interface RankBody {
    /// Runs as one rank.
    ///
    /// @param job this rank's job; closed by the caller after the body has returned
    /// @throws Exception whatever it likes: the other ranks then see this rank fail
    void run(Job job) throws Exception;
}
