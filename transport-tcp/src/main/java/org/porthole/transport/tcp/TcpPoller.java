package org.porthole.transport.tcp;

import java.io.IOException;

/// Sleeps until sockets are ready.
///
/// **Threads.** The owner, which is the first to call [#run(long)]; any for what says so.
interface TcpPoller {
    /// Calls `ready` in [#run(long)] whenever there is something to receive or accept, to begin with.
    Watch watch(TcpSocket socket, Runnable ready) throws IOException;

    Watch watch(TcpListener listener, Runnable ready) throws IOException;

    /// Calls whoever is ready.
    ///
    /// @param timeoutNs longest sleep; 0 for none
    void run(long timeoutNs) throws IOException;

    /// Ends a sleep. Any thread.
    void wakeup();

    void close();

    /// One socket that is watched.
    interface Watch {
        /// Says when to be called. Any thread.
        ///
        /// @param input  when there is something to receive or accept
        /// @param output when there is room to send
        void interest(boolean input, boolean output);

        /// Watches no more.
        ///
        /// @param then closes the socket, once nothing refers to it
        void end(Runnable then);
    }
}
