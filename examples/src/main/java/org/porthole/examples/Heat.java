package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Operator;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// The heat equation on the pixels of an image: bright ones are hot, and with time the picture blurs.
///
/// The rows are split over the ranks. In each explicit time step, every cell takes from its four neighbours a fifth of what they have more
/// than it. The border is insulated: a cell there has itself for a neighbour, so that the sum of all cells stays what it was. That is
/// checked, and small runs are also compared bit by bit with a serial one: the result does not depend on the number of ranks.
///
/// **Windows.** `image` lies at rank 0 alone: the others get their rows from it at the start, and all put them back at the end. `ghosts`
/// has two rows at each rank, copies of the nearest ones of its neighbours, who put them there before each step. The ranks at the top and
/// the bottom put their own border row to themselves, which is what insulates them.
///
/// ```
/// porthole run -n 4 heat --input photo.jpg --iterations 2000 --frames 10
/// ```
public final class Heat {
    private static final String USAGE = """
            heat [options]: blurs an image by the heat equation
              --input FILE     a PNG or JPEG image (default: one that comes with the example)
              --iterations N   how many time steps (default 500)
              --output PATH    where the result goes: a PNG file, or a folder for one (default heat-out.png)
              --frames N       how many pictures, evenly spaced in time; several are numbered (default 1)
              --verify         compares with a serial run even if that takes long
            """;

    private static final double TOLERANCE = 1e-9;

    private final Job job;
    private final WholeRows rows;
    private final int lastBusyRank;
    private final Plate plate;
    private final Window ghosts;

    private Heat(Job job, WholeRows rows, Window ghosts) {
        this.job = job;
        this.rows = rows;
        this.ghosts = ghosts;
        Blocks blocks = rows.blocks();
        lastBusyRank = (int) Math.min(blocks.total(), blocks.parts()) - 1;
        plate = new Plate((int) (rows.rowBytes() / Double.BYTES), (int) blocks.count(job.rank()));
    }

    /// Joins the job and runs.
    ///
    /// @param args see the class
    public static void main(String[] args) {
        System.setProperty("java.awt.headless", "true");
        Example.start(USAGE, args, (job, arguments) -> run(job, HeatSettings.of(arguments)));
    }

    static HeatResult run(Job job, HeatSettings settings) {
        Optional<GreyImage> start = Example.onRankZero(job, settings::read);
        int width = (int) job.world().allreduce(start.map(it -> it.width).orElse(0), Operator.MAX);
        int height = (int) job.world().allreduce(start.map(it -> it.height).orElse(0), Operator.MAX);
        long rowBytes = (long) width * Double.BYTES;
        WindowSpec atRankZero = WindowSpec.ofBytes(job.rank() == 0 ? height * rowBytes : 0);
        try (Window image = job.world().openWindow(atRankZero.named("image"));
                Window ghosts =
                        job.world().openWindow(WindowSpec.ofBytes(2 * rowBytes).named("ghosts"))) {
            start.ifPresent(it -> image.local().copyFrom(MemorySegment.ofArray(it.cells)));
            WholeRows rows = new WholeRows(image, new Blocks(height, job.size()), rowBytes);
            return new Heat(job, rows, ghosts).run(settings, start);
        }
    }

    private HeatResult run(HeatSettings settings, Optional<GreyImage> start) {
        rows.take(plate::row);
        double before = job.world().allreduce(plate.heat(), Operator.SUM);
        Progress progress = new Progress(job, "step", settings.iterations());
        double seconds = 0;
        int step = 0;
        for (int frame = 1; frame <= settings.frames(); frame++) {
            long startNs = System.nanoTime();
            for (; step < settings.lastStep(frame); step++) {
                exchangeBorders();
                plate.step();
                progress.show(step);
            }
            seconds += Example.secondsSince(startNs);
            rows.giveBack(plate::row);
            write(settings, frame);
        }
        progress.end();
        double after = job.world().allreduce(plate.heat(), Operator.SUM);
        Example.verify(
                job,
                Math.abs(after - before) <= TOLERANCE * Math.max(1, before),
                "the heat was " + before + " and became " + after);
        return result(settings, start, seconds);
    }

    /// Puts this rank's outermost rows beside those of its neighbours, and takes what they put here.
    private void exchangeBorders() {
        int rank = job.rank();
        boolean isTop = rank == 0;
        boolean isBottom = rank == lastBusyRank;
        long above = 0; // where the two ghost rows lie
        long below = rows.rowBytes();
        try (Epoch epoch = ghosts.fence()) {
            if (plate.rows() > 0) {
                epoch.put(isTop ? rank : rank - 1, isTop ? above : below, plate.row(0));
                epoch.put(isBottom ? rank : rank + 1, isBottom ? below : above, plate.row(plate.rows() - 1));
            }
        }
        MemorySegment arrived = ghosts.local();
        plate.row(-1).copyFrom(arrived.asSlice(above, below));
        plate.row(plate.rows()).copyFrom(arrived.asSlice(below));
    }

    private void write(HeatSettings settings, int frame) {
        Example.onRankZero(job, () -> GreyImage.write(settings.picture(frame), plate.width(), cells()));
    }

    /// All cells, at rank 0; none elsewhere.
    private double[] cells() {
        return rows.window().local().toArray(ValueLayout.JAVA_DOUBLE);
    }

    /// Compares with a serial run if that is quick or wanted.
    private HeatResult result(HeatSettings settings, Optional<GreyImage> start, double seconds) {
        double[] cells = cells();
        long height = rows.blocks().total();
        boolean compares = settings.comparesWithSerial(plate.width() * height * settings.iterations());
        boolean same =
                !compares || start.isEmpty() || Arrays.equals(cells, Plate.serial(start.get(), settings.iterations()));
        Example.verify(job, same, "a serial run gives another picture");
        return new HeatResult(plate.width(), height, settings, job.size(), seconds, compares, Arrays.hashCode(cells));
    }
}
