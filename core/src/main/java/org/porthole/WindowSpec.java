package org.porthole;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;

/// What one rank asks for when its team opens a window. Immutable.
///
/// ```java
/// WindowSpec.ofBytes(1 << 20).named("grid").withNotifications(4)
/// ```
///
/// All ranks must agree on everything but the size, and on whose memory it is.
public final class WindowSpec {
    /// Longest name, in characters.
    public static final int MAX_NAME_LENGTH = 64;

    /// Most counters of one window and rank.
    public static final int MAX_NOTIFICATIONS = 1 << 20;

    /// The alignment of memory that a rank brings, in bytes.
    public static final long ALIGNMENT = 8;

    private final long byteSize;
    private final MemorySegment memory;
    private final boolean dynamic;
    private final String name;
    private final int notifications;
    private final boolean bulkAtomics;
    private final ExposurePolicy policy;
    private final boolean adapterAtomics;
    private final Guard guard;
    private final boolean keysPerExposure;

    private WindowSpec(
            long byteSize,
            MemorySegment memory,
            boolean dynamic,
            String name,
            int notifications,
            boolean bulkAtomics,
            ExposurePolicy policy,
            boolean adapterAtomics,
            Guard guard,
            boolean keysPerExposure) {
        this.byteSize = byteSize;
        this.memory = memory;
        this.dynamic = dynamic;
        this.name = name;
        this.notifications = notifications;
        this.bulkAtomics = bulkAtomics;
        this.policy = policy;
        this.adapterAtomics = adapterAtomics;
        this.guard = guard;
        this.keysPerExposure = keysPerExposure;
    }

    /// A window of memory that Porthole allocates, page-aligned and zeroed.
    ///
    /// @param byteSize this rank's share, in bytes; zero is allowed, above 2 GiB too
    /// @return the request
    /// @throws IllegalArgumentException if `byteSize` is negative
    public static WindowSpec ofBytes(long byteSize) {
        if (byteSize < 0) {
            throw new IllegalArgumentException("a window cannot have " + byteSize + " bytes");
        }
        return new WindowSpec(
                byteSize, null, false, "", 0, false, ExposurePolicy.DONT_TOUCH, false, Guard.SCOPE, false);
    }

    /// A window over memory of this rank's own: any native memory, such as a mapped file. Several windows may lie over the same memory, and
    /// other ranks may bring theirs or let Porthole allocate it.
    ///
    /// Its policy is [ExposurePolicy#UNGUARDED], since its scope is not Porthole's to end. It must stay alive until the window is closed.
    /// **Cost.** Between processes of one host each operation is a system call, some 0.5 us, and atomics are carried out by a thread of the
    /// owner, some 50 us: memory that Porthole allocates is 50 to 1000 times faster.
    ///
    /// @param memory native, writable, accessible by all threads, and aligned to [#ALIGNMENT]
    /// @return the request
    /// @throws IllegalArgumentException if it is not
    public static WindowSpec over(MemorySegment memory) {
        return new WindowSpec(
                memory.byteSize(),
                requireShareable(memory),
                false,
                "",
                0,
                false,
                ExposurePolicy.UNGUARDED,
                false,
                Guard.SCOPE,
                false);
    }

    /// A window without memory at first: ranks attach their own while it is open; see [Window#attach(MemorySegment)].
    ///
    /// @return the request
    public static WindowSpec dynamic() {
        return new WindowSpec(0, null, true, "", 0, false, ExposurePolicy.UNGUARDED, false, Guard.SCOPE, false);
    }

    private static MemorySegment requireShareable(MemorySegment memory) {
        String fault = !memory.isNative()
                ? "is on the Java heap, which moves: use an Arena"
                : memory.isReadOnly()
                        ? "is read-only"
                        : !memory.isAccessibleBy(Thread.ofPlatform().unstarted(() -> {}))
                                ? "is confined to a thread: use Arena.ofShared(), ofAuto() or global()"
                                : memory.address() % ALIGNMENT != 0
                                        ? "is not aligned to " + ALIGNMENT + " bytes"
                                        : null;
        if (fault != null) {
            throw new IllegalArgumentException("the memory for a window " + fault + ": " + memory);
        }
        return memory;
    }

