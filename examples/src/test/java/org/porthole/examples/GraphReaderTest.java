package org.porthole.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphReaderTest {
    private static final String EDGES = "# a remark\n0 1\n\n0\t2\r\n 2 1 \n";

    @Test
    void shouldReadAnEdgeList() {
        Graph graph = read(EDGES.getBytes(StandardCharsets.UTF_8));
        assertThat(graph.vertices()).isEqualTo(3);
        assertThat(graph.outDegrees).containsExactly(2, 0, 1);
        assertThat(graph.starts).containsExactly(0, 0, 2, 3);
        assertThat(graph.sources).containsExactly(0, 2, 0);
    }

    @Test
    void shouldReadGzip() throws IOException {
        assertThat(read(gzip(EDGES)).edges()).isEqualTo(3);
    }

    @Test
    void shouldBelieveTheNumberOfVertices() {
        assertThat(read("# Vertices: 7\n# Edges: 1\n0 1\n".getBytes(StandardCharsets.UTF_8))
                        .vertices())
                .isEqualTo(7);
    }

    @Test
    void shouldReadAGeneralMatrix() {
        Graph graph = read("%%MatrixMarket matrix coordinate pattern general\n% remark\n3 3 2\n1 2\n3 3\n"
                .getBytes(StandardCharsets.UTF_8));
        assertThat(graph.outDegrees).containsExactly(1, 0, 1);
        assertThat(graph.sources).containsExactly(0, 2);
    }

    @Test
    void shouldReadASymmetricMatrix() {
        Graph graph = read("%%MatrixMarket matrix coordinate real symmetric\n3 3 2\n2 1 0.5\n3 3 -1e9\n"
                .getBytes(StandardCharsets.UTF_8));
        assertThat(graph.outDegrees).containsExactly(1, 1, 1);
        assertThat(graph.sources).containsExactly(1, 0, 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "0 1;1 2 3|g, line 2: expected two vertex numbers: \"1 2 3\"",
                "0 1;# x;-1 2|g, line 3: \"-1\" is not a number from 0 to 2147483630: \"-1 2\"",
                "# Vertices: 2;0 2|g, line 2: \"2\" is not a number from 0 to 1: \"0 2\"",
                "0 5;# Vertices: 2|g, line 2: there are 6 already, and at most 2147483631 are possible: \"# Vertices: 2\"",
                "# Edges: 3;0 1|g: damaged or cut off after line 2: it has 1 edges, but a remark in it promises 3",
                "# nothing|g: damaged or cut off after line 1: there is no vertex in it",
                "%%MatrixMarket matrix array real general|g, line 1: expected matrix, coordinate, then pattern, integer or real, then general or symmetric: \"%%MatrixMarket matrix array real general\"",
                "%%MatrixMarket matrix coordinate pattern general;2 3 1;1 1|g, line 2: as many columns as rows are needed: \"2 3 1\"",
                "%%MatrixMarket matrix coordinate pattern general;2 2 1;1 3|g, line 3: \"3\" is not a number from 1 to 2: \"1 3\"",
                "%%MatrixMarket matrix coordinate integer general;2 2 1;1 2|g, line 3: expected a row, a column and a value: \"1 2\"",
                "%%MatrixMarket matrix coordinate pattern general;2 2 2;1 2|g: damaged or cut off after line 3: entry 2 of 2 should follow"
            })
    void shouldNameTheLineThatIsWrong(String text, String message) {
        assertThatThrownBy(() -> read(text.replace(';', '\n').getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }

    @Test
    void shouldRefuseAnEmptyFile() {
        assertThatThrownBy(() -> read(new byte[0])).hasMessage("g: damaged or cut off: it is empty");
    }

    @Test
    void shouldRefuseTruncatedGzip() throws IOException {
        byte[] whole = gzip("0 1\n".repeat(100_000));
        for (int length : new int[] {2, 9, whole.length / 2, whole.length - 1}) {
            assertThatThrownBy(() -> read(Arrays.copyOf(whole, length)))
                    .isInstanceOf(UsageException.class)
                    .hasMessageStartingWith("g: damaged or cut off");
        }
    }

    @Test
    void shouldRefuseDamagedGzip() throws IOException {
        byte[] whole = gzip(EDGES);
        whole[whole.length - 6] ^= 1; // in the checksum
        assertThatThrownBy(() -> read(whole))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("Corrupt GZIP trailer");
    }

    private static Graph read(byte... bytes) {
        return GraphReader.read(new ByteArrayInputStream(bytes), "g");
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
