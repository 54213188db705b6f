package org.porthole.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.porthole.Job;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;

/// Each fragment of docs/from-mpi.md compiles, and does what it requires of itself.
class FromMpiTest {
    private static final Path PAGE = Path.of("..", "docs", "from-mpi.md");
    private static final Pattern FRAGMENT = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final int RANKS = 4;

    @TempDir
    private Path folder;

    private static Stream<String> fragments() throws IOException {
        return FRAGMENT.matcher(Files.readString(PAGE)).results().map(found -> found.group(1));
    }

    @Test
    void shouldHaveFragmentsOfAllThree() throws IOException {
        String page = Files.readString(PAGE);
        for (String heading : List.of("## MPI-4.1, chapter 12", "## MPI-4.1, chapters 6", "## OpenSHMEM", "## GASPI")) {
            int begin = page.indexOf(heading);
            int end = page.indexOf("\n## ", begin);
            assertThat(page.substring(begin, end < 0 ? page.length() : end))
                    .as("%s", heading)
                    .contains("```java");
        }
    }

    @ParameterizedTest
    @MethodSource("fragments")
    void shouldDoWhatItSays(String fragment) throws Exception {
        compile(program(fragment));
        Configuration configuration = Configuration.load(Map.of(), Map.of())
                .with(CoreOptions.TRANSPORTS, "inproc")
                .with(CoreOptions.WAIT_DEADLINE, "20s");
        try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            var run = loader.loadClass("Fragment").getMethod("run", Job.class);
            Job.runLocal(RANKS, configuration, job -> run.invoke(null, job));
        }
    }

    private static String program(String fragment) {
        return """
            import static java.lang.foreign.ValueLayout.*;
            import java.lang.foreign.*;
            import java.util.*;
            import org.porthole.*;

            public class Fragment {
                private static void require(boolean condition) {
                    if (!condition) {
                        throw new AssertionError("a requirement of the fragment");
                    }
                }

                public static void run(Job job) throws Exception {
            %s
                }
            }
            """.formatted(fragment);
    }

    private void compile(String program) throws IOException {
        Path source = Files.writeString(folder.resolve("Fragment.java"), program);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            said,
                            files,
                            null,
                            List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path")),
                            null,
                            files.getJavaFileObjects(source))
                    .call();
            assertThat(compiled).as("%s%n%s", said, program).isTrue();
        }
    }
}
