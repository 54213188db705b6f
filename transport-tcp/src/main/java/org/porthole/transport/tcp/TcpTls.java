package org.porthole.transport.tcp;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import org.porthole.ConfigurationException;
import org.porthole.TransportException;
import org.porthole.config.Configuration;

/// This rank's certificate, and whom it trusts.
///
/// Certificates say who may take part at all; names in them are not compared with hosts, since addresses come from the rendezvous and members prove
/// the job's secret besides.
final class TcpTls {
    private static final String VERSION = "TLSv1.3";
    private static final char[] NO_PASSWORD = {};

    private final SSLContext context;

    private TcpTls(SSLContext context) {
        this.context = context;
    }

    /// As the settings say.
    ///
    /// @return null if connections are not encrypted
    /// @throws ConfigurationException if a file is missing, or not what it should be
    static TcpTls choose(Configuration configuration) {
        if (configuration.value(TcpOptions.TLS) == TcpTlsMode.OFF) {
            return null;
        }
        String certificateFile = configuration.value(TcpOptions.TLS_CERTIFICATE);
        String keyFile = configuration.value(TcpOptions.TLS_KEY);
        List<X509Certificate> chain = TcpPem.certificates(TcpOptions.TLS_CERTIFICATE, certificateFile);
        PrivateKey key = TcpPem.key(TcpOptions.TLS_KEY, keyFile);
        List<X509Certificate> anchors =
                TcpPem.certificates(TcpOptions.TLS_TRUST, configuration.value(TcpOptions.TLS_TRUST));
        TcpPem.requireFit(chain.getFirst(), key, certificateFile, keyFile);
        requireValid(chain.getFirst(), certificateFile);
        try {
            return of(chain, key, anchors);
        } catch (GeneralSecurityException | IOException e) {
            throw new TransportException("tcp: TLS cannot be used: " + e.getMessage(), e);
        }
    }

    private static void requireValid(X509Certificate certificate, String file) {
        try {
            certificate.checkValidity();
        } catch (CertificateExpiredException e) {
            throw TcpPem.wrong(
                    TcpOptions.TLS_CERTIFICATE,
                    file,
                    "holds a certificate that expired on "
                            + certificate.getNotAfter().toInstant() + ": renew it",
                    e);
        } catch (CertificateNotYetValidException e) {
            throw TcpPem.wrong(
                    TcpOptions.TLS_CERTIFICATE,
                    file,
                    "holds a certificate that is valid only from "
                            + certificate.getNotBefore().toInstant() + " on: is the clock right?",
                    e);
        }
    }

    private static TcpTls of(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> anchors)
            throws GeneralSecurityException, IOException {
        KeyStore mine = KeyStore.getInstance("PKCS12");
        mine.load(null, NO_PASSWORD);
        mine.setKeyEntry("rank", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(mine, NO_PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, NO_PASSWORD);
        for (int i = 0; i < anchors.size(); i++) {
            trusted.setCertificateEntry("anchor-" + i, anchors.get(i));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance(VERSION);
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return new TcpTls(context);
    }

    /// Encrypts what goes over a connected socket.
    ///
    /// @param wire     the socket, which is closed with the one returned
    /// @param isOrigin whether this side has connected
    TcpSocket over(TcpSocket wire, boolean isOrigin) throws IOException {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(isOrigin);
        engine.setEnabledProtocols(new String[] {VERSION});
        engine.setNeedClientAuth(!isOrigin);
        engine.beginHandshake();
        return new TcpTlsSocket(wire, engine);
    }
}
