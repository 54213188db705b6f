package org.porthole.transport.rdma;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.SVCPostRecv;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.porthole.transport.rdma.FfmObjects.Qp;

/// Posts receives, built once as structures of C.
final class FfmPostRecv extends SVCPostRecv {
    private final Qp qp;
    private final long[] numbers;
    private final MemorySegment memory;
    private final long bad;
    private boolean valid = true;

    FfmPostRecv(Qp qp, List<IbvRecvWR> requests) {
        this.qp = qp;
        numbers = new long[requests.size()];
        int sges = requests.stream().mapToInt(each -> each.getSg_list().size()).sum();
        long sgeAt = (long) requests.size() * RdmaNative.RECEIVE_WR;
        long badAt = sgeAt + (long) sges * RdmaNative.SGE;
        memory = Arena.ofAuto().allocate(badAt + Long.BYTES, Long.BYTES);
        bad = memory.address() + badAt;
        for (int i = 0; i < numbers.length; i++) {
            IbvRecvWR each = requests.get(i);
            long at = (long) i * RdmaNative.RECEIVE_WR;
            numbers[i] = each.getWr_id();
            memory.set(JAVA_LONG, at, each.getWr_id());
            memory.set(
                    JAVA_LONG,
                    at + Long.BYTES,
                    i + 1 < numbers.length ? memory.address() + at + RdmaNative.RECEIVE_WR : 0);
            memory.set(JAVA_LONG, at + RdmaNative.RECEIVE_WR_SGE, memory.address() + sgeAt);
            memory.set(
                    JAVA_INT, at + RdmaNative.RECEIVE_WR_SGES, each.getSg_list().size());
            for (IbvSge sge : each.getSg_list()) {
                memory.set(JAVA_LONG, sgeAt, sge.getAddr());
                memory.set(JAVA_INT, sgeAt + RdmaNative.SGE_LENGTH, sge.getLength());
                memory.set(JAVA_INT, sgeAt + RdmaNative.SGE_KEY, sge.getLkey());
                sgeAt += RdmaNative.SGE;
            }
        }
    }

    @Override
    public SVCPostRecv execute() throws IOException {
        if (!qp.isOpen()) {
            throw new IOException("the queue pair is closed");
        }
        int error = RdmaNative.post(qp.device.postReceive, qp.address, memory.address(), bad);
        if (error != 0) {
            throw new IOException("the device takes no receive: " + RdmaSystemNative.words(error));
        }
        return this;
    }

    @Override
    public RecvWRMod getWrMod(int index) {
        long number = numbers[index];
        return () -> number;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public SVCPostRecv free() {
        valid = false;
        return this;
    }
}
