package org.porthole.spi;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/// Memory of this process that peers can be given access to, and on whose words threads can sleep.
///
/// Its segment has a shared scope: it can be used by all threads until [#close()].
public interface Memory extends AutoCloseable {
    /// The memory.
    ///
    /// @return native memory, page-aligned and zeroed when allocated, accessible by all threads
    MemorySegment segment();

    /// Sleeps while the 32-bit word at `offset` holds `expected`, until a peer calls [#unpark(long)] for it or the time is over. May return
    /// early for no reason.
    ///
    /// **Threads.** Platform threads only: it may block the carrier.
    ///
    /// @param offset    the word's offset in bytes, a multiple of 4
    /// @param expected  the value to sleep on, in the host's byte order
    /// @param timeoutNs longest sleep, in nanoseconds, `> 0`
    void park(long offset, int expected, long timeoutNs);

    /// Whether [#park] makes every earlier store of every thread that could wake it visible before it looks at the word. A thread that stores a
    /// word and then looks whether anybody sleeps needs no fence in between if so, and a full one if not.
    ///
    /// @return true if parking pays for the fence
    boolean isParkFencing();

    /// Makes what every thread that maps this memory has stored before visible to this one, though those threads have not fenced. Where
    /// [#isParkFencing()] says no they have, and there is nothing to do.
    ///
    /// @return false if the system refuses: then nobody can know what is still on its way
    default boolean fencePeers() {
        VarHandle.fullFence();
        return true;
    }

    /// Wakes every thread, in any process, that sleeps on the word at `offset` of this memory.
    ///
    /// @param offset the word's offset in bytes, a multiple of 4
    void unpark(long offset);

    /// A second mapping of this memory, to be closed before it.
    ///
    /// @param label what crash reports call it while it shows nothing
    /// @return the mapping, which shows nothing yet; empty if this memory has none
    /// @throws org.porthole.TransportException if the system refuses
    default Optional<PageGuard> guard(String label) {
        return Optional.empty();
    }

    /// Frees or unmaps the memory: every later access through its segment throws, in all threads. Closing it again does nothing.
    @Override
    void close();
}
