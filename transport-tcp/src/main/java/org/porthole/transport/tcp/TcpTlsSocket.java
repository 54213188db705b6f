package org.porthole.transport.tcp;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/// TLS over another socket. The handshake goes on whenever something is received, so that both sides must try to; what is sent before its end, a few
/// bytes, goes out with it.
///
/// Every byte is copied and encrypted; the JDK's cipher allocates some for each record.
///
/// **Threads.** One at a time for both directions.
///
/// **Source.** RFC 8446, 5.1 and 5.2: a record's head is its type, two bytes of version, and its length of at most 2^14 + 256.
final class TcpTlsSocket implements TcpSocket {
    private static final int HEAD = 5;
    private static final int LENGTH_AT = 3;
    private static final int FIRST_TYPE = 20;
    private static final int LAST_TYPE = 23;
    private static final int MOST_LENGTH = (1 << 14) + 256;
    private static final int MOST_PLAIN = 1 << 14;
    private static final int MOST_ALERTS = 4;
    private static final int BINDING_BYTES = 32;
    private static final String BINDING_LABEL = "EXPORTER-porthole";
    private static final String NO_CERTIFICATE = "Empty client certificate chain";
    private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");

    private final TcpSocket wire;
    private final SSLEngine engine;
    private final ByteBuffer received;
    private final MemorySegment receivedSegment;
    private int receivedEnd;
    private final ByteBuffer sealed;
    private final MemorySegment sealedSegment;
    private int sealedBegin;
    private final ByteBuffer plainIn;
    private final MemorySegment plainInSegment;
    private final ByteBuffer plainOut = ByteBuffer.allocate(MOST_PLAIN);
    private final MemorySegment plainOutSegment = MemorySegment.ofArray(plainOut.array());
    /// How many bytes of those that will be offered again are in a record that has not gone out whole.
    private int taken;

    private boolean established;
    private int early;
    private boolean ended;

    TcpTlsSocket(TcpSocket wire, SSLEngine engine) {
        this.wire = wire;
        this.engine = engine;
        int packet = engine.getSession().getPacketBufferSize();
        receivedSegment = Arena.ofAuto().allocate(packet + HEAD);
        received = receivedSegment.asByteBuffer();
        // A key update may have to go out before the bytes.
        sealedSegment = Arena.ofAuto().allocate(2L * packet);
        sealed = sealedSegment.asByteBuffer();
        plainIn = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        plainIn.flip();
        plainInSegment = MemorySegment.ofArray(plainIn.array());
    }

    @Override
    public int receive(MemorySegment into, long offset, long length) throws IOException {
        if (!establish()) {
            return 0;
        }
        int count = 0;
        while (count < length) {
            if (plainIn.hasRemaining()) {
                int part = (int) Math.min(plainIn.remaining(), length - count);
                AnyMemory.copy(plainInSegment, plainIn.position(), into, offset + count, part);
                plainIn.position(plainIn.position() + part);
                count += part;
            } else if (!ended && receiveRecord()) {
                open();
            } else {
                return ended && count == 0 ? -1 : count;
            }
        }
        return count;
    }

    @Override
    public long send(MemorySegment from, long offset, long length) throws IOException {
        return send(from, offset, length, from, 0, 0);
    }

    /// Takes bytes as sent once the record that they are in has gone out: until then they are offered again.
    @Override
    public long send(
            MemorySegment first,
            long firstOffset,
            long firstLength,
            MemorySegment second,
            long secondOffset,
            long secondLength)
            throws IOException {
        boolean isEarly = !established && !establish();
        if (isEarly && early > 0) {
            return 0;
        }
        if (!isEarly && taken == 0) {
            if (!flush()) {
                return 0;
            }
        }
        if (taken == 0) {
            int part = (int) Math.min(firstLength, MOST_PLAIN);
            int rest = (int) Math.min(secondLength, MOST_PLAIN - part);
            AnyMemory.copy(first, firstOffset, plainOutSegment, 0, part);
            AnyMemory.copy(second, secondOffset, plainOutSegment, part, rest);
            if (isEarly) {
                early = part + rest;
                return early;
            }
            taken = seal(part + rest);
        }
        if (!flush()) {
            return 0;
        }
        int sent = taken;
        taken = 0;
        return sent;
    }

