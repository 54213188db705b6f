package org.porthole.cli.perf;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// What put and get bandwidth are compared with: copies by this process alone, from the same source, to the same slots, over memory of the
/// same kind.
final class CopyKernels {
    private final MemorySegment memory;
    private final MemorySegment local;
    private final long size;
    private final long[] slots;

    /// Prepares the loops.
    ///
    /// @param memory stands for the target's part: [Slots#WINDOW] bytes of a window that nobody else reaches
    /// @param local  [Slots#WINDOW] bytes, those that put and get use
    /// @param size   bytes per copy
    CopyKernels(MemorySegment memory, MemorySegment local, long size) {
        this.memory = memory;
        this.local = local;
        this.size = size;
        slots = Slots.offsets(size);
    }

    /// Both of them, for warming up.
    List<Kernel> all() {
        return List.of(this::asPut, this::asGet);
    }

    /// One source, rotating slots, as [AccessKernels#putMany(int)].
    void asPut(int n) {
        for (int i = 0; i < n; i += Slots.OUTSTANDING) {
            for (int j = 0; j < Slots.OUTSTANDING; j++) {
                MemorySegment.copy(local, 0, memory, slots[j], size);
            }
        }
    }

    /// Rotating slots on both sides, as [AccessKernels#getMany(int)].
    void asGet(int n) {
        for (int i = 0; i < n; i += Slots.OUTSTANDING) {
            for (int j = 0; j < Slots.OUTSTANDING; j++) {
                MemorySegment.copy(memory, slots[j], local, slots[j], size);
            }
        }
    }
}
