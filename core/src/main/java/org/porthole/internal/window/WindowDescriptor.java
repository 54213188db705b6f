package org.porthole.internal.window;

/// Where things lie in the control memory of one rank's part of a window, a memory of its own beside the data.
///
/// ```
/// 0    long  holder of the lock: 0 if free, else the exclusive holder's rank + 1
/// 8    int   how many threads sleep on a word of this memory
/// 16   long  how often a rank has exchanged the memory of its part, as far as this one has been told
/// 64   int   turn of the atomics: 0 if free, else the rank + 1 whose turn it is (windows for bulk atomics only)
/// 128  long  one per rank: 1 while that rank holds the shared lock
/// then lines of 64 bytes, one per rank, written by that rank alone:
///        +0  long  how often it has posted its exposure to this rank, times 2; plus 1 if the last one does not allow everything
///        +8  long  how often it has completed its access to this rank
///        +16 long  what the last post allows: the bits of the rights
///        +24 long  from which byte on
///        +32 long  and up to which
///        +40 long  where its part lies now: in which of its memories, 0 or 1; plus 2 times how often the first has moved; plus 2^32 times how
///                  often the second has
/// then a line of 64 bytes:
///        +0  int   bell: raised when a counter is raised while somebody sleeps
/// then long  one per counter of notified puts
/// then three entries of 512 bytes: keys of the leases' memory, and of where each of the part's memories has moved to
///        +0  long  how many bytes of keys follow; 0 if there are none yet
///        +8  the keys of all transports
/// then, for a dynamic window, 256 entries of 512 bytes, one per attached memory:
///        +0  long  its id, stored last; 0 if there is none
///        +8  long  its size in bytes
///        +16 int   how many bytes of keys follow
///        +24 the keys of all transports
/// or, in a window with keys per exposure, an entry of 512 bytes per rank, written by that rank alone: keys of what its last post allows this one
///        +0  long  how many bytes of keys follow
///        +8  the keys of the transports that carry out operations there
/// ```
///
/// Lock words have eight bytes so that a signal can free them, and only their low halves change. They name the rank that left them, so that survivors can repair what a dead one held; a bare count could not be.
public final class WindowDescriptor {
    static final long HOLDER = 0;
    static final long SLEEPERS = 8;
    static final long CHANGES = 16;
    static final long TURN = 64;
    private static final long SHARERS = 128;
    private static final long LINE = 64;

    /// An entry of keys.
    static final int KEYS = 512;

    private static final int KEY_ENTRIES = 3;

    /// How many bits of a word that counts posts say something else.
    static final int POSTED_BITS = 1;

    /// Most memories attached to one rank's part at a time.
    static final int ATTACHMENTS = 256;

    static final long ATTACHMENT_LENGTH = 8;
    static final long ATTACHMENT_KEYS_LENGTH = 16;
    static final long ATTACHMENT_KEYS = 24;
    static final long ATTACHMENT = 512;

    private final long lines;
    private final long bell;
    private final long keys;
    private final long attachments;
    private final long byteSize;

    /// The descriptor of a window.
    ///
    /// @param size          how many ranks the team has
    /// @param notifications how many counters each rank has
    /// @param dynamic       whether memory can be attached
    /// @param keyed         whether exposures have keys of their own; not both
    public WindowDescriptor(int size, int notifications, boolean dynamic, boolean keyed) {
        lines = (sharer(size) + LINE - 1) / LINE * LINE;
        bell = lines + size * LINE;
        keys = bell + LINE + (long) notifications * Long.BYTES;
        attachments = keys + KEY_ENTRIES * KEYS;
        byteSize = attachments + (dynamic ? ATTACHMENTS * ATTACHMENT : keyed ? (long) size * KEYS : 0);
    }

    static long sharer(int rank) {
        return SHARERS + (long) rank * Long.BYTES;
    }

    long posted(int by) {
        return lines + by * LINE;
    }

    long completed(int by) {
        return lines + by * LINE + Long.BYTES;
    }

    /// What a rank's last post allows.
    long permit(int by) {
        return lines + by * LINE + 2 * Long.BYTES;
    }

    /// Where a rank's part lies.
    long part(int of) {
        return lines + of * LINE + 5 * Long.BYTES;
    }

    long bell() {
        return bell;
    }

    long notification(int id) {
        return bell + LINE + (long) id * Long.BYTES;
    }

    long leaseKeys() {
        return keys;
    }

    long movedKeys(int side) {
        return keys + (1L + side) * KEYS;
    }

    /// Keys of what a rank's last post allows.
    long exposureKeys(int by) {
        return attachments + (long) by * KEYS;
    }

    long attachment(int slot) {
        return attachments + slot * ATTACHMENT;
    }

    /// The size of the control memory.
    ///
    /// @return bytes, a multiple of 8
    public long byteSize() {
        return byteSize;
    }
}
