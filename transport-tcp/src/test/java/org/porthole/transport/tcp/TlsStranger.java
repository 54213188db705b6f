package org.porthole.transport.tcp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// Speaks TLS by the JDK's sockets, trusts everybody, and shows what certificate it likes.
final class TlsStranger {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    private TlsStranger() {}

    private static SSLContext context(String name) throws GeneralSecurityException, IOException {
        KeyManager[] keys = {};
        if (name != null) {
            KeyStore mine = KeyStore.getInstance("PKCS12");
            mine.load(null, null);
            mine.setKeyEntry(
                    "stranger",
                    TcpPem.key(TcpOptions.TLS_KEY, Certificates.key(name).toString()),
                    new char[0],
                    TcpPem.certificates(
                                    TcpOptions.TLS_CERTIFICATE,
                                    Certificates.certificate(name).toString())
                            .toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(mine, new char[0]);
            keys = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys, new TrustManager[] {new Gullible()}, null);
        return context;
    }

    /// Connects, and begins the handshake with the first byte that is read.
    ///
    /// @param name whose certificate; null for none
    static Socket connect(int port, String name) throws GeneralSecurityException, IOException {
        Socket socket = context(name).getSocketFactory().createSocket(HERE, port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    static ServerSocket listen(String name) throws GeneralSecurityException, IOException {
        SSLServerSocket listener =
                (SSLServerSocket) context(name).getServerSocketFactory().createServerSocket(0, 1, HERE);
        listener.setNeedClientAuth(true);
        return listener;
    }

    /// Hands on what one connection says to a port, and back, until either ends.
    static void relayOnce(ServerSocket listener, int port) {
        try (Socket origin = listener.accept();
                Socket target = connect(port, Certificates.RSA)) {
            Thread back = Thread.ofPlatform().daemon().start(() -> copy(target, origin));
            copy(origin, target);
            back.join();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            byte[] bytes = new byte[4096];
            for (int count = from.getInputStream().read(bytes);
                    count > 0;
                    count = from.getInputStream().read(bytes)) {
                to.getOutputStream().write(bytes, 0, count);
            }
        } catch (IOException e) {
            System.getLogger(TlsStranger.class.getName()).log(System.Logger.Level.DEBUG, "the other way has ended", e);
        }
    }

    private static final class Gullible implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String algorithm) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String algorithm) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return List.of().toArray(X509Certificate[]::new);
        }
    }
}