    /// The same request under a name.
    ///
    /// @param newName what diagnostics call the window, at most [#MAX_NAME_LENGTH] characters; empty for a number
    /// @return the request
    /// @throws IllegalArgumentException if it is longer
    public WindowSpec named(String newName) {
        Objects.requireNonNull(newName, "newName");
        if (newName.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("window name of " + newName.length() + " characters; at most "
                    + MAX_NAME_LENGTH + " are allowed: " + newName);
        }
        return new WindowSpec(
                byteSize,
                memory,
                dynamic,
                newName,
                notifications,
                bulkAtomics,
                policy,
                adapterAtomics,
                guard,
                keysPerExposure);
    }

    /// The same request with counters for notified puts.
    ///
    /// @param count how many each rank has, `0 <= count <=` [#MAX_NOTIFICATIONS]
    /// @return the request
    /// @throws IllegalArgumentException if `count` is out of range
    public WindowSpec withNotifications(int count) {
        if (count < 0 || count > MAX_NOTIFICATIONS) {
            throw new IllegalArgumentException(
                    "a window with " + count + " notifications; 0 to " + MAX_NOTIFICATIONS + " are possible");
        }
        return new WindowSpec(
                byteSize, memory, dynamic, name, count, bulkAtomics, policy, adapterAtomics, guard, keysPerExposure);
    }

    /// The same request for a window on which much is accumulated: atomics on one rank's part take turns under one lock, which makes long
    /// ones about ten times faster, and short ones slower by a few nanoseconds.
    ///
    /// @return the request
    public WindowSpec withBulkAtomics() {
        requireOneDomain(adapterAtomics);
        return new WindowSpec(
                byteSize, memory, dynamic, name, notifications, true, policy, false, guard, keysPerExposure);
    }

    /// The same request with a promise: of all atomics only [Access#fetchAdd(int, long, long)], [Access#fetchAndOp(int, long, Operator, long)] with
    /// [Operator#SUM] and [Operator#NO_OP], and [Access#compareAndExchange(int, long, long, long)] will be used, and no put changes a word on which
    /// an atomic may be under way. All others are refused, on every transport. Where every rank of the team reaches every other through RDMA adapters
    /// that have atomics these then carry them out, without any CPU of the target; elsewhere it makes no difference.
    ///
    /// @return the request
    /// @throws IllegalStateException if the window is one for bulk atomics, or dynamic, or has keys per exposure
    public WindowSpec withAdapterAtomics() {
        requireOneDomain(bulkAtomics || dynamic);
        requireKeys(keysPerExposure);
        return new WindowSpec(
                byteSize, memory, dynamic, name, notifications, false, policy, true, guard, keysPerExposure);
    }

    private static void requireOneDomain(boolean isOther) {
        if (isOther) {
            throw new IllegalStateException(
                    "a window's atomics are bulk atomics or those of adapters, not both; and a dynamic window's are not those of adapters");
        }
    }

    /// The same request under another policy.
    ///
    /// @param newPolicy who keeps the owner's hands off
    /// @return the request
    /// @throws IllegalArgumentException if the memory is the rank's own, which is always [ExposurePolicy#UNGUARDED]
    public WindowSpec withPolicy(ExposurePolicy newPolicy) {
        Objects.requireNonNull(newPolicy, "newPolicy");
        if ((memory != null || dynamic) && newPolicy != ExposurePolicy.UNGUARDED) {
            throw new IllegalArgumentException("memory that the rank brings is " + ExposurePolicy.UNGUARDED + ", not "
                    + newPolicy + ": its scope is not Porthole's to end");
        }
        return new WindowSpec(
                byteSize,
                memory,
                dynamic,
                name,
                notifications,
                bulkAtomics,
                newPolicy,
                adapterAtomics,
                guard,
                keysPerExposure);
    }

