package org.porthole.internal.window;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.function.Function;
import org.porthole.internal.route.Routes;
import org.porthole.internal.route.Target;
import org.porthole.spi.Memory;
import org.porthole.spi.Permit;
import org.porthole.spi.Registration;
import org.porthole.spi.TargetAtomics;

/// Memory of this rank that the team reaches, with the targets of the same kind at all ranks: a window's data, or its locks.
///
/// **Threads.** One while opening and closing.
public final class SharedPart implements AutoCloseable {
    private final Memory memory;
    private final Map<String, Registration> registrations;
    private Target[] targets = {};

    private SharedPart(Memory memory, Map<String, Registration> registrations) {
        this.memory = memory;
        this.registrations = registrations;
    }

    /// Allocates and registers memory.
    ///
    /// @param routes   the ways to the peers
    /// @param byteSize how much
    /// @param label    what diagnostics call it
    /// @param atomics  makes what carries out atomics that arrive for the memory
    /// @return the part, without targets
    public static SharedPart allocate(
            Routes routes, long byteSize, String label, Function<Memory, TargetAtomics> atomics) {
        return registered(routes, byteSize, label, memory -> routes.register(memory, atomics.apply(memory)));
    }

    /// Allocates memory, of which those alone get a key who map it.
    ///
    /// @param routes   the ways to the peers
    /// @param byteSize how much
    /// @param label    what diagnostics call it
    /// @param atomics  makes what carries out atomics that arrive for the memory
    /// @return the part, without targets
    static SharedPart allocateMapped(
            Routes routes, long byteSize, String label, Function<Memory, TargetAtomics> atomics) {
        return registered(routes, byteSize, label, memory -> routes.registerMapped(memory, atomics.apply(memory)));
    }

    private static SharedPart registered(
            Routes routes, long byteSize, String label, Function<Memory, Map<String, Registration>> register) {
        Memory memory = routes.allocate(byteSize, label);
        try {
            return new SharedPart(memory, register.apply(memory));
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    /// Registers memory that a rank brought.
    ///
    /// @param routes  the ways to the peers
    /// @param memory  the memory
    /// @param atomics carries out what arrives for it
    /// @return the part, without targets
    static SharedPart over(Routes routes, Memory memory, TargetAtomics atomics) {
        return new SharedPart(memory, routes.registerBorrowed(memory, atomics));
    }

    /// Registers memory of the program's for a while.
    ///
    /// @param routes the ways to the peers
    /// @param memory native memory that all threads can reach
    /// @return the part, without targets
    /// @throws org.porthole.TransportException if a transport in use does not take it
    public static SharedPart borrow(Routes routes, MemorySegment memory) {
        Memory borrowed = new BorrowedMemory(memory);
        return over(routes, borrowed, TargetAtomics.of(borrowed));
    }

    /// This rank's memory.
    ///
    /// @return the memory
    public Memory memory() {
        return memory;
    }

    /// What the peers need to attach.
    ///
    /// @return the keys of all transports
    public byte[] keys() {
        return Routes.keys(registrations);
    }

    /// Takes over targets that are being attached; they are closed with this object.
    ///
    /// @param attached one per rank, filled by the caller
    public void adopt(Target[] attached) {
        targets = attached;
    }

    Target[] targets() {
        return targets;
    }

    /// Registers the memory once more, as far as a permit goes.
    Map<String, Registration> register(Routes routes, Permit permit, TargetAtomics atomics, boolean all) {
        return routes.register(memory, atomics, permit, all);
    }

    /// Gives the targets to another part.
    Target[] release() {
        Target[] released = targets;
        targets = new Target[0];
        return released;
    }

    @Override
    public void close() {
        for (Target target : targets) {
            if (target != null) {
                target.close();
            }
        }
        registrations.values().forEach(Registration::close);
        memory.close();
    }
}
