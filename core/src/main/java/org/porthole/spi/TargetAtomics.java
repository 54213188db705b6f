package org.porthole.spi;

import java.lang.foreign.MemorySegment;
import org.porthole.DataType;
import org.porthole.Operator;

/// What the runtime does at the target, on registered memory, with atomics and signals that arrive for it. A transport whose operations are
/// carried out by the target's CPU hands them here, so that they are atomic to those of peers that map the memory.
///
/// Offsets are in bytes from the memory's start; the transport has checked that the range lies in it and that it is aligned to the element.
///
/// **Threads.** Any.  **Cost.** No allocation; may wait briefly for another operation on the same memory.
public interface TargetAtomics {
    /// Stands for atomics that adapters carry out: sums and exchanges of 8 bytes, atomic to each other if all come through adapters. The target's
    /// CPU does none.
    TargetAtomics BY_ADAPTER = new AdapterAtomics();

    /// Atomics by the CPU's own instructions, element by element.
    ///
    /// @param memory the registered memory
    /// @return its atomics
    static TargetAtomics of(Memory memory) {
        return new LoadStoreAtomics(memory);
    }

    /// Replaces an integer by `op` of itself and `operand`.
    ///
    /// @param type    [DataType#INT] or [DataType#LONG]
    /// @param offset  the integer's offset
    /// @param op      what to do
    /// @param operand the operand; for `INT` its low half
    /// @return the value before, sign-extended
    long fetchAndOp(DataType type, long offset, Operator op, long operand);

    /// Replaces an integer if it has the expected value.
    ///
    /// @param type     [DataType#INT] or [DataType#LONG]
    /// @param offset   the integer's offset
    /// @param expected what must be there; for `INT` its low half
    /// @param value    what to store; for `INT` its low half
    /// @return the value before, sign-extended
    long compareAndExchange(DataType type, long offset, long expected, long value);

    /// Combines elements with operands one by one; stores the elements before, if asked for.
    ///
    /// @param type          the elements' type
    /// @param offset        the first element's offset
    /// @param op            what to do
    /// @param operands      where the operands are, at any alignment
    /// @param operandOffset the first operand's offset there
    /// @param length        how many bytes, a multiple of the element's size
    /// @param result        receives the elements before; null if they are not wanted
    /// @param resultOffset  where in it
    void accumulate(
            DataType type,
            long offset,
            Operator op,
            MemorySegment operands,
            long operandOffset,
            long length,
            MemorySegment result,
            long resultOffset);

    /// Changes a 64-bit word after everything that was stored before, and wakes whoever sleeps for it.
    ///
    /// @param offset the word's offset
    /// @param kind   what to do
    /// @param value  the operand
    void signal(long offset, SignalKind kind, long value);
}
