package org.porthole.internal.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.porthole.internal.bootstrap.OrphanWatch.Ancestor;

class OrphanWatchTest {
    private static final String MARKER = "PMIX_RANK=3";

    @TempDir
    private Path proc;

    private void process(String folder, long pid, String name, long parent, String... variables) throws IOException {
        Path at = Files.createDirectories(proc.resolve(folder));
        Files.writeString(
                at.resolve("stat"),
                pid + " (" + name + ") S " + parent + " 1 1 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 1 0 4711 1 1\n");
        Files.writeString(at.resolve("environ"), String.join("\0", variables) + "\0");
    }

    @Test
    void shouldPassByScriptsThatStandBetween() throws Exception {
        process("self", 40, "java", 30, MARKER);
        process("30", 30, "a (b) sh", 20, "A=1", MARKER);
        process("20", 20, "orted", 10, "PMIX_RANK=33", "B=" + MARKER);
        process("10", 10, "sshd", 1);

        Ancestor launcher = new OrphanWatch(proc).launcher(MARKER).orElseThrow();

        assertThat(launcher).isEqualTo(new Ancestor(20, "orted", 'S', 10, 4711));
    }

    @Test
    void shouldWatchNobodyIfAllAncestorsAreThisRank() throws Exception {
        process("self", 40, "java", 30, MARKER);
        process("30", 30, "sh", 1, MARKER);
        assertThat(new OrphanWatch(proc).launcher(MARKER)).isEmpty();
        process("self", 40, "java", 1, MARKER);
        assertThat(new OrphanWatch(proc).launcher(MARKER)).isEmpty();
    }

    @Test
    void shouldWatchNobodyWithoutProc() {
        assertThat(new OrphanWatch(proc.resolve("none")).launcher(MARKER)).isEmpty();
    }

    @Test
    void shouldNotTakeALaterProcessForTheLauncher() throws Exception {
        process("20", 20, "orted", 10);
        OrphanWatch watch = new OrphanWatch(proc);
        assertThat(watch.isAlive(new Ancestor(20, "orted", 'S', 10, 4711))).isTrue();
        assertThat(watch.isAlive(new Ancestor(20, "orted", 'S', 10, 4710))).isFalse();
        assertThat(watch.isAlive(new Ancestor(21, "orted", 'S', 10, 4711))).isFalse();
    }

    /// This process does not reap it before the end of the test.
    @Test
    void shouldNoticeTheEndOfAProcessThatNobodyHasReaped() throws Exception {
        Process parent = new ProcessBuilder("sh", "-c", "sleep 1000 & echo $!; exec sleep 1000").start();
        try (var out = parent.inputReader()) {
            long pid = Long.parseLong(out.readLine());
            OrphanWatch watch = new OrphanWatch(Path.of("/proc"));
            Ancestor child = Ancestor.of(Files.readString(Path.of("/proc/" + pid + "/stat")));
            assertThat(watch.isAlive(child)).isTrue();

            ProcessHandle.of(pid).orElseThrow().destroyForcibly();

            while (watch.isAlive(child)) {
                Thread.onSpinWait();
            }
            assertThat(Path.of("/proc/" + pid)).exists();
        } finally {
            parent.destroyForcibly();
        }
    }
}
