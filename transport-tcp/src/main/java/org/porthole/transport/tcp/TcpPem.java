package org.porthole.transport.tcp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.porthole.ConfigurationException;
import org.porthole.config.Option;

/// Reads the files that TLS is configured with. Whatever is wrong with one is a [ConfigurationException] that names option and file, and says what to
/// do; the contents of a key never appear in one.
final class TcpPem {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ((?:[A-Z0-9]+ )*)PRIVATE KEY-----([^-]*)-----END [A-Z0-9 ]*PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA", "RSASSA-PSS");

    private TcpPem() {}

    /// Reads certificates.
    ///
    /// @param option names the file
    /// @return at least one certificate, in the order of the file
    static List<X509Certificate> certificates(Option<String> option, String file) {
        try {
            InputStream in = new ByteArrayInputStream(Files.readAllBytes(path(option, file)));
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (certificates.isEmpty()) {
                throw wrong(option, file, "holds no certificate (-----BEGIN CERTIFICATE-----)", null);
            }
            return certificates;
        } catch (IOException e) {
            throw unreadable(option, file, e);
        } catch (CertificateException e) {
            throw wrong(option, file, "holds no certificates in PEM: " + e.getMessage(), e);
        }
    }

    static PrivateKey key(Option<String> option, String file) {
        String text;
        try {
            text = Files.readString(path(option, file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw unreadable(option, file, e);
        }
        Matcher matcher = KEY.matcher(text);
        if (!matcher.find()) {
            throw wrong(option, file, "holds no private key (-----BEGIN PRIVATE KEY-----)", null);
        }
        if (!matcher.group(1).isEmpty()) {
            throw wrong(
                    option,
                    file,
                    "holds a key of kind " + matcher.group(1).strip()
                            + "; PKCS #8 without encryption is needed: openssl pkcs8 -topk8 -nocrypt -in " + file,
                    null);
        }
        byte[] bytes;
        try {
            bytes = Base64.getMimeDecoder().decode(matcher.group(2));
        } catch (IllegalArgumentException e) {
            throw wrong(option, file, "holds a key that is damaged", e);
        }
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
            } catch (InvalidKeySpecException | NoSuchAlgorithmException e) {
                System.getLogger(TcpPem.class.getName())
                        .log(System.Logger.Level.TRACE, "the key is not of algorithm {0}", algorithm);
            }
        }
        throw wrong(option, file, "holds a key that is damaged, or of none of the algorithms " + ALGORITHMS, null);
    }

    private static Path path(Option<String> option, String file) {
        if (file.isEmpty()) {
            throw new ConfigurationException(
                    option.key() + " names no file, and " + TcpOptions.TLS.key() + "=required needs one");
        }
        return Path.of(file);
    }

    private static ConfigurationException unreadable(Option<String> option, String file, IOException e) {
        return wrong(
                option,
                file,
                e instanceof NoSuchFileException ? "does not exist" : "cannot be read: " + e.getMessage(),
                e);
    }

    /// An error that names option and file.
    static ConfigurationException wrong(Option<String> option, String file, String what, Exception cause) {
        return new ConfigurationException(option.key() + ": " + file + " " + what, cause);
    }

    /// Requires that a certificate and a key belong together, by a signature.
    static void requireFit(X509Certificate certificate, PrivateKey key, String certificateFile, String keyFile) {
        boolean fits;
        try {
            String algorithm = switch (key.getAlgorithm()) {
                case "EC" -> "SHA256withECDSA";
                case "RSA" -> "SHA256withRSA";
                default -> key.getAlgorithm();
            };
            java.security.Signature signature = java.security.Signature.getInstance(algorithm);
            signature.initSign(key);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            fits = signature.verify(signed);
        } catch (GeneralSecurityException e) {
            fits = false;
        }
        if (!fits) {
            throw wrong(
                    TcpOptions.TLS_KEY,
                    keyFile,
                    "is not the key of the first certificate in " + certificateFile + " ("
                            + certificate.getSubjectX500Principal() + ")",
                    null);
        }
    }
}