    /// The same request with another guard for [ExposurePolicy#DONT_TOUCH]; the other policies need none.
    ///
    /// @param newGuard what keeps the owner's hands off
    /// @return the request
    public WindowSpec withGuard(Guard newGuard) {
        return new WindowSpec(
                byteSize,
                memory,
                dynamic,
                name,
                notifications,
                bulkAtomics,
                policy,
                adapterAtomics,
                Objects.requireNonNull(newGuard, "newGuard"),
                keysPerExposure);
    }

    /// The same request for a window whose rights targets enforce: no rank gets a key of the parts when it opens. Each exposure to a group
    /// ([Window#post(ExposureSpec)]), lease and right to the window makes keys of its own, good for what it allows, which die at its end. So a target
    /// that is reached through a network (or through an adapter) refuses all else itself, whatever a peer's software does; where peers map the memory,
    /// the origin's runtime alone does, as ever.
    ///
    /// What exposes parts to all is refused: fences, exchanges and locks, but for the lock on the rank's own part.
    ///
    /// **Cost.** Over a network a registration per exposure and different grant, a round trip per target when an access starts, and one when it ends.
    ///
    /// @return the request
    /// @throws IllegalStateException if the memory is the rank's own, or the window is dynamic or for adapters' atomics
    public WindowSpec withKeysPerExposure() {
        requireKeys(memory != null || dynamic || adapterAtomics);
        return new WindowSpec(
                byteSize, memory, dynamic, name, notifications, bulkAtomics, policy, adapterAtomics, guard, true);
    }

    private static void requireKeys(boolean isOther) {
        if (isOther) {
            throw new IllegalStateException("a window with keys per exposure has memory that Porthole allocates when it"
                    + " opens, and atomics that are not those of adapters");
        }
    }

    /// How much memory this rank exposes.
    ///
    /// @return bytes, `>= 0`
    public long byteSize() {
        return byteSize;
    }

    /// This rank's own memory.
    ///
    /// @return what [#over(MemorySegment)] was given; empty if Porthole allocates
    public Optional<MemorySegment> memory() {
        return Optional.ofNullable(memory);
    }

    /// Whether memory is attached later.
    ///
    /// @return true after [#dynamic()]
    public boolean isDynamic() {
        return dynamic;
    }

    /// What diagnostics call the window.
    ///
    /// @return the name; empty for a number
    public String name() {
        return name;
    }

    /// How many counters each rank has.
    ///
    /// @return 0 unless [#withNotifications(int)] was called
    public int notifications() {
        return notifications;
    }

    /// Whether all atomics on a rank's part take turns.
    ///
    /// @return true after [#withBulkAtomics()]
    public boolean bulkAtomics() {
        return bulkAtomics;
    }

    /// Whether atomics are limited to what adapters can do.
    ///
    /// @return true after [#withAdapterAtomics()]
    public boolean adapterAtomics() {
        return adapterAtomics;
    }

    /// Who keeps the owner's hands off.
    ///
    /// @return [ExposurePolicy#DONT_TOUCH] unless chosen otherwise, or the memory is the rank's own
    public ExposurePolicy policy() {
        return policy;
    }

    /// What keeps the owner's hands off under [ExposurePolicy#DONT_TOUCH].
    ///
    /// @return [Guard#SCOPE] unless chosen otherwise
    public Guard guard() {
        return guard;
    }

    /// Whether each exposure has keys of its own.
    ///
    /// @return true after [#withKeysPerExposure()]
    public boolean keysPerExposure() {
        return keysPerExposure;
    }

    @Override
    public String toString() {
        return "WindowSpec[" + (name.isEmpty() ? "" : "\"" + name + "\", ")
                + (dynamic ? "dynamic" : byteSize + " bytes")
                + (memory == null ? "" : " of its own") + ", " + notifications + " notifications, "
                + (adapterAtomics ? "adapter" : bulkAtomics ? "bulk" : "single") + " atomics, " + policy
                + (policy == ExposurePolicy.DONT_TOUCH && guard != Guard.SCOPE ? " guarded by " + guard : "")
                + (keysPerExposure ? ", keys per exposure" : "") + "]";
    }
}