    /// Goes on with the handshake as far as the bytes allow that have come.
    ///
    /// @return whether it is over
    private boolean establish() throws IOException {
        try {
            while (!established) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> runTasks();
                    case NEED_WRAP -> {
                        int ignored = seal(0);
                        requireFlushed();
                    }
                    case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                        if (!receiveRecord()) {
                            requireGoingOn();
                            return false;
                        }
                        open();
                    }
                    case FINISHED, NOT_HANDSHAKING -> {
                        established = true;
                        if (early > 0) {
                            int ignored = seal(early);
                            requireFlushed();
                        }
                    }
                }
            }
            return true;
        } catch (SSLException e) {
            throw new IOException(explain(e), e);
        }
    }

    private void requireGoingOn() throws EOFException {
        if (ended) {
            throw new EOFException("it closed the connection during the TLS handshake: " + TcpOptions.TLS.key()
                    + " must be the same on all ranks");
        }
    }

    /// A peer whose first words are being said has room for them.
    private void requireFlushed() throws IOException {
        if (!flush()) {
            throw new IOException("the first bytes of a connection were not taken");
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /// What an error of the engine means to whoever has set the options.
    private static String explain(SSLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                Throwable last = cause;
                while (last.getCause() != null) {
                    last = last.getCause();
                }
                return "its certificate is not accepted: " + last.getMessage() + " (" + TcpOptions.TLS_TRUST.key()
                        + ")";
            }
        }
        String message = String.valueOf(e.getMessage());
        if (message.contains(NO_CERTIFICATE)) {
            return "it shows no certificate that an anchor in " + TcpOptions.TLS_TRUST.key() + " vouches for";
        }
        Matcher alert = ALERT.matcher(message);
        return alert.find()
                ? "it refuses the TLS handshake (" + alert.group(1) + "): its log says why; the anchors in its "
                        + TcpOptions.TLS_TRUST.key() + " must vouch for this rank's certificate"
                : "the TLS handshake failed: " + message;
    }

    /// Receives what is missing of a record, and the next one's head with it, which saves a call.
    ///
    /// @return whether all of the record is there
    private boolean receiveRecord() throws IOException {
        for (; ; ) {
            int whole = receivedEnd < HEAD ? HEAD : HEAD + recordLength();
            if (receivedEnd >= HEAD && receivedEnd >= whole) {
                return true;
            }
            int room = receivedEnd < HEAD ? HEAD - receivedEnd : whole + HEAD - receivedEnd;
            int count = wire.receive(receivedSegment, receivedEnd, room);
            if (count <= 0) {
                ended = count < 0;
                return false;
            }
            receivedEnd += count;
        }
    }

    private int recordLength() throws IOException {
        int type = received.get(0);
        int length = Short.toUnsignedInt(received.getShort(LENGTH_AT));
        if (type < FIRST_TYPE || type > LAST_TYPE || length > MOST_LENGTH) {
            throw new TcpProtocolException(
                    "it does not speak TLS: " + TcpOptions.TLS.key() + " must be the same on all ranks");
        }
        return length;
    }

    /// Decrypts the record that has been received.
    private void open() throws IOException {
        int whole = HEAD + recordLength();
        received.limit(whole).position(0);
        plainIn.clear();
        SSLEngineResult result;
        try {
            result = engine.unwrap(received, plainIn);
        } catch (SSLException e) {
            throw new IOException(explain(e), e);
        }
        plainIn.flip();
        if (result.bytesConsumed() == whole) {
            MemorySegment.copy(receivedSegment, whole, receivedSegment, 0, receivedEnd - whole);
            receivedEnd -= whole;
        } else if (result.bytesConsumed() > 0 || established) {
            throw new TcpProtocolException("a TLS record that ends elsewhere than it says");
        }
        received.clear();
        ended |= engine.isInboundDone();
        runTasks();
    }

    /// Encrypts bytes that have been copied, or what the handshake has to say. A change of keys is a task, and a record of its own.
    ///
    /// @return how many of the bytes found room beside such records
    private int seal(int length) throws IOException {
        plainOut.clear().limit(length);
        do {
            SSLEngineResult result = engine.wrap(plainOut, sealed);
            boolean isFull = result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW && sealed.position() > 0;
            boolean goesOn = result.bytesProduced() > 0 || engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK;
            if (isFull) {
                break;
            }
            if (result.getStatus() != SSLEngineResult.Status.OK || !goesOn) {
                throw new EOFException(
                        "TLS takes nothing more: " + result.getStatus() + ", " + engine.getHandshakeStatus());
            }
            runTasks();
        } while (plainOut.hasRemaining());
        return plainOut.position();
    }

    /// Sends what has been encrypted.
    ///
    /// @return whether nothing is left
    private boolean flush() throws IOException {
        while (sealedBegin < sealed.position()) {
            long count = wire.send(sealedSegment, sealedBegin, sealed.position() - sealedBegin);
            if (count == 0) {
                return false;
            }
            sealedBegin += (int) count;
        }
        sealedBegin = 0;
        sealed.clear();
        return true;
    }

    @Override
    public byte[] binding() throws IOException {
        return ((ExtendedSSLSession) engine.getSession())
                .exportKeyingMaterialData(BINDING_LABEL, new byte[0], BINDING_BYTES);
    }

    @Override
    public int held() {
        return plainIn.remaining();
    }

    @Override
    public TcpSocket wire() {
        return wire;
    }

    @Override
    public boolean isDirect() {
        return false;
    }

    @Override
    public long silenceMs() throws IOException {
        return wire.silenceMs();
    }

    @Override
    public String peer() {
        return wire.peer();
    }

    /// Tells the peer why, or that this is the end, if there is room.
    @Override
    public void close() {
        engine.closeOutbound();
        try {
            plainOut.clear().limit(0);
            for (int i = 0; i < MOST_ALERTS && !engine.isOutboundDone() && flush(); i++) {
                int ignored = engine.wrap(plainOut, sealed).bytesProduced();
            }
            boolean ignored = flush();
        } catch (IOException e) {
            System.getLogger(TcpTlsSocket.class.getName()).log(System.Logger.Level.DEBUG, "a peer was gone first", e);
        }
        wire.close();
    }
}
