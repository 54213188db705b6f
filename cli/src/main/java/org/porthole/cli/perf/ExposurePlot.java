package org.porthole.cli.perf;

import java.util.Formatter;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/// Draws what an epoch costs against the bytes that its owner works on between epochs, both logarithmic, as an SVG.
final class ExposurePlot {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 460;
    private static final int LEFT = 70;
    private static final int RIGHT = 200;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    private static final double LEAST_NS = 10;
    private static final double MOST_NS = 1e8;
    private static final double PAGE = 4096;
    private static final String[] COLOURS = {"#1b6ca8", "#2a9d3a", "#c0392b", "#8e44ad", "#7f8c8d"};

    private final Formatter text = new Formatter(Locale.ROOT);
    private final double most;
    private final double least;
    private int lines;

    private ExposurePlot(double least, double most) {
        this.least = least;
        this.most = most;
    }

    static String draw(Map<ExposureScheme, ExposureCost> costs, CopyCost copies, long size) {
        int last = copies.sizes().size() - 1;
        ExposurePlot plot =
                new ExposurePlot(copies.sizes().getFirst(), copies.sizes().get(last));
        plot.frame("One epoch of a window of " + ExposureMain.shown(size) + ": cost to its owner");
        ExposureCost never = costs.get(ExposureScheme.NEVER_TOUCH);
        plot.begin("NEVER_TOUCH: get and put");
        for (int i = 0; i <= last; i++) {
            plot.point(copies.sizes().get(i), never.epochNs() + copies.costNs(i));
        }
        plot.end();
        plot.line(costs, ExposureScheme.STAGED, "STAGED");
        plot.line(costs, ExposureScheme.SCOPE, "DONT_TOUCH: scope");
        plot.line(costs, ExposureScheme.SCOPE_SHARED, "scope, for all threads");
        plot.line(costs, ExposureScheme.PAGES, "pages");
        plot.text.format("</svg>%n");
        return plot.text.toString();
    }

    private void line(Map<ExposureScheme, ExposureCost> costs, ExposureScheme scheme, String label) {
        ExposureCost cost = costs.get(scheme);
        if (cost == null) {
            return;
        }
        DoubleUnaryOperator ns = bytes -> cost.epochNs() + cost.touchNs() * Math.ceil(bytes / PAGE);
        begin(label);
        for (double bytes = least; bytes <= most; bytes *= 2) {
            point(bytes, ns.applyAsDouble(bytes));
        }
        end();
    }

    private void frame(String title) {
        text.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">%n",
                WIDTH, HEIGHT);
        text.format("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n", WIDTH, HEIGHT);
        text.format("<text x=\"%d\" y=\"20\" font-size=\"14\">%s</text>%n", LEFT, title);
        for (double ns = LEAST_NS; ns <= MOST_NS; ns *= 10) {
            text.format(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n",
                    LEFT, WIDTH - RIGHT, y(ns), y(ns));
            text.format("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n", LEFT - 6, y(ns) + 4, time(ns));
        }
        for (double bytes = least; bytes <= most; bytes *= 16) {
            text.format(
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#ddd\"/>%n",
                    x(bytes), x(bytes), TOP, HEIGHT - BOTTOM);
            text.format(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    x(bytes), HEIGHT - BOTTOM + 18, bytes(bytes));
        }
        text.format(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">bytes worked on locally between epochs</text>%n",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10);
    }

    private void begin(String label) {
        String colour = COLOURS[lines % COLOURS.length];
        int y = TOP + 20 + lines * 20;
        text.format(
                "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"2\"/>%n",
                WIDTH - RIGHT + 10, WIDTH - RIGHT + 30, y, y, colour);
        text.format("<text x=\"%d\" y=\"%d\">%s</text>%n", WIDTH - RIGHT + 36, y + 4, label);
        text.format("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"", colour);
        lines++;
    }

    private void point(double bytes, double ns) {
        text.format("%.1f,%.1f ", x(bytes), y(Math.min(MOST_NS, Math.max(LEAST_NS, ns))));
    }

    private void end() {
        text.format("\"/>%n");
    }

    private double x(double bytes) {
        return LEFT + (WIDTH - RIGHT - LEFT) * Math.log(bytes / least) / Math.log(most / least);
    }

    private double y(double ns) {
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * Math.log(ns / LEAST_NS) / Math.log(MOST_NS / LEAST_NS);
    }

    private static String time(double ns) {
        return ns >= 1e6
                ? Math.round(ns / 1e6) + " ms"
                : ns >= 1e3 ? Math.round(ns / 1e3) + " us" : Math.round(ns) + " ns";
    }

    private static String bytes(double bytes) {
        return bytes >= 1 << 20
                ? Math.round(bytes / (1 << 20)) + " MiB"
                : bytes >= 1 << 10 ? Math.round(bytes / (1 << 10)) + " KiB" : Math.round(bytes) + " B";
    }
}
