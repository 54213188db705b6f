package org.porthole.examples;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/// The brightness of the pixels of an image, row by row, from 0 (black) to 255 (white).
final class GreyImage {
    private static final long MOST_PIXELS = 1L << 26;
    private static final double WHITE = 255;

    /// What the JPEG reader merely warns of though pixels are missing.
    private static final Pattern DAMAGE = Pattern.compile("(?i)truncated|premature|bad huffman");

    final int width;
    final int height;
    final double[] cells;

    private GreyImage(int width, int height, double[] cells) {
        this.width = width;
        this.height = height;
        this.cells = cells;
    }

    /// Reads a PNG, a JPEG or whatever else [ImageIO] knows.
    ///
    /// @param stream the image; closed afterwards
    /// @param name   what messages call it
    /// @throws UsageException if it is no image, or a damaged one
    static GreyImage read(InputStream stream, String name) {
        ImageIO.setUseCache(false);
        try (stream;
                ImageInputStream input = ImageIO.createImageInputStream(stream)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
            if (!readers.hasNext()) {
                throw new UsageException(name + ": no image of a known kind; PNG and JPEG are known");
            }
            ImageReader reader = readers.next();
            reader.setInput(input);
            reader.addIIOReadWarningListener((source, warning) -> {
                if (DAMAGE.matcher(warning).find()) {
                    throw new UsageException(damaged(name, warning));
                }
            });
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > MOST_PIXELS) {
                throw new UsageException(name + ": an image of " + reader.getWidth(0) + " x " + reader.getHeight(0)
                        + " pixels; at most " + MOST_PIXELS + " are possible");
            }
            return of(reader.read(0));
        } catch (UsageException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // readers throw whatever a damaged image leads them to
            throw new UsageException(damaged(name, Example.reason(e)), e);
        }
    }

    private static String damaged(String name, String why) {
        return name + ": the image is damaged, cut off or of an unknown kind: " + Example.shown(String.valueOf(why));
    }

    private static GreyImage of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        boolean isGrey = image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY
                && !(image.getColorModel() instanceof IndexColorModel);
        double scale = WHITE / ((1L << image.getSampleModel().getSampleSize(0)) - 1);
        double[] cells = new double[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                cells[y * width + x] =
                        isGrey ? image.getRaster().getSample(x, y, 0) * scale : luminance(image.getRGB(x, y));
            }
        }
        return new GreyImage(width, height, cells);
    }

    /// **Source.** ITU-R BT.601, 2.5.1.
    private static double luminance(int rgb) {
        return 0.299 * (rgb >> 16 & 0xff) + 0.587 * (rgb >> 8 & 0xff) + 0.114 * (rgb & 0xff);
    }

    /// Writes a PNG.
    ///
    /// @return its path
    /// @throws UsageException if that cannot be written
    static Path write(Path path, int width, double[] cells) {
        BufferedImage image = new BufferedImage(width, cells.length / width, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < cells.length; i++) {
            image.getRaster().setSample(i % width, i / width, 0, (int) Math.round(cells[i]));
        }
        try (OutputStream stream = Files.newOutputStream(path)) {
            ImageIO.write(image, "png", stream);
            return path;
        } catch (IOException e) {
            throw new UsageException("cannot write " + path + ": " + Example.reason(e), e);
        }
    }

    /// Where a picture goes: into a folder under a preset name, or to the path itself.
    static Path target(Path output, String preset) {
        Path path = Files.isDirectory(output) ? output.resolve(preset) : output;
        Path folder = path.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new UsageException("cannot write " + path + ": " + folder + " is no folder that can be written to");
        }
        return path;
    }

    /// The path of one picture of many: `heat-out.png` becomes `heat-out-3.png`.
    static Path numbered(Path path, int number, int of) {
        if (of == 1) {
            return path;
        }
        String name = path.getFileName().toString();
        String stem = name.toLowerCase(Locale.ROOT).endsWith(".png") ? name.substring(0, name.length() - 4) : name;
        int digits = Integer.toString(of).length();
        return path.resolveSibling(stem + String.format(Locale.ROOT, "-%0" + digits + "d.png", number));
    }
}
