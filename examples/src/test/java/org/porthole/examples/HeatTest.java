package org.porthole.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeatTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void needNoScreen() {
        System.setProperty("java.awt.headless", "true");
    }

    @Test
    void shouldGiveTheSameBitsOnAnyNumberOfRanks() {
        HeatResult alone = heat(1, settings(Optional.empty(), 20, 1));
        assertThat(alone.compared()).isTrue();
        for (int ranks = 2; ranks <= 4; ranks++) {
            assertThat(heat(ranks, settings(Optional.empty(), 20, 1)).checksum())
                    .isEqualTo(alone.checksum());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 2", "7, 1, 3", "1, 5, 4", "5, 2, 4", "3, 4, 4", "2, 9, 1"})
    void shouldWorkOnMoreRanksThanRows(int width, int height, int ranks) throws IOException {
        Path image = image(width, height, "png");
        HeatResult result = heat(ranks, settings(Optional.of(image), 9, 1));
        assertThat(result.width()).isEqualTo(width);
        assertThat(result.height()).isEqualTo(height);
        assertThat(result.compared()).isTrue();
    }

    @Test
    void shouldWriteNumberedFrames() throws IOException {
        Path image = image(8, 8, "png");
        heat(2, settings(Optional.of(image), 30, 10));
        for (String name : new String[] {"out-01.png", "out-05.png", "out-10.png"}) {
            BufferedImage frame = ImageIO.read(folder.resolve(name).toFile());
            assertThat(frame.getWidth()).isEqualTo(8);
        }
        assertThat(folder.resolve("out-00.png")).doesNotExist();
        assertThat(folder.resolve("out-11.png")).doesNotExist();
    }

    @Test
    void shouldEvenOutTheHeat() throws IOException {
        BufferedImage halves = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 32; i++) {
            halves.getRaster().setSample(i % 8, i / 8, 0, 200);
        }
        Path image = folder.resolve("halves.png");
        ImageIO.write(halves, "png", image.toFile());
        heat(3, settings(Optional.of(image), 2000, 1));
        BufferedImage result = ImageIO.read(folder.resolve("out.png").toFile());
        for (int i = 0; i < 64; i++) {
            assertThat(result.getRaster().getSample(i % 8, i / 8, 0)).isEqualTo(100);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 40, 5000, 28_000})
    void shouldRefuseATruncatedPng(int length) throws IOException {
        try (InputStream preset = Objects.requireNonNull(Heat.class.getResourceAsStream("heat.png"))) {
            assertDamaged(preset.readAllBytes(), length, "heat.png");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 400, 1000})
    void shouldRefuseATruncatedJpeg(int length) throws IOException {
        assertDamaged(Files.readAllBytes(image(100, 100, "jpg")), length, "image.jpg");
    }

    private void assertDamaged(byte[] whole, int length, String name) throws IOException {
        assertThat(whole).hasSizeGreaterThan(length);
        Path cut = Files.write(folder.resolve("cut-" + name), Arrays.copyOf(whole, length));
        assertThat(Ranks.complaint(3, job -> Heat.run(job, settings(Optional.of(cut), 5, 1))))
                .startsWith(cut + ": the image is damaged, cut off or of an unknown kind: ")
                .doesNotContain("\n");
    }

    @Test
    void shouldRefuseWhatIsNoImage() throws IOException {
        Path text = Files.writeString(folder.resolve("text.png"), "not a picture");
        assertThat(Ranks.complaint(2, job -> Heat.run(job, settings(Optional.of(text), 5, 1))))
                .isEqualTo(text + ": no image of a known kind; PNG and JPEG are known");
        Path missing = folder.resolve("missing.png");
        assertThat(Ranks.complaint(2, job -> Heat.run(job, settings(Optional.of(missing), 5, 1))))
                .isEqualTo(missing + ": cannot be read: there is no such file");
    }

    @Test
    void shouldRefuseAPlaceThatCannotBeWrittenBeforeItComputes() {
        Path nowhere = folder.resolve("missing").resolve("out.png");
        HeatSettings settings = new HeatSettings(Optional.empty(), Integer.MAX_VALUE, nowhere, 1, false);
        assertThat(Ranks.complaint(2, job -> Heat.run(job, settings)))
                .isEqualTo("cannot write " + nowhere + ": " + nowhere.getParent()
                        + " is no folder that can be written to");
    }

    @Test
    void shouldReadColoursAsLuminance() throws IOException {
        BufferedImage colours = new BufferedImage(3, 1, BufferedImage.TYPE_INT_RGB);
        colours.setRGB(0, 0, 0xff0000);
        colours.setRGB(1, 0, 0xffffff);
        colours.setRGB(2, 0, 0x0000ff);
        Path path = folder.resolve("colours.png");
        ImageIO.write(colours, "png", path.toFile());
        GreyImage image = GreyImage.read(Files.newInputStream(path), "colours.png");
        assertThat(image.cells[0]).isEqualTo(0.299 * 255);
        assertThat(image.cells[1]).isBetween(254.999, 255.001);
        assertThat(image.cells[2]).isEqualTo(0.114 * 255);
    }

    private static HeatResult heat(int ranks, HeatSettings settings) {
        return Ranks.atRankZero(ranks, job -> Heat.run(job, settings));
    }

    private HeatSettings settings(Optional<Path> input, int iterations, int frames) {
        return new HeatSettings(input, iterations, folder.resolve("out.png"), frames, false);
    }

    private Path image(int width, int height, String format) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < width * height; i++) {
            image.getRaster().setSample(i % width, i / width, 0, i * 37 % 256);
        }
        Path path = folder.resolve("image." + format);
        ImageIO.write(image, format, path.toFile());
        return path;
    }
}
