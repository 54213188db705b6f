package org.porthole.internal.window;

/// Where the locks of one rank's part of a window lie, in a memory of their own beside the data.
///
/// ```
/// 0    int  holder: 0 if free, else the exclusive holder's rank + 1
/// 4    int  how many threads sleep on a word of these locks
/// 128  int  one per rank: 1 while that rank holds the shared lock
/// ```
///
/// Every word names the rank that left it, so that survivors can repair what a dead one held; a bare count could not be.
public final class LockDescriptor {
    static final long HOLDER = 0;
    static final long SLEEPERS = 4;
    private static final long SHARERS = 128;

    private LockDescriptor() {}

    static long sharer(int rank) {
        return SHARERS + (long) rank * Integer.BYTES;
    }

    /// The size of the locks.
    ///
    /// @param size how many ranks the team has
    /// @return bytes, a multiple of 8
    public static long byteSize(int size) {
        return (sharer(size) + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    }
}
