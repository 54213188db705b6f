package org.porthole.port;

import java.lang.foreign.MemorySegment;
import org.porthole.WindowRight;
import org.porthole.internal.port.MessageContent;

/// A message: bytes, rights to ports and windows, a region out of line, a wish for a reply. Made once by [org.porthole.Job#newMessage()] and sent again and again, or received.
///
/// Its bytes lie in [#bytes()], the first [#length()] of them are sent. Numbers are in the host's byte order.
///
/// **Threads.** One at a time, but for [#tryAbort()].
public sealed interface Message extends AutoCloseable permits MessageContent {
    /// Where its bytes are: native memory of which any thread may use as much as the message is long.
    ///
    /// @return memory, which is another after [#setLength(long)] has made it larger
    MemorySegment bytes();

    /// How many bytes it has.
    ///
    /// @return bytes
    long length();

    /// Makes it longer or shorter; bytes beyond its old length are undefined.
    ///
    /// @param length bytes, `0 <= length <= porthole.port.payload`
    /// @return this
    /// @throws IllegalArgumentException if it is out of range
    Message setLength(long length);

    /// Makes its bytes those of a segment.
    ///
    /// @param source native or on the heap
    /// @return this
    /// @throws IllegalArgumentException if they are too many
    Message set(MemorySegment source);

    /// Reads a number.
    ///
    /// @param offset where, in bytes
    /// @return its value
    /// @throws IndexOutOfBoundsException if it is not within the message
    long getLong(long offset);

    /// Writes a number, and makes the message long enough for it.
    ///
    /// @param offset where, in bytes
    /// @param value  its value
    /// @return this
    /// @throws IllegalArgumentException if the message would be too long
    Message setLong(long offset, long value);

    /// The bytes as text.
    ///
    /// @return what [#setText(String)] wrote
    String text();

    /// Makes its bytes those of a text in UTF-8.
    ///
    /// @param text the text
    /// @return this
    /// @throws IllegalArgumentException if it is too long
    Message setText(String text);

    /// Removes bytes, rights, region and reply port. Rights that have come and were not taken are given up, and so is a region; one that was attached and not
    /// sent is released.
    ///
    /// @return this
    Message clear();

    /// Lets a copy of a right travel with the message, each time that it is sent.
    ///
    /// @param right the right; it stays the caller's, but for one that is good for one message only, which goes away when it is sent
    /// @return this
    /// @throws IllegalArgumentException if there are 8 already
    Message add(SendRight right);

    /// How many rights to ports have come with it.
    ///
    /// @return 0 to 8
    int rights();

    /// Takes a right that has come with the message. What is not taken is given up when the message is closed, or sent again.
    ///
    /// @param index which, from 0 on
    /// @return the right, to be closed by the caller; the same each time
    SendRight right(int index);

    /// Lets a copy of a right to a window travel with the message, each time that it is sent. It takes some hundred bytes of those that a message may have.
    ///
    /// @param right the right; it stays the caller's
    /// @return this
    /// @throws IllegalArgumentException if there are 4 already, or the message would be too long with it
    Message add(WindowRight right);

    /// How many rights to windows have come with it.
    ///
    /// @return 0 to 4
    int windowRights();

    /// A right to a window that has come with the message. It stays good when the message is closed.
    ///
    /// @param index which, from 0 on
    /// @return the right; the same each time
    WindowRight windowRight(int index);

    /// Lends a region to whoever receives the message, when it is sent next: it travels as the right to get it once, whatever its size.
    ///
    /// The region must stay as it is, and its memory must not be freed, until `onRelease` has run, which it does once: when the receiver has fetched it, has
    /// closed the message, or is gone, or the message has come to nothing. An answer that comes when its sender has had another outcome lends nothing, and
    /// neither does a failure: the release runs within the call.
    ///
    /// @param region    native memory that all threads can reach
    /// @param onRelease what is done when the loan is over, by any thread; must not block
    /// @return this
    Message attach(MemorySegment region, Runnable onRelease);

    /// Whether a region has been lent with a received message.
    ///
    /// @return true until it is fetched
    boolean hasRegion();

    /// How large the region is.
    ///
    /// @return bytes; 0 if there is none
    long regionLength();

    /// Gets the region, which ends the loan.
    ///
    /// @param destination of the region's size; native or on the heap
    /// @throws IllegalStateException              if there is none, or it has been fetched
    /// @throws IllegalArgumentException           if the sizes differ
    /// @throws org.porthole.PeerFailedException   if the rank that lends it is gone
    void fetch(MemorySegment destination);

    /// Lets the outcome arrive at a port, when the message is sent by [SendRight#send(Message)].
    ///
    /// @param port a port of this rank with a queue; null for none
    /// @param tag  what [#tag()] of the reply will be
    /// @return this
    Message replyTo(Port port, long tag);

    /// Whether somebody waits for its outcome.
    ///
    /// @return true for a received message that can be replied to
    boolean wantsReply();

    /// Answers a received message: its bytes, and the rights that were added to it, are the reply's. It is still to be closed.
    ///
    /// @param result what the sender gets
    /// @throws IllegalStateException if it wants no reply, or has got it
    void reply(int result);

    /// Answers a received message with a failure. It is still to be closed.
    ///
    /// @param cause what the sender is told
    /// @throws IllegalStateException if it wants no reply, or has got it
    void fail(String cause);

    /// Whether its outcome is here.
    ///
    /// @return false while it is the runtime's
    boolean isDone();

    /// Waits for the outcome of a message that was [started][SendRight#start(Message)].
    ///
    /// @return the agent's result; the message holds the reply
    /// @throws org.porthole.AgentFailedException          as [SendRight#call(Message)]
    /// @throws org.porthole.DeadPortException             as [SendRight#call(Message)]
    /// @throws org.porthole.JobTimeoutException           as [SendRight#call(Message)]
    /// @throws java.util.concurrent.CancellationException as [SendRight#call(Message)]
    /// @throws IllegalStateException                      if it was not started
    int await();

    /// Asks for the end of a message that was started or sent with a reply port. It still gets exactly one outcome.
    void tryAbort();

    /// Whether the sender of a received message has asked for its end.
    ///
    /// @return true if so
    boolean isAbortRequested();

    /// What a received message is.
    ///
    /// @return the kind
    MessageKind kind();

    /// The port that a received message came to.
    ///
    /// @return the port; null for a message of the caller's own
    Port port();

    /// Who sent it, or whose port is dead.
    ///
    /// @return the rank's number in the job
    int sender();

    /// The number that was given with the wish for a reply or a notification.
    ///
    /// @return what it was
    long tag();

    /// The result in a reply.
    ///
    /// @return the agent's result
    /// @throws org.porthole.AgentFailedException          if the agent failed
    /// @throws org.porthole.DeadPortException             if the port ended before it answered
    /// @throws java.util.concurrent.CancellationException if the message was aborted
    /// @throws IllegalStateException                      if it is no reply
    int result();

    /// Gives a received message back; one that wants a reply is answered with a failure. A message of the caller's own stays good. Closing it again does
    /// nothing.
    @Override
    void close();
}
