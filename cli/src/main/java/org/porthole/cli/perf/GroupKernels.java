package org.porthole.cli.perf;

import org.porthole.Window;

/// The loops of group epochs between ranks 0 and 1; the others take no part.
///
/// @param window in no epoch of this rank
/// @param rank   this rank
record GroupKernels(Window window, int rank) {
    /// Rank 0 starts and completes, rank 1 posts and waits.
    void group(int n) {
        if (rank == 0) {
            for (int i = 0; i < n; i++) {
                window.start(1).close();
            }
        } else if (rank == 1) {
            for (int i = 0; i < n; i++) {
                window.post(0).close();
            }
        }
    }
}
