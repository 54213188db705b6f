package org.porthole.transport.tcp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.porthole.config.Configuration;

/// Certificates for tests, made by the JDK's keytool in a folder that goes with this JVM: those of an authority and of ranks that it vouches for,
/// and those of strangers.
final class Certificates {
    /// A rank's, by an elliptic curve.
    static final String RANK = "rank";
    /// A rank's, by RSA.
    static final String RSA = "rsa";
    /// A rank's, which is valid no more.
    static final String EXPIRED = "expired";
    /// A rank's, which is not valid yet.
    static final String EARLY = "early";
    /// One that another authority vouches for.
    static final String STRANGER = "stranger";

    private static final String PASSWORD = "not a secret";
    private static final Path FOLDER = folder();

    static {
        make("authority", "-ext", "bc:c", "-validity", "3650");
        make("another", "-ext", "bc:c");
        make(RANK, "-signer", "authority");
        make(RSA, "-signer", "authority", "-keyalg", "RSA");
        make(EXPIRED, "-signer", "authority", "-startdate", "-20d", "-validity", "10");
        make(EARLY, "-signer", "authority", "-startdate", "+10d");
        make(STRANGER, "-signer", "another");
        write();
    }

    private Certificates() {}

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("porthole-certificates");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : files.toList()) {
                Files.delete(each);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void make(String name, String... more) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-keystore",
                FOLDER.resolve("all.p12").toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                name,
                "-dname",
                "CN=" + name));
        line.addAll(Arrays.asList(more));
        if (!line.contains("-keyalg")) {
            line.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        }
        try {
            Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException("keytool: " + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void write() {
        try (InputStream in = Files.newInputStream(FOLDER.resolve("all.p12"))) {
            KeyStore all = KeyStore.getInstance("PKCS12");
            all.load(in, PASSWORD.toCharArray());
            for (String name : List.of("authority", "another", RANK, RSA, EXPIRED, EARLY, STRANGER)) {
                StringBuilder chain = new StringBuilder();
                for (Certificate each : all.getCertificateChain(name)) {
                    chain.append(pem("CERTIFICATE", each.getEncoded()));
                }
                Files.writeString(certificate(name), chain);
                Files.writeString(
                        key(name),
                        pem(
                                "PRIVATE KEY",
                                all.getKey(name, PASSWORD.toCharArray()).getEncoded()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(String kind, byte[] bytes) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + kind
                + "-----\n";
    }

    static Path certificate(String name) {
        return FOLDER.resolve(name + ".pem");
    }

    static Path key(String name) {
        return FOLDER.resolve(name + ".key");
    }

    static Path trust() {
        return certificate("authority");
    }

    /// TLS with somebody's certificate and the authority's word.
    static Configuration tls(Configuration configuration, String name) {
        return configuration
                .with(TcpOptions.TLS, "required")
                .with(TcpOptions.TLS_CERTIFICATE, certificate(name).toString())
                .with(TcpOptions.TLS_KEY, key(name).toString())
                .with(TcpOptions.TLS_TRUST, trust().toString());
    }
}
