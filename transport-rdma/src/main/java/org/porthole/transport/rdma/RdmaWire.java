package org.porthole.transport.rdma;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The messages of the RDMA transport, version 3. Integers are little-endian.
///
/// Puts and gets are writes and reads of the adapter, and no messages. A message is a request of one rank to another, or the answer to it; the n-th
/// answer of a connection is that to the n-th request. No more than [#CREDITS] requests are unanswered, so that a receive is always posted.
///
/// ```
/// request   +0  byte  kind                       response  +0  byte  kind
///           +1  byte  DataType                             +1  3 bytes, zero
///           +2  byte  Operator or SignalKind               +4  int   bytes that follow
///           +3  5 bytes, zero                              +8  8 bytes, zero
///           +8  long  key of the memory
///           +16 long  offset
///           +24 long  bytes that follow
/// ```
final class RdmaWire {
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static final int MAGIC = 0x31524850; // PHR1
    static final int VERSION = 3;

    /// The operand follows; answered with DATA of 8 bytes.
    static final byte FETCH = 1;
    /// What is expected and the value follow; answered with DATA of 8 bytes.
    static final byte EXCHANGE = 2;
    /// Operands follow.
    static final byte ACCUMULATE = 3;
    /// Operands follow; answered with DATA of as many bytes.
    static final byte GET_ACCUMULATE = 4;
    /// The operand follows.
    static final byte SIGNAL = 5;
    /// Asks what a key stands for, and, instead of an offset, for the n-th of the adapter's keys: answered with DATA of size, address, that key, whether
    /// atomics are the adapter's, and how many bytes each of its keys stands for, 8 bytes each; of a size of -1 if for nothing.
    static final byte ATTACH = 6;

    static final byte ACK = 1;
    static final byte DATA = 2;
    /// The request was for memory that is no longer shared, and has changed nothing.
    static final byte REFUSED = 3;

    static final int REQUEST = 32;
    static final int TYPE = 1;
    static final int OPERATOR = 2;
    static final int KEY = 8;
    static final int OFFSET = 16;
    static final int LENGTH = 24;

    static final int RESPONSE = 16;
    static final int RESPONSE_LENGTH = 4;
    static final int ATTACHED = 5 * Long.BYTES;

    /// Most requests that are not answered yet.
    static final int CREDITS = 32;
    /// Longest accumulate in one request.
    static final int MOST_OPERANDS = 4096;
    /// Room for one request or response.
    static final int SLOT = REQUEST + MOST_OPERANDS;

    /// Most keys of the adapter for one memory.
    static final int MOST_KEYS = 1 << 20;

    /// On the connection that the queue pairs were agreed on: nothing comes after this.
    static final byte BYE = 1;

    private RdmaWire() {}
}
