package org.porthole.transport.rdma;

import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.RdmaVerbs;
import com.ibm.disni.verbs.SVCPostSend;
import com.ibm.disni.verbs.SVCPostSend.RdmaMod;
import com.ibm.disni.verbs.SVCPostSend.SendWRMod;
import com.ibm.disni.verbs.SVCPostSend.SgeMod;
import java.io.IOException;
import java.util.List;
import org.porthole.transport.rdma.RdmaExtension.AtomicMod;

/// A work request of one kind on one queue pair: built once, and patched for each operation.
///
/// **Threads.** One at a time.
final class RdmaWork {
    private final SVCPostSend call;
    private final SendWRMod request;
    private final RdmaMod remote;
    private final SgeMod piece;
    private AtomicMod atomic;

    /// @param opcode one of [IbvSendWR]
    /// @param hasPiece whether it carries bytes
    RdmaWork(RdmaVerbs verbs, IbvQP qp, int opcode, boolean hasPiece) throws IOException {
        IbvSendWR built = new IbvSendWR();
        built.setOpcode(opcode);
        if (hasPiece) {
            built.getSg_list().add(new IbvSge());
            built.setNum_sge(1);
        }
        call = verbs.postSend(qp, List.of(built), List.of());
        request = call.getWrMod(0);
        remote = request.getRdmaMod();
        piece = hasPiece ? request.getSgeMod(0) : null;
    }

    /// Posts it with bytes.
    ///
    /// @param address where the bytes are, or go
    /// @param key     the adapter's key for that memory
    void post(long number, int flags, long address, int length, int key, long there, int remoteKey) throws IOException {
        piece.setAddr(address);
        piece.setLength(length);
        piece.setLkey(key);
        post(number, flags, there, remoteKey);
    }

    /// Posts an atomic, whose answer is 8 bytes.
    void post(
            long number,
            int flags,
            long address,
            int key,
            RdmaExtension extension,
            long there,
            int remoteKey,
            long compareOrAdd,
            long swap)
            throws IOException {
        if (atomic == null) {
            atomic = extension.atomicMod(call, 0);
        }
        piece.setAddr(address);
        piece.setLength(Long.BYTES);
        piece.setLkey(key);
        request.setWr_id(number);
        request.setSend_flags(flags);
        atomic.setRemote_addr(there);
        atomic.setRkey(remoteKey);
        atomic.setCompare_add(compareOrAdd);
        atomic.setSwap(swap);
        SVCPostSend ignored = call.execute();
    }

    /// Posts it without bytes, or with those that it had.
    void post(long number, int flags, long there, int remoteKey) throws IOException {
        request.setWr_id(number);
        request.setSend_flags(flags);
        remote.setRemote_addr(there);
        remote.setRkey(remoteKey);
        SVCPostSend ignored = call.execute();
    }

    void free() {
        SVCPostSend ignored = call.free();
    }
}
