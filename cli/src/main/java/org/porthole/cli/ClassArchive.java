package org.porthole.cli;

import java.io.File;
import java.util.List;
import java.util.regex.Pattern;

/// The archive from which the JVM of a rank maps the classes that every rank needs (class-data sharing).
///
/// It changes how classes come, not how they are compiled: peak speed stays. A JVM that cannot use it (another Java, another class path,
/// pointers of another size) loads classes as ever.
///
/// **Source.** JEP 350.
final class ClassArchive {
    /// Names the archive; empty or no such file if there is none.
    static final String PROPERTY = "org.porthole.cli.archive";

    /// Names the file that rank 0 makes an archive when it ends.
    static final String NEW_PROPERTY = "org.porthole.cli.archive.new";

    private static final Pattern CHOICE = Pattern.compile(
            "@.*|-Xshare.*|-XX:(SharedArchiveFile|ArchiveClassesAtExit|.AutoCreateSharedArchive|AOT).*");

    private ClassArchive() {}

    /// The JVM arguments that use the archive.
    ///
    /// @param chosen the arguments that the user chose; those about archives are left alone
    /// @return the arguments, possibly none
    static List<String> arguments(List<String> chosen) {
        String path = System.getProperty(PROPERTY, "");
        if (!System.getProperty(NEW_PROPERTY, "").isEmpty()
                || path.isEmpty()
                || new File(path).length() == 0
                || chosen.stream().anyMatch(word -> CHOICE.matcher(word).matches())) {
            return List.of();
        }
        // Nobody asked for it, and nobody wants to read why it cannot be used.
        return List.of("-XX:SharedArchiveFile=" + path, "-Xlog:cds*=off,aot*=off");
    }

    /// The JVM arguments of one rank that make the archive, if that is wanted.
    ///
    /// @param rank the rank
    /// @return the arguments, possibly none
    static List<String> making(int rank) {
        String path = System.getProperty(NEW_PROPERTY, "");
        return path.isEmpty() || rank != 0 ? List.of() : List.of("-XX:ArchiveClassesAtExit=" + path, "-Xlog:disable");
    }
}
