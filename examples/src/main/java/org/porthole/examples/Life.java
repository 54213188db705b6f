package org.porthole.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// Conway's Game of Life on a torus, in millions of cell updates per second.
///
/// The rows are split over the ranks. Before each generation, every rank gets the row above its first and the one below its last. In the end
/// the cells come to rank 0, which compares them with those of a serial run. Without `--input` the pattern is Gosper's glider gun, the first
/// that was found to grow for ever.
///
/// **Windows.** `world` lies at rank 0 alone: the others get their rows from it and put them back. `ghosts` has two rows at each rank, which
/// its neighbours put there, in an epoch of their own ([Window#exchange(int...)]).
///
/// ```
/// porthole run -n 4 life --input r-pentomino.rle --generations 1103 --show
/// ```
///
/// **Source.** Gardner, Scientific American 223 (October 1970); the RLE format: LifeWiki, "Run Length Encoded".
public final class Life {
    private static final String USAGE = """
            life [options]: Conway's Game of Life on a torus
              --input FILE      a pattern in RLE format; it is put in the middle (default: Gosper's glider gun)
              --columns N       the torus's width (default 512)
              --rows N          its height (default 512)
              --generations N   how many (default 1000)
              --show            prints the cells at the end
            """;

    private static final String PRESET = "gosper-glider-gun.rle";

    private final Job job;
    private final Blocks blocks;
    private final Torus mine;
    private final Window ghosts;
    private final int above;
    private final int below;
    private final int[] neighbours;

    private Life(Job job, Blocks blocks, int columns, Window ghosts) {
        this.job = job;
        this.blocks = blocks;
        this.ghosts = ghosts;
        mine = new Torus(columns, (int) blocks.count(job.rank()));
        above = Math.floorMod(job.rank() - 1, job.size());
        below = (job.rank() + 1) % job.size();
        neighbours = IntStream.of(above, below).distinct().toArray();
    }

    /// What the user asked for.
    ///
    /// @param input       the pattern; empty for the one that comes with the example
    /// @param columns     the torus's width
    /// @param rows        its height
    /// @param generations how many
    /// @param show        whether to print the cells
    record Settings(Optional<Path> input, int columns, int rows, int generations, boolean show) {
        static Settings of(Arguments arguments) {
            return new Settings(
                    arguments.path("--input"),
                    arguments.integer("--columns", 512, 1, 40_000),
                    arguments.integer("--rows", 512, 1, 40_000),
                    arguments.integer("--generations", 1000, 0, Integer.MAX_VALUE),
                    arguments.has("--show"));
        }

        Torus read() throws IOException {
            InputStream stream = input.isPresent()
                    ? Example.open(input.get())
                    : Objects.requireNonNull(Life.class.getResourceAsStream(PRESET), PRESET);
            Torus torus = new Torus(columns, rows);
            try (BufferedReader reader = GraphLines.text(stream)) {
                RunLengths.read(reader, input.map(Path::toString).orElse(PRESET), torus);
            }
            return torus;
        }
    }

    /// Joins the job and runs.
    ///
    /// @param args see the class
    public static void main(String[] args) {
        int exitCode;
        try (Job job = Job.join()) {
            exitCode = Example.run(job, USAGE, args, arguments -> run(job, Settings.of(arguments)));
        }
        System.exit(exitCode);
    }

    static Result run(Job job, Settings settings) {
        if (settings.rows < job.size()) {
            throw new UsageException("--rows: " + settings.rows + " are too few for " + Example.ranks(job.size()));
        }
        Optional<Torus> start = Example.onRankZero(job, settings::read);
        Blocks blocks = new Blocks(settings.rows, job.size());
        long cells = (long) settings.columns * settings.rows;
        try (Window world = job.world()
                        .openWindow(
                                WindowSpec.ofBytes(job.rank() == 0 ? cells : 0).named("world"));
                Window ghosts = job.world()
                        .openWindow(WindowSpec.ofBytes(2L * settings.columns).named("ghosts"))) {
            start.ifPresent(it -> it.copyTo(world.local()));
            Life life = new Life(job, blocks, settings.columns, ghosts);
            life.takeRows(world);
            job.world().barrier();
            long startNs = System.nanoTime();
            for (int generation = 0; generation < settings.generations; generation++) {
                life.exchangeBorders();
                life.mine.step();
            }
            double seconds = Example.slowestSince(job, startNs);
            life.returnRows(world);
            return result(job, settings, start, world, seconds);
        }
    }

    private static Result result(Job job, Settings settings, Optional<Torus> start, Window world, double seconds) {
        boolean same = true;
        Torus end = new Torus(settings.columns, job.rank() == 0 ? settings.rows : 0);
        if (start.isPresent()) {
            end.copyFrom(world.local());
            same = end.hasSameCells(start.get().after(settings.generations));
        }
        Example.verify(job, same, "the cells are not those of a serial run");
        return new Result(settings, job.size(), seconds, end.population(), settings.show ? end.toString() : "");
    }

    /// Gets this rank's rows from rank 0.
    private void takeRows(Window world) {
        try (Epoch epoch = world.fence()) {
            for (int y = 0; y < mine.rows(); y++) {
                epoch.get(0, (blocks.first(job.rank()) + y) * mine.columns(), mine.row(y));
            }
        }
    }

    /// Puts this rank's rows back to rank 0.
    private void returnRows(Window world) {
        try (Epoch epoch = world.fence()) {
            for (int y = 0; y < mine.rows(); y++) {
                epoch.put(0, (blocks.first(job.rank()) + y) * mine.columns(), mine.row(y));
            }
        }
    }

    /// Puts this rank's outermost rows beside those of its neighbours, and takes what they put here.
    private void exchangeBorders() {
        long columns = mine.columns();
        try (Epoch epoch = ghosts.exchange(neighbours)) {
            epoch.put(above, columns, mine.row(0));
            epoch.put(below, 0, mine.row(mine.rows() - 1));
        }
        MemorySegment arrived = ghosts.local();
        mine.row(-1).copyFrom(arrived.asSlice(0, columns));
        mine.row(mine.rows()).copyFrom(arrived.asSlice(columns, columns));
    }

    /// What is printed at the end.
    ///
    /// @param settings   what was asked for
    /// @param ranks      how many ranks took part
    /// @param seconds    how long it took
    /// @param population how many cells live at the end
    /// @param picture    the cells, if they were asked for
    record Result(Settings settings, int ranks, double seconds, long population, String picture) {
        @Override
        public String toString() {
            double updates = (double) settings.columns * settings.rows * settings.generations;
            return String.format(
                    Locale.ROOT,
                    "%d x %d cells, %d generations on %s in %.3f s: %.1f M cell updates/s; %d live, as in a serial run%s",
                    settings.columns,
                    settings.rows,
                    settings.generations,
                    Example.ranks(ranks),
                    seconds,
                    updates / seconds / 1e6,
                    population,
                    picture);
        }
    }
}
