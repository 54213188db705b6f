package org.porthole.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.porthole.cli.text.UsageException;

class RunRequestTest {
    private static LaunchSpec parse(String... words) {
        return RunCommand.Request.parse(List.of(words)).spec();
    }

    @Test
    void shouldReadEveryOption() {
        LaunchSpec spec = parse(
                "-n",
                "3",
                "--tag=false",
                "--keep-going",
                "--env",
                "A=1",
                "--env=B=x=y",
                "--env",
                "C=",
                "--jvm",
                "-Xmx1g",
                "--jvm=-ea",
                "--cp",
                "a.jar",
                "--cp=b",
                "--main",
                RunRequestTest.class.getName(),
                "--",
                "-n",
                "9");
        assertThat(spec)
                .isEqualTo(new LaunchSpec(
                        3,
                        false,
                        true,
                        Map.of("A", "1", "B", "x=y", "C", ""),
                        List.of("-Xmx1g", "-ea"),
                        "a.jar" + File.pathSeparator + "b",
                        RunRequestTest.class.getName(),
                        List.of("-n", "9")));
    }

    @Test
    void shouldFindProgramByName() {
        LaunchSpec spec = parse("-n1", "sample", "--size", "4");
        assertThat(spec.mainClass()).isEqualTo(RunRequestTest.class.getName());
        assertThat(spec.arguments()).containsExactly("--size", "4");
        assertThat(spec.tag()).isTrue();
        assertThat(spec.keepGoing()).isFalse();
    }

    @Test
    void shouldListProgramsAndSuggestNearestForUnknownName() {
        assertThatThrownBy(() -> parse("-n", "1", "samlpe"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("\"samlpe\"")
                .hasMessageContaining("did you mean sample?")
                .hasMessageContaining("sample, other");
    }

    @Test
    void shouldRefuseRanksOutOfRange() {
        for (String ranks : List.of("0", "-3", "1025")) {
            assertThatThrownBy(() -> parse("-n", ranks, "sample"))
                    .hasMessage("run: -n: " + ranks + " is not from 1 to 1024");
        }
    }

    @Test
    void shouldRefuseVariableWithoutName() {
        assertThatThrownBy(() -> parse("--env", "=x", "sample")).hasMessageContaining("\"=x\" is not NAME=VALUE");
        assertThatThrownBy(() -> parse("--env", "X", "sample")).hasMessageContaining("\"X\" is not NAME=VALUE");
    }

    @Test
    void shouldRefuseClassThatIsNotThere() {
        String reason = "run: there is no class org.example.Missing on the class path (--cp adds to it)";
        assertThatThrownBy(() -> parse("--main", "org.example.Missing")).hasMessage(reason);
        assertThatThrownBy(() -> parse("other")).hasMessage(reason);
    }

    @Test
    void shouldRefuseNoProgram() {
        assertThatThrownBy(() -> parse("-n", "1")).hasMessageStartingWith("run: no program");
    }
}
