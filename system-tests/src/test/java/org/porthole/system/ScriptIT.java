package org.porthole.system;

import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The launcher script in a project of nothing but the script, with a Java and a Maven that only tell how they were called.
@Timeout(60)
@EnabledOnOs({OS.LINUX, OS.MAC})
class ScriptIT {
    private static final String SAY_ARGUMENTS = "#!/bin/sh\nfor word; do printf '<%s>' \"$word\"; done\necho\n";

    @TempDir
    private Path temporary;

    private Path root;
    private Path jdk;
    private Path log;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void makeProject() throws IOException {
        root = Files.createDirectories(temporary.resolve("a project"));
        Files.copy(
                Launched.root().resolve("porthole"),
                root.resolve("porthole"),
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(root.resolve("core/src/main/java"));
        Files.createDirectories(root.resolve("cli"));
        age(Files.writeString(root.resolve("pom.xml"), "<project/>"));
        age(Files.writeString(root.resolve("core/src/main/java/A.java"), "class A {}"));
        age(root.resolve("core/src/main/java"));
        age(root.resolve("core/src/main"));
        jdk = jdk("jdk 25", "25.0.1");
        log = temporary.resolve("maven.log");
        Path tools = Files.createDirectories(temporary.resolve("tools"));
        program(
                tools.resolve("mvn"),
                "#!/bin/sh\necho \"$JAVA_HOME|$*\" >>'" + log + "'\nmkdir -p '" + root + "/cli/target/lib'\n");
        environment.put("PORTHOLE_JAVA_HOME", jdk.toString());
        environment.put("PATH", tools + ":" + System.getenv("PATH"));
    }

    /// Before the folder is deleted with all that is in it.
    @AfterEach
    void removeLinkToRealClassPath() throws IOException {
        Path lib = root.resolve("cli/target/lib");
        if (Files.isSymbolicLink(lib)) {
            Files.delete(lib);
        }
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = temporary.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        program(home.resolve("bin/java"), SAY_ARGUMENTS);
        program(home.resolve("bin/javac"), SAY_ARGUMENTS);
        return home;
    }

    private static void program(Path path, String text) throws IOException {
        Files.createFile(path, asFileAttribute(fromString("rwxr-xr-x")));
        Files.writeString(path, text);
    }

    private static void age(Path path) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(1000)));
    }

    private Launched script(String... words) {
        List<String> line = new ArrayList<>(List.of(root.resolve("porthole").toString()));
        line.addAll(List.of(words));
        return Launched.start(environment, temporary, line);
    }

    private List<String> builds() throws IOException {
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    private String run(String... words) throws InterruptedException {
        try (Launched script = script(words)) {
            assertThat(script.exitCode()).as(script.report()).isZero();
            assertThat(script.out()).hasSize(1);
            return script.out().getFirst();
        }
    }

    @Test
    void shouldBuildOnceAndThenOnlyWhenSourcesChange() throws Exception {
        try (Launched first = script("version")) {
            assertThat(first.exitCode()).as(first.report()).isZero();
            assertThat(first.err()).containsExactly("porthole: building (first run) ...");
        }
        assertThat(builds()).hasSize(1).first().asString().startsWith(jdk + "|").contains("-pl cli -am package");
        run("version");
        assertThat(builds()).hasSize(1);
        Files.writeString(root.resolve("core/src/main/java/B.java"), "class B {}");
        run("version");
        assertThat(builds()).hasSize(2);
        run("version");
        assertThat(builds()).hasSize(2);
    }

    @Test
    void shouldBuildOnceForTwoAtATime() throws Exception {
        try (Launched one = script("version");
                Launched two = script("version")) {
            assertThat(one.exitCode()).isZero();
            assertThat(two.exitCode()).isZero();
        }
        assertThat(builds()).hasSize(1);
    }

    @Test
    void shouldStartTheLauncherWithItsFlags() throws Exception {
        assertThat(run("run", "-n", "2", "a b"))
                .startsWith("<--enable-native-access=ALL-UNNAMED><-XX:+UseSerialGC><-XX:TieredStopAtLevel=1>")
                .contains("<-Dorg.porthole.cli.archive=" + root.toRealPath() + "/cli/target/ranks.jsa>")
                .endsWith("<-cp><" + root.toRealPath() + "/cli/target/lib/*><org.porthole.cli.Main><run><-n><2><a b>");
    }

    @Test
    void shouldReadJvmArgumentsAndClassPathOfExec() throws Exception {
        environment.put("PORTHOLE_JVM", "-Xms8m  -Dx=*");
        assertThat(run(
                        "exec",
                        "--jvm",
                        "-Da=it's",
                        "--cp=x y.jar",
                        "--main",
                        "M",
                        "--jvm=-Xmx1g",
                        "arg",
                        "--jvm",
                        "b c"))
                .isEqualTo("<--enable-native-access=ALL-UNNAMED><-Xms8m><-Dx=*><-Da=it's><-Xmx1g><-cp><"
                        + root.toRealPath()
                        + "/cli/target/lib/*:x y.jar><org.porthole.cli.Main><exec><--main><M><arg><--jvm><b c>");
    }

    @Test
    void shouldWorkThroughLinks() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("link 1"), Path.of("a project/porthole"));
        Path second = Files.createSymbolicLink(temporary.resolve("link 2"), link);
        try (Launched script = Launched.start(environment, Path.of("/"), List.of(second.toString(), "version"))) {
            assertThat(script.exitCode()).as(script.report()).isZero();
            assertThat(script.out().getFirst()).contains(root.toRealPath() + "/cli/target/lib/*");
        }
    }

    @Test
    void shouldRefuseChosenFolderThatIsNoJdk25() throws Exception {
        for (Path folder : List.of(jdk("jdk 17", "17.0.2"), jdk("jdk 8", "1.8.0_402"), temporary.resolve("nothing"))) {
            environment.put("PORTHOLE_JAVA_HOME", folder.toString());
            try (Launched script = script("version")) {
                assertThat(script.exitCode()).isEqualTo(3);
                assertThat(script.err())
                        .hasSize(1)
                        .first()
                        .asString()
                        .startsWith("porthole: PORTHOLE_JAVA_HOME=" + folder + " is ");
            }
        }
        assertThat(builds()).isEmpty();
    }

    @Test
    void shouldPassOverOldJavaHome() throws Exception {
        environment.remove("PORTHOLE_JAVA_HOME");
        environment.put("JAVA_HOME", jdk("jdk 21", "21.0.5").toString());
        Path java = Files.createSymbolicLink(temporary.resolve("tools/java"), jdk.resolve("bin/java"));
        assertThat(run("version")).as(java.toString()).contains("<org.porthole.cli.Main><version>");
    }

    @Test
    void shouldSayWhatIsMissingWithoutMaven() throws Exception {
        Path tools = Files.createDirectories(temporary.resolve("few tools"));
        for (String tool : List.of("sh", "find", "head", "readlink", "mkdir", "sed", "rm", "mv")) {
            Path found = Path.of("/usr/bin", tool);
            Files.createSymbolicLink(tools.resolve(tool), Files.exists(found) ? found : Path.of("/bin", tool));
        }
        environment.put("PATH", tools.toString());
        try (Launched script = script("version")) {
            assertThat(script.exitCode()).isEqualTo(3);
            assertThat(script.err()).hasSize(1).first().asString().startsWith("porthole: Maven is needed to build");
        }
    }

    @Test
    void shouldFailClearlyWhenTheBuildFails() throws Exception {
        Files.writeString(temporary.resolve("tools/mvn"), "#!/bin/sh\necho the reason\nexit 1\n");
        try (Launched script = script("version")) {
            assertThat(script.exitCode()).isEqualTo(3);
            assertThat(script.out()).isEmpty();
            assertThat(script.err()).hasSize(3).contains("the reason");
            assertThat(script.err().getLast()).startsWith("porthole: the build failed");
        }
    }

    @Test
    void shouldShowTheWarningThatFailsTheBuild() throws Exception {
        Files.writeString(temporary.resolve("tools/mvn"), """
                #!/bin/sh
                case " $* " in *' -q '*) exit 1 ;; esac
                echo '[INFO] Building Porthole'
                echo '[WARNING] Using platform encoding'
                echo '[WARNING] /a/core/A.java:[3,7] [UnusedVariable] The field is never read.'
                echo '[ERROR] error: warnings found and -Werror specified'
                echo '[ERROR] Failed to execute goal compile -> [Help 1]'
                echo '[ERROR] '
                echo '[ERROR] Re-run Maven using the -X switch to enable full debug logging.'
                exit 1
                """);
        try (Launched script = script("version")) {
            assertThat(script.exitCode()).isEqualTo(3);
            assertThat(script.err())
                    .hasSize(5)
                    .startsWith(
                            "porthole: building (first run) ...",
                            "[WARNING] /a/core/A.java:[3,7] [UnusedVariable] The field is never read.",
                            "[ERROR] error: warnings found and -Werror specified",
                            "[ERROR] Failed to execute goal compile");
            assertThat(script.err().getLast()).contains(root.toRealPath() + "/cli/target/porthole-build.log");
        }
    }

    /// Gives the project what Maven built, and takes its sources away.
    private void useRealClassPath() throws IOException {
        Path lib = Launched.root().resolve("cli/target/lib");
        assumeThat(lib).as("the cli module was packaged").isDirectory();
        Files.createDirectories(root.resolve("cli/target"));
        Files.createSymbolicLink(root.resolve("cli/target/lib"), lib);
        Files.delete(root.resolve("pom.xml"));
        environment.put("PORTHOLE_JAVA_HOME", System.getProperty("java.home"));
    }

    private static String testClasses() {
        return Path.of("target/test-classes").toAbsolutePath().toString();
    }

    @Test
    void shouldRunProgram() throws Exception {
        useRealClassPath();
        String main = RankProgram.class.getName();
        try (Launched run = script("run", "-n", "2", "--cp", testClasses(), "--main", main, "ring")) {
            assertThat(run.exitCode()).as(run.report()).isZero();
            assertThat(run.out()).containsExactlyInAnyOrder("[0] got 101 sum 201", "[1] got 100 sum 201");
            assertThat(run.err()).isEmpty();
        }
        assertThat(builds()).isEmpty();
        assertThat(root.resolve("cli/target/ranks.jsa")).isNotEmptyFile();
    }

    /// The JVM says in its log where a class came from.
    @Test
    void shouldStartRanksFromTheArchiveAndWithoutWordsElsewhere() throws Exception {
        useRealClassPath();
        String main = RankProgram.class.getName();
        String[] words = {"run", "-n", "1", "--jvm=-Xlog:class+load", "--cp", testClasses(), "--main", main, "say"};
        try (Launched run = script(words)) {
            assertThat(run.exitCode()).as(run.report()).isZero();
            assertThat(run.out())
                    .anyMatch(line -> line.contains("org.porthole.cli.RankMain source: shared objects file (top)"));
        }
        environment.put("PORTHOLE_JVM", "-XX:+UseCompactObjectHeaders");
        try (Launched run = script("run", "-n", "1", "--cp", testClasses(), "--main", main, "say")) {
            assertThat(run.exitCode()).as(run.report()).isZero();
            assertThat(run.out()).containsExactly("[0] say X=null p=null");
            assertThat(run.err()).isEmpty();
        }
    }

    @Test
    void shouldBecomeOneRank() throws Exception {
        useRealClassPath();
        environment.put("X", "y");
        String main = RankProgram.class.getName();
        try (Launched exec =
                script("exec", "--jvm", "-Dp=a b", "--cp", testClasses(), "--main", main, "say", "--jvm")) {
            assertThat(exec.exitCode()).as(exec.report()).isZero();
            assertThat(exec.out()).containsExactly("say --jvm X=y p=a b");
        }
        try (Launched exec = script("exec", "--cp=" + testClasses(), "--main=" + main, "ring")) {
            assertThat(exec.exitCode()).as(exec.report()).isZero();
            assertThat(exec.out()).containsExactly("got 100 sum 100");
            assertThat(exec.err()).isEmpty();
        }
    }
}
