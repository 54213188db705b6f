package org.porthole.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.porthole.ConfigurationException;
import org.porthole.cli.text.UsageException;

class RankMainTest {
    private static final List<String> CALLS = new ArrayList<>();

    static class StaticMain {
        public static void main(String[] words) {
            CALLS.add("static " + List.of(words));
        }
    }

    static class InheritedMain extends StaticMain {}

    static class InstanceMain {
        void main() {
            CALLS.add("instance");
        }
    }

    static class NoMain {
        @SuppressWarnings("unused")
        private static void main(String[] words) {
            throw new AssertionError("private");
        }
    }

    static class ThrowingMain {
        static void main() throws Exception {
            if (!CALLS.contains("never")) {
                throw new java.io.IOException("checked");
            }
        }
    }

    @Test
    void shouldFindMainMethodAsJavaDoes() throws Throwable {
        CALLS.clear();
        MainMethod.of(StaticMain.class.getName()).invoke("a", "b");
        MainMethod.of(InheritedMain.class.getName()).invoke("c");
        MainMethod.of(InstanceMain.class.getName()).invoke("d");
        assertThat(CALLS).containsExactly("static [a, b]", "static [c]", "instance");
    }

    @Test
    void shouldRefuseClassWithoutMainMethod() {
        assertThatThrownBy(() -> MainMethod.of(NoMain.class.getName()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("has no main method");
        assertThatThrownBy(() -> MainMethod.of("org.example.Missing"))
                .hasMessageContaining("no class org.example.Missing");
    }

    @Test
    void shouldNotWrapWhatTheProgramThrows() {
        assertThatThrownBy(() -> MainMethod.of(ThrowingMain.class.getName()).invoke())
                .isInstanceOf(java.io.IOException.class)
                .hasMessage("checked");
    }

    @Test
    void shouldNotNameTheRankTwice() {
        assertThat(RankMain.line(new ConfigurationException("rank 2: no such thing"), "2"))
                .startsWith("porthole: rank 2: no such thing (");
        assertThat(RankMain.line(new ConfigurationException("rank 2: no such thing"), "1"))
                .startsWith("porthole: rank 1: rank 2: no such thing (");
    }

    @Test
    void shouldTellFailureInOneLineWithPlaceInProgram() {
        ConfigurationException failure = new ConfigurationException("no such thing");
        failure.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("org.porthole.internal.Inner", "deep", "Inner.java", 1),
            new StackTraceElement("org.porthole.Job", "join", "Job.java", 2),
            new StackTraceElement("org.example.Heat", "main", "Heat.java", 40),
            new StackTraceElement("org.porthole.cli.RankMain", "main", "RankMain.java", 3)
        });
        assertThat(RankMain.line(failure, "2"))
                .isEqualTo(
                        "porthole: rank 2: no such thing (ConfigurationException at org.example.Heat.main(Heat.java:40))");
    }
}
