package org.porthole.internal.bootstrap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;
import org.porthole.ConfigurationException;
import org.porthole.config.CoreOptions;

/// Where a job's secret comes from: from the launcher, which gives it to rank 0's peers alone; from the settings; or else it is derived from a
/// file of the user's, which hosts of a cluster usually share, and the job's name.
final class JobSecret {
    private static final int BYTES = 16;
    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    private JobSecret() {}

    /// A secret that nobody knows yet.
    static String fresh() {
        return HexFormat.of().formatHex(RendezvousWire.challenge(), 0, BYTES);
    }

    /// The secret of a job whose launcher exchanges none.
    ///
    /// @param around the settings
    /// @param job    what tells this job from others of the same user
    /// @return the secret
    /// @throws ConfigurationException if none is set and there can be no file
    static String of(Surroundings around, String job) {
        String set = around.configuration().value(CoreOptions.SECRET);
        if (!set.isEmpty()) {
            return set;
        }
        byte[] mac =
                RendezvousWire.mac(RendezvousWire.secret(read(file(around))), job.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(mac, 0, BYTES);
    }

    private static Path file(Surroundings around) {
        String text = around.configuration().value(CoreOptions.SECRET_FILE);
        if (!text.startsWith("~/")) {
            return Path.of(text);
        }
        String home = around.has("HOME") ? around.text("HOME") : System.getProperty("user.home", "");
        return Path.of(home, text.substring(2));
    }

    /// Reads the file; makes it if it is missing. Whoever comes first makes it for all.
    private static String read(Path file) {
        try {
            if (!Files.exists(file)) {
                make(file);
            }
            if (Files.getFileStore(file).supportsFileAttributeView("posix")
                    && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                throw new ConfigurationException(
                        file + " may be read by others: chmod 600 " + file + ", or set " + setting());
            }
            String text = Files.readString(file).strip();
            if (text.isEmpty()) {
                throw new ConfigurationException(file + " is empty: remove it, or set " + setting());
            }
            return text;
        } catch (IOException | UnsupportedOperationException e) {
            throw new ConfigurationException(
                    "the job has no secret: " + setting() + " is not set, and there can be no " + file + " ("
                            + CoreOptions.SECRET_FILE.key() + "): " + e,
                    e);
        }
    }

    private static String setting() {
        return CoreOptions.SECRET.environmentName();
    }

    /// Makes the file whole or not at all: a link to a finished file is atomic on network file systems too.
    private static void make(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path draft = Files.createTempFile(
                folder,
                "secret",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(draft, fresh() + fresh() + '\n');
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            // Another rank was first.
        } finally {
            Files.delete(draft);
        }
    }
}
