package org.porthole.transport.rdma;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCPollCq;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.porthole.transport.rdma.FfmObjects.Cq;

/// Takes completions. Of each the fields are filled in that mean something on reliable connections.
final class FfmPollCq extends SVCPollCq {
    private final Cq cq;
    private final IbvWC[] completions;
    private final int most;
    private final MemorySegment taken;
    private int count;
    private boolean valid = true;

    FfmPollCq(Cq cq, IbvWC[] completions, int most) {
        this.cq = cq;
        this.completions = completions;
        this.most = most;
        taken = Arena.ofAuto().allocate((long) RdmaNative.WC * most, Long.BYTES);
    }

    @Override
    public SVCPollCq execute() throws IOException {
        count = 0;
        int found = RdmaNative.pollCq(cq.device.poll, cq.address, most, taken.address());
        if (found < 0) {
            throw new IOException("the device does not tell what is complete");
        }
        for (int i = 0; i < found; i++) {
            fill(completions[i], (long) i * RdmaNative.WC);
        }
        count = found;
        return this;
    }

    private void fill(IbvWC completion, long at) {
        completion.setWr_id(taken.get(JAVA_LONG, at));
        completion.setStatus(taken.get(JAVA_INT, at + RdmaNative.WC_STATUS));
        completion.setOpcode(taken.get(JAVA_INT, at + RdmaNative.WC_OPCODE));
        completion.setVendor_err(taken.get(JAVA_INT, at + RdmaNative.WC_VENDOR_ERROR));
        completion.setByte_len(taken.get(JAVA_INT, at + RdmaNative.WC_BYTE_LENGTH));
        completion.setImm_data(taken.get(JAVA_INT, at + RdmaNative.WC_IMMEDIATE));
        completion.setQp_num(taken.get(JAVA_INT, at + RdmaNative.WC_QP_NUMBER));
        completion.setWc_flags(taken.get(JAVA_INT, at + RdmaNative.WC_FLAGS));
    }

    @Override
    public int getPolls() {
        return count;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public SVCPollCq free() {
        valid = false;
        return this;
    }
}
