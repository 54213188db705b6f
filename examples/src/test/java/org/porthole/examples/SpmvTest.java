package org.porthole.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.Job;
import org.porthole.LocalRankException;

class SpmvTest {
    private static final String HEADER = "%%MatrixMarket matrix coordinate real symmetric\n";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldSolveTheShippedSystem(int ranks) {
        Spmv.Result result = Ranks.atRankZero(ranks, job -> Spmv.run(job, Optional.empty(), 1e-8, 1000));
        assertThat(result.order()).isEqualTo(63_436);
        assertThat(result.residual()).isLessThan(1e-8);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4})
    void shouldSolveASystemFromAFileInAsManyStepsAsItHasEquations(int ranks) throws IOException {
        Path file = Files.writeString(folder.resolve("m.mtx"), HEADER + "3 3 4\n1 1 4\n2 1 -1.5\n2 2 5\n3 3 2\n");
        Spmv.Result result = Ranks.atRankZero(ranks, job -> Spmv.run(job, Optional.of(file), 1e-12, 10));
        assertThat(result.entries()).isEqualTo(5);
        assertThat(result.iterations()).isLessThanOrEqualTo(3);
    }

    @Test
    void shouldRefuseAMatrixThatIsNotPositiveDefinite() throws IOException {
        Path file = Files.writeString(folder.resolve("m.mtx"), HEADER + "2 2 3\n1 1 1\n2 1 5\n2 2 1\n");
        assertThat(Ranks.complaint(2, job -> Spmv.run(job, Optional.of(file), 1e-12, 10)))
                .isEqualTo("the matrix is not positive definite");
    }

    @Test
    void shouldNotPassOffAnUnfinishedSolution() {
        assertThatThrownBy(() -> Job.runLocal(2, job -> Spmv.run(job, Optional.empty(), 1e-10, 2)))
                .isInstanceOf(LocalRankException.class)
                .cause()
                .isInstanceOf(WrongResultException.class)
                .hasMessageContaining("after 2 iterations the residual is");
    }

    @Test
    void shouldReadValues() {
        SparseMatrix matrix = read(HEADER + "% remark\n2 2 2\n1 1 2.5\n2 1 -1e1\n");
        double[] product = new double[2];
        matrix.multiply(new double[] {1, 2}, product);
        assertThat(product).containsExactly(new double[] {-17.5, -10}, within(1e-15));
        assertThat(matrix.diagonal(0)).containsExactly(2.5, 0);
    }

    @Test
    void shouldNameTheLineThatIsWrong() {
        assertThatThrownBy(() -> read(HEADER + "1 1 1\n1 1 nan\n"))
                .isInstanceOf(UsageException.class)
                .hasMessage("m, line 3: \"nan\" is not a number: \"1 1 nan\"");
        assertThatThrownBy(() -> read("1 2\n")).hasMessageStartingWith("m, line 1: expected matrix");
        assertThatThrownBy(() -> read("")).hasMessage("m: damaged or cut off: it is empty");
    }

    private static SparseMatrix read(String text) {
        return SparseMatrix.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "m");
    }
}
