package org.porthole.transport.tcp;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The bytes of the TCP protocol, version 3. Integers are little-endian; nothing is aligned.
///
/// A connection carries the requests of one rank to another, and the responses back. Requests are carried out in the order in which they come,
/// and answered in that order, so that neither needs a number: the n-th request of a connection is number n. Each response tells how many
/// requests have been carried out, which acknowledges all of them.
///
/// A connection that was cut is gone on with over another, on which the origin sends again all requests from the first whose answer has not come
/// to it. The target carries out each once: it knows how many it has carried out, and remembers what it answered to atomics until the origin has told
/// that the answer came.
///
/// ```
/// request   +0  byte  kind                       response  +0  byte  kind
///           +1  byte  DataType                             +1  byte  why, of REFUSED
///           +2  byte  Operator or SignalKind               +2  2 bytes, zero
///           +3  byte  zero                                 +4  int   bytes that follow
///                                                          +8  long  requests carried out, this one included
///           +4  int   requests answered, as far as the origin knows: the low 32 bits
///           +8  long  remote key
///           +16 long  offset
///           +24 long  length; so many bytes follow, but for GET
/// ```
final class TcpWire {
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static final int MAGIC = 0x31544850; // PHT1
    static final int VERSION = 3;

    /// Bytes follow, which go to the window.
    static final byte PUT = 1;
    /// Answered with DATA.
    static final byte GET = 2;
    /// The operand follows; answered with DATA of 8 bytes.
    static final byte FETCH = 3;
    /// What is expected and the value follow; answered with DATA of 8 bytes.
    static final byte EXCHANGE = 4;
    /// Operands follow.
    static final byte ACCUMULATE = 5;
    /// Operands follow; answered with DATA of as many bytes.
    static final byte GET_ACCUMULATE = 6;
    /// The operand follows.
    static final byte SIGNAL = 7;
    /// Answered with ACK.
    static final byte FLUSH = 8;
    /// Asks for the size of what the key stands for: answered with DATA of 8 bytes, -1 if there is no such key.
    static final byte ATTACH = 9;
    /// Nothing comes after this.
    static final byte BYE = 10;

    static final byte ACK = 1;
    static final byte DATA = 2;
    /// The target's transport has closed.
    static final byte LEFT = 3;
    /// The request was for memory that is no longer shared, or for what is not allowed, and has changed nothing. After DATA for the same request: what
    /// followed there is not what the memory held.
    static final byte REFUSED = 4;

    static final byte NO_LONGER_SHARED = 1;
    static final byte NOT_ALLOWED = 2;

    static final int REQUEST = 32;
    static final int TYPE = 1;
    static final int OPERATOR = 2;
    static final int ANSWERED = 4;
    static final int KEY = 8;
    static final int OFFSET = 16;
    static final int LENGTH = 24;

    static final int RESPONSE = 16;
    static final int WHY = 1;
    static final int RESPONSE_LENGTH = 4;
    static final int CARRIED_OUT = 8;

    /// Longest put or get in one request; longer ones are split.
    static final long MOST = 1L << 30;
    /// Longest accumulate in one request.
    static final long MOST_OPERANDS = 4096;

    /// Most bytes of answers to atomics that an origin may wait for at once.
    static final int MOST_REMEMBERED = 64 << 10;
    /// Most requests that an origin may wait for answers of at once.
    static final int MOST_AWAITED = 1024;

    private TcpWire() {}
}
