package org.porthole.transport.rdma;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.SVCPostSend;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.porthole.transport.rdma.FfmObjects.Qp;
import org.porthole.transport.rdma.RdmaExtension.AtomicMod;

/// Posts sends, writes, reads and atomics, built once as structures of C and patched there.
///
/// **Threads.** One at a time patches and executes.
final class FfmPostSend extends SVCPostSend {
    private final Qp qp;
    private final Request[] requests;
    private final MemorySegment memory;
    private final long bad;
    private boolean valid = true;

    FfmPostSend(Qp qp, List<IbvSendWR> given) {
        this.qp = qp;
        requests = new Request[given.size()];
        int sges = given.stream().mapToInt(each -> each.getSg_list().size()).sum();
        long sgeAt = (long) given.size() * RdmaNative.SEND_WR;
        long badAt = sgeAt + (long) sges * RdmaNative.SGE;
        memory = Arena.ofAuto().allocate(badAt + Long.BYTES, Long.BYTES);
        bad = memory.address() + badAt;
        for (int i = 0; i < requests.length; i++) {
            long at = (long) i * RdmaNative.SEND_WR;
            boolean last = i + 1 == requests.length;
            memory.set(JAVA_LONG, at + Long.BYTES, last ? 0 : memory.address() + at + RdmaNative.SEND_WR);
            memory.set(JAVA_LONG, at + RdmaNative.SEND_WR_SGE, memory.address() + sgeAt);
            requests[i] = new Request(at, sgeAt, given.get(i));
            sgeAt += (long) given.get(i).getSg_list().size() * RdmaNative.SGE;
        }
    }

    @Override
    public SVCPostSend execute() throws IOException {
        if (!qp.isOpen()) {
            throw new IOException("the queue pair is closed");
        }
        int error = RdmaNative.post(qp.device.postSend, qp.address, memory.address(), bad);
        if (error != 0) {
            throw new IOException("the device takes no work: " + RdmaSystemNative.words(error));
        }
        return this;
    }

    @Override
    public SendWRMod getWrMod(int index) {
        return requests[index];
    }

    AtomicMod atomicMod(int index) {
        return requests[index].atomic;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public SVCPostSend free() {
        valid = false;
        return this;
    }

    /// One work request.
    private final class Request implements SendWRMod, RdmaMod {
        private final long at;
        private final Piece[] pieces;
        private final Atomic atomic;

        Request(long at, long sgeAt, IbvSendWR given) {
            this.at = at;
            pieces = new Piece[given.getSg_list().size()];
            atomic = new Atomic(at);
            setWr_id(given.getWr_id());
            memory.set(JAVA_INT, at + RdmaNative.SEND_WR_SGES, pieces.length);
            memory.set(JAVA_INT, at + RdmaNative.SEND_WR_OPCODE, given.getOpcode());
            setSend_flags(given.getSend_flags());
            memory.set(JAVA_INT, at + RdmaNative.SEND_WR_IMMEDIATE, given.getImm_data());
            setRemote_addr(given.getRdma().getRemote_addr());
            setRkey(given.getRdma().getRkey());
            for (int i = 0; i < pieces.length; i++) {
                pieces[i] = new Piece(sgeAt + (long) i * RdmaNative.SGE, given.getSge(i));
            }
        }

        @Override
        public void setWr_id(long number) {
            memory.set(JAVA_LONG, at, number);
        }

        @Override
        public long getWr_id() {
            return memory.get(JAVA_LONG, at);
        }

        @Override
        public void setSend_flags(int flags) {
            memory.set(JAVA_INT, at + RdmaNative.SEND_WR_FLAGS, flags);
        }

        @Override
        public int getSend_flags() {
            return memory.get(JAVA_INT, at + RdmaNative.SEND_WR_FLAGS);
        }

        @Override
        public int getNum_sge() {
            return pieces.length;
        }

        @Override
        public int getOpcode() {
            return memory.get(JAVA_INT, at + RdmaNative.SEND_WR_OPCODE);
        }

        @Override
        public RdmaMod getRdmaMod() {
            return this;
        }

        @Override
        public SgeMod getSgeMod(int index) {
            return pieces[index];
        }

        @Override
        public void setRemote_addr(long address) {
            memory.set(JAVA_LONG, at + RdmaNative.SEND_WR_REMOTE_ADDRESS, address);
        }

        @Override
        public long getRemote_addr() {
            return memory.get(JAVA_LONG, at + RdmaNative.SEND_WR_REMOTE_ADDRESS);
        }

        @Override
        public void setRkey(int key) {
            memory.set(JAVA_INT, at + RdmaNative.SEND_WR_REMOTE_KEY, key);
        }

        @Override
        public int getRkey() {
            return memory.get(JAVA_INT, at + RdmaNative.SEND_WR_REMOTE_KEY);
        }

        /// The structure has no such field.
        @Override
        public void setReserved(int reserved) {}

        @Override
        public int getReserved() {
            return 0;
        }
    }

    /// A piece of memory of a work request.
    private final class Piece implements SgeMod {
        private final long at;

        Piece(long at, IbvSge given) {
            this.at = at;
            setAddr(given.getAddr());
            setLength(given.getLength());
            setLkey(given.getLkey());
        }

        @Override
        public void setAddr(long address) {
            memory.set(JAVA_LONG, at, address);
        }

        @Override
        public long getAddr() {
            return memory.get(JAVA_LONG, at);
        }

        @Override
        public void setLength(int length) {
            memory.set(JAVA_INT, at + RdmaNative.SGE_LENGTH, length);
        }

        @Override
        public int getLength() {
            return memory.get(JAVA_INT, at + RdmaNative.SGE_LENGTH);
        }

        @Override
        public void setLkey(int key) {
            memory.set(JAVA_INT, at + RdmaNative.SGE_KEY, key);
        }

        @Override
        public int getLkey() {
            return memory.get(JAVA_INT, at + RdmaNative.SGE_KEY);
        }
    }

    /// The other member of the union that holds [RdmaMod]: its key lies elsewhere.
    private final class Atomic implements AtomicMod {
        private final long at;

        Atomic(long at) {
            this.at = at;
        }

        @Override
        public void setRemote_addr(long address) {
            memory.set(JAVA_LONG, at + RdmaNative.SEND_WR_REMOTE_ADDRESS, address);
        }

        @Override
        public void setCompare_add(long value) {
            memory.set(JAVA_LONG, at + RdmaNative.SEND_WR_COMPARE_ADD, value);
        }

        @Override
        public void setSwap(long value) {
            memory.set(JAVA_LONG, at + RdmaNative.SEND_WR_SWAP, value);
        }

        @Override
        public void setRkey(int key) {
            memory.set(JAVA_INT, at + RdmaNative.SEND_WR_ATOMIC_KEY, key);
        }
    }
}
