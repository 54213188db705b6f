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
import java.util.ArrayList;
import java.util.List;

/// Several work requests of one kind that are posted at once. A call is built for a number of requests and cannot post fewer; so there is one for each
/// power of two, built when it is first needed.
///
/// **Threads.** One at a time.
final class RdmaChain {
    /// Most requests posted at once.
    static final int MOST = 32;

    private static final int FEWEST = 2;

    private final SVCPostSend call;
    private final SendWRMod[] requests;
    private final RdmaMod[] remotes;
    private final SgeMod[] pieces;

    /// The chains of one kind of work on one queue pair.
    static final class Chains {
        private final RdmaVerbs verbs;
        private final IbvQP qp;
        private final int opcode;
        private final RdmaChain[] ofPower = new RdmaChain[Integer.numberOfTrailingZeros(MOST) + 1];

        /// @param opcode one of [IbvSendWR]
        Chains(RdmaVerbs verbs, IbvQP qp, int opcode) {
            this.verbs = verbs;
            this.qp = qp;
            this.opcode = opcode;
        }

        /// The longest that is not too long.
        ///
        /// @param most how many requests there are, at least 2
        RdmaChain of(int most) throws IOException {
            int power = 31 - Integer.numberOfLeadingZeros(Math.min(most, MOST));
            if (ofPower[power] == null) {
                ofPower[power] = new RdmaChain(verbs, qp, opcode, 1 << power);
            }
            return ofPower[power];
        }

        void free() {
            for (RdmaChain each : ofPower) {
                if (each != null) {
                    SVCPostSend ignored = each.call.free();
                }
            }
        }
    }

    private RdmaChain(RdmaVerbs verbs, IbvQP qp, int opcode, int length) throws IOException {
        List<IbvSendWR> built = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            IbvSendWR request = new IbvSendWR();
            request.setOpcode(opcode);
            request.getSg_list().add(new IbvSge());
            request.setNum_sge(1);
            built.add(request);
        }
        call = verbs.postSend(qp, built, List.of());
        requests = new SendWRMod[length];
        remotes = new RdmaMod[length];
        pieces = new SgeMod[length];
        for (int i = 0; i < length; i++) {
            requests[i] = call.getWrMod(i);
            remotes[i] = requests[i].getRdmaMod();
            pieces[i] = requests[i].getSgeMod(0);
        }
    }

    /// Whether so many requests are worth a chain.
    static boolean isFor(int count) {
        return count >= FEWEST;
    }

    int length() {
        return requests.length;
    }

    /// Sets one of the requests.
    ///
    /// @param address where the bytes are, or go
    /// @param key     the adapter's key for that memory
    void set(int index, long number, int flags, long address, int length, int key, long there, int remoteKey) {
        requests[index].setWr_id(number);
        requests[index].setSend_flags(flags);
        pieces[index].setAddr(address);
        pieces[index].setLength(length);
        pieces[index].setLkey(key);
        remotes[index].setRemote_addr(there);
        remotes[index].setRkey(remoteKey);
    }

    /// Posts them all, in order.
    void post() throws IOException {
        SVCPostSend ignored = call.execute();
    }
}
