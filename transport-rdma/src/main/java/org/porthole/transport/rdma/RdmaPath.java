package org.porthole.transport.rdma;

import java.nio.ByteBuffer;

/// One end of a pair of queue pairs, as the other must know it.
///
/// @param qpNumber the queue pair
/// @param psn      the number of its first packet
/// @param lid      the port's local identifier on InfiniBand; 0 on Ethernet
/// @param mtu      the largest packet, as `enum ibv_mtu`
/// @param isGlobal whether packets are addressed by the GID
/// @param gid      16 bytes
@SuppressWarnings("ArrayRecordComponent") // never compared
record RdmaPath(int qpNumber, int psn, int lid, int mtu, boolean isGlobal, byte[] gid) {
    static final int GID = 16;
    static final int BYTES = 5 * Integer.BYTES + GID;
    /// How many reads a queue pair has under way, at either end.
    static final int READS = 4;

    void put(ByteBuffer out) {
        out.putInt(qpNumber)
                .putInt(psn)
                .putInt(lid)
                .putInt(mtu)
                .putInt(isGlobal ? 1 : 0)
                .put(gid);
    }

    static RdmaPath take(ByteBuffer in) {
        int qpNumber = in.getInt();
        int psn = in.getInt();
        int lid = in.getInt();
        int mtu = in.getInt();
        boolean isGlobal = in.getInt() != 0;
        byte[] gid = new byte[GID];
        in.get(gid);
        return new RdmaPath(qpNumber, psn, lid, mtu, isGlobal, gid);
    }
}
