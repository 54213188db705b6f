package org.porthole.spi;

/// Moves bytes between this process and its peers. Knows nothing of windows, epochs or ports.
///
/// **Threads.** Any, unless a method says otherwise.
public interface Transport extends AutoCloseable {
    /// What it can do natively.
    ///
    /// @return constant values
    Capabilities capabilities();

    /// What a peer needs to reach this process.
    ///
    /// @return opaque bytes, at most 128
    byte[] address();

    /// Tries whether a peer can be reached.
    ///
    /// @param peerAddress what the peer's transport of the same kind returned from [#address()]
    /// @return the answer, with cause and remedy if it is no
    Reach reach(byte[] peerAddress);

    /// Opens the way to a peer that [#reach(byte[])] has found reachable, and watches over it: when the peer's process ends, the
    /// [FailureListener] is told.
    ///
    /// @param peer        its rank
    /// @param peerAddress its address
    /// @return the endpoint, to be closed
    /// @throws org.porthole.TransportException if the peer has meanwhile become unreachable
    Endpoint connect(int peer, byte[] peerAddress);

    /// Allocates memory of a kind that [#register(Memory, TargetAtomics)] of this transport takes.
    ///
    /// @param byteSize how much, `>= 0`
    /// @param label    what diagnostics call it
    /// @return zeroed, page-aligned memory, to be closed
    /// @throws org.porthole.TransportException if the system refuses it
    /// @throws UnsupportedOperationException   if this transport does not allocate
    Memory allocate(long byteSize, String label);

    /// Makes all of a memory reachable for peers, for everything.
    ///
    /// @param memory  as for [#register(Memory, TargetAtomics, Permit)]
    /// @param atomics carries out atomics and signals that arrive for it
    /// @return the registration, to be closed before the memory is
    /// @throws org.porthole.TransportException if this transport cannot share that memory
    default Registration register(Memory memory, TargetAtomics atomics) {
        return register(memory, atomics, Permit.all(memory.segment().byteSize()));
    }

    /// Makes memory reachable for peers, as far as a permit goes. A memory may be registered several times, with keys and permits of their own.
    ///
    /// Offsets are those of the memory, whatever range is permitted. What the permit does not allow is refused here, whatever a peer's software does,
    /// and the peer's endpoint throws [org.porthole.AccessRefusedException]; signals take [org.porthole.Right#WRITE]. A transport whose peers map
    /// the memory ([Capabilities#loadStore()]) cannot refuse them anything: there the runtime of an honest peer does.
    ///
    /// @param memory  what a transport of this process allocated; or, where [Capabilities#borrows()], any native memory that all threads can reach,
    ///                on whose words nobody sleeps
    /// @param atomics carries out atomics and signals that arrive for it, unless the peers' CPUs or an adapter do
    /// @param permit  what is allowed, in the memory's range
    /// @return the registration, to be closed before the memory is
    /// @throws org.porthole.TransportException if this transport cannot share that memory
    Registration register(Memory memory, TargetAtomics atomics, Permit permit);

    /// A thread begins to wait: until its [#leave(boolean)] it calls [#poll()] again and again.
    ///
    /// **Cost.** No allocation, no system call.
    default void enter() {}

    /// Drives the network from a thread that waits, if this transport needs driving. Never blocks.
    ///
    /// Whoever waits drives the network himself; what the transport has of threads of its own works only when nobody waits.
    ///
    /// **Cost.** No allocation; a system call or two where there are connections, nothing where there are none.
    ///
    /// @return whether something may have come, so that it is worth while to go on; a hint
    default boolean poll() {
        return false;
    }

    /// A thread that has called [#enter()] polls no more: if it is the last, the transport's own threads take over.
    ///
    /// @param sleeps whether it goes to sleep, and needs them at once; otherwise it has what it waited for
    default void leave(boolean sleeps) {}

    /// Ends all registrations that are left, and stops watching peers. Memory is closed by whoever allocated it.
    @Override
    void close();
}
