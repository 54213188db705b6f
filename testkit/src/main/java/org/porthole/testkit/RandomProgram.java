package org.porthole.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.porthole.Access;
import org.porthole.DataType;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Operator;
import org.porthole.Request;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.spi.Elements;

/// A program made of chance: in each epoch, of any kind, every rank puts, gets, accumulates and operates atomically on places that are its alone, with
/// memory of any shape, and all of them add to a few that are everybody's. What must come out is known from arrays that stand for the windows. A
/// counter tells each rank how many operations there were on its part.
///
/// The same seed gives the same program, in this process or another.
public final class RandomProgram {
    private static final int MOST_RANKS = 4;
    private static final int MOST_EPOCHS = 6;
    private static final int MOST_OPERATIONS = 120;
    private static final int[] SIZES = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 63, 64, 65, 100, 1000, 4096, 70_000};
    private static final List<SegmentKind> KINDS = List.of(SegmentKind.values());
    private static final List<DataType> TYPES = List.of(DataType.values());
    private static final List<Operator> OPERATORS = List.of(Operator.values());
    private static final List<Kind> EPOCHS = List.of(Kind.values());
    private static final int GAP = 3;
    /// Room for a region, and for the bytes that it comes from or goes to.
    private static final int REGION_BYTES = 600;

    /// At the start of each window: words that everybody adds to.
    private static final int SHARED_WORDS = 4;

    private static final int SHARED_BYTES = SHARED_WORDS * Long.BYTES;

    private final long seed;
    private final SplittableRandom random;
    private final byte[][] model;
    private final List<Step> steps = new ArrayList<>();

    private enum Kind {
        FENCE,
        EXCHANGE,
        LOCK_ALL
    }

    /// One epoch: what is done in it, and what the windows hold after it.
    private record Step(Kind kind, List<Deed> deeds, List<byte[]> after, boolean chained) {
        /// How many operations on a rank's part there are of one rank, or of all if that is -1.
        long count(int origin, int target) {
            return deeds.stream()
                    .filter(deed -> deed.target() == target && (origin < 0 || deed.origin() == origin))
                    .count();
        }
    }

    /// Writes a program.
    ///
    /// @param seed what it is made from
    public RandomProgram(long seed) {
        this.seed = seed;
        random = new SplittableRandom(seed);
        model = new byte[1 + random.nextInt(MOST_RANKS)][];
        for (int rank = 0; rank < model.length; rank++) {
            model[rank] = new byte[random.nextInt(5) == 0 ? 0 : SHARED_BYTES + random.nextInt(200_000)];
        }
        int epochs = 1 + random.nextInt(MOST_EPOCHS);
        boolean chained = false;
        for (int i = 0; i < epochs; i++) {
            List<Deed> deeds = epoch();
            List<byte[]> after = Arrays.stream(model).map(byte[]::clone).toList();
            Kind kind = chained ? Kind.FENCE : EPOCHS.get(random.nextInt(EPOCHS.size()));
            chained = kind == Kind.FENCE && i + 1 < epochs && random.nextBoolean();
            steps.add(new Step(kind, deeds, after, chained));
        }
    }

    /// How many ranks the program is for.
    ///
    /// @return 1 to 4
    public int size() {
        return model.length;
    }

    @Override
    public String toString() {
        return "random program with seed " + seed + ": " + model.length + " ranks, " + steps.size() + " epochs";
    }

    private List<Deed> epoch() {
        int[] free = new int[model.length];
        Arrays.fill(free, SHARED_BYTES);
        List<Deed> deeds = new ArrayList<>();
        int count = random.nextInt(MOST_OPERATIONS);
        for (int i = 0; i < count; i++) {
            int target = random.nextInt(model.length);
            Deed deed = random.nextInt(8) == 0 ? shared(target) : exclusive(target, free);
            if (deed != null) {
                deeds.add(deed);
            }
        }
        return deeds;
    }

    private Deed shared(int target) {
        if (model[target].length < SHARED_BYTES) {
            return null;
        }
        int offset = random.nextInt(SHARED_WORDS) * Long.BYTES;
        long operand = random.nextLong();
        MemorySegment memory = MemorySegment.ofArray(model[target]);
        memory.set(
                ValueLayout.JAVA_LONG_UNALIGNED, offset, memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset) + operand);
        return new Deed.Add(origin(), target, offset, operand);
    }

    /// Something on a place behind all those of this epoch.
    private Deed exclusive(int target, int[] free) {
        int kind = random.nextInt(7);
        if (kind >= 4) {
            return kind == 4
                    ? region(target, free)
                    : kind == 5 ? accumulate(target, free) : accumulateRegion(target, free);
        }
        int size = SIZES[random.nextInt(SIZES.length)];
        int offset = free[target] + random.nextInt(GAP + 1);
        if (kind >= 2) {
            size = kind == 2 ? Long.BYTES : Integer.BYTES;
            offset = (offset + size - 1) / size * size;
        }
        if (offset + size > model[target].length) {
            return null;
        }
        free[target] = offset + size;
        MemorySegment place = MemorySegment.ofArray(model[target]).asSlice(offset, size);
        return switch (kind) {
            case 0 -> put(target, offset, place);
            case 1 -> new Deed.Get(origin(), target, offset, copy(place), memoryKind(), random.nextInt(9));
            case 2 -> longs(target, offset, place);
            default -> ints(target, offset, place);
        };
    }

    private Deed region(int target, int[] free) {
        int base = free[target];
        if (base + REGION_BYTES > model[target].length) {
            return null;
        }
        free[target] += REGION_BYTES;
        RandomRegion there = RandomRegion.of(random, base, REGION_BYTES);
        RandomRegion here = RandomRegion.withSize(random, 0, REGION_BYTES, there.size());
        byte[] local = new byte[REGION_BYTES];
        boolean puts = random.nextBoolean();
        if (puts) {
            random.nextBytes(local);
        }
        for (int i = 0; i < there.size(); i++) {
            if (puts) {
                model[target][there.offset(i)] = local[here.offset(i)];
            } else {
                local[here.offset(i)] = model[target][there.offset(i)];
            }
        }
        return puts
                ? new Deed.PutRegion(origin(), target, there.region(), MemorySegment.ofArray(local), here.region())
                : new Deed.GetRegion(origin(), target, there.region(), MemorySegment.ofArray(local), here.region());
    }

    private Deed accumulate(int target, int[] free) {
        DataType type = TYPES.get(random.nextInt(TYPES.size()));
        Operator op = operator();
        int size = type.byteSize();
        int offset = (free[target] + size - 1) / size * size;
        int length = size * random.nextInt(700);
        if (offset + length > model[target].length) {
            return null;
        }
        free[target] = offset + length;
        MemorySegment place = MemorySegment.ofArray(model[target]).asSlice(offset, length);
        MemorySegment before = copy(place);
        MemorySegment operands = MemorySegment.ofArray(TransportContract.randomNumbers(length, random.nextLong()));
        if (!op.isDefinedFor(type) || hasNan(type, before)) {
            op = Operator.REPLACE; // arithmetic may change a NaN's payload
        }
        Elements.combine(type, op, place, 0, operands, 0, length);
        boolean fetches = random.nextBoolean();
        return new Deed.Accumulate(
                origin(), target, offset, type, op, operands, before, fetches, memoryKind(), random.nextInt(9));
    }

    private Deed accumulateRegion(int target, int[] free) {
        int base = (free[target] + Long.BYTES - 1) & -Long.BYTES;
        if (base + REGION_BYTES > model[target].length) {
            return null;
        }
        free[target] = base + REGION_BYTES;
        DataType type = TYPES.get(random.nextInt(TYPES.size()));
        Operator op = operator();
        int element = type.byteSize();
        RandomRegion at = RandomRegion.ofElements(random, base, REGION_BYTES, element);
        int count = at.size() / element;
        RandomRegion from = RandomRegion.withElements(random, 0, REGION_BYTES, element, count);
        RandomRegion into = RandomRegion.withElements(random, 0, REGION_BYTES, element, count);
        MemorySegment part = MemorySegment.ofArray(model[target]);
        MemorySegment operands =
                MemorySegment.ofArray(TransportContract.randomNumbers(REGION_BYTES, random.nextLong()));
        byte[] before = new byte[REGION_BYTES];
        for (int i = 0; i < at.size(); i++) {
            before[into.offset(i)] = model[target][at.offset(i)];
        }
        if (!op.isDefinedFor(type) || hasNan(type, part.asSlice(base, REGION_BYTES))) {
            op = Operator.REPLACE; // arithmetic may change a NaN's payload
        }
        for (int i = 0; i < at.size(); i += element) {
            Elements.combine(type, op, part, at.offset(i), operands, from.offset(i), element);
        }
        return new Deed.AccumulateRegion(
                origin(),
                target,
                at.region(),
                type,
                op,
                operands,
                from.region(),
                MemorySegment.ofArray(before),
                into.region());
    }

    private static boolean hasNan(DataType type, MemorySegment elements) {
        for (long i = 0; type.isFloating() && i < elements.byteSize(); i += type.byteSize()) {
            boolean nan = type == DataType.FLOAT
                    ? Float.isNaN(elements.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i))
                    : Double.isNaN(elements.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, i));
            if (nan) {
                return true;
            }
        }
        return false;
    }

    private int origin() {
        return random.nextInt(model.length);
    }

    private SegmentKind memoryKind() {
        return KINDS.get(random.nextInt(KINDS.size()));
    }

    private static MemorySegment copy(MemorySegment place) {
        return MemorySegment.ofArray(place.toArray(ValueLayout.JAVA_BYTE)).asReadOnly();
    }

    private Deed put(int target, int offset, MemorySegment place) {
        byte[] bytes = new byte[(int) place.byteSize()];
        random.nextBytes(bytes);
        place.copyFrom(MemorySegment.ofArray(bytes));
        return new Deed.Put(origin(), target, offset, copy(place), memoryKind(), random.nextInt(9));
    }

    private Deed longs(int target, int offset, MemorySegment place) {
        long before = place.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
        long operand = random.nextLong();
        if (random.nextInt(3) == 0) {
            long expected = random.nextBoolean() ? before : before + 1;
            place.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, expected == before ? operand : before);
            return new Deed.ExchangeLong(origin(), target, offset, expected, operand, before);
        }
        Operator op = operator();
        place.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, op.apply(before, operand));
        return new Deed.FetchLong(origin(), target, offset, op, operand, before);
    }

    private Deed ints(int target, int offset, MemorySegment place) {
        int before = place.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
        int operand = random.nextInt();
        if (random.nextInt(3) == 0) {
            int expected = random.nextBoolean() ? before : before + 1;
            place.set(ValueLayout.JAVA_INT_UNALIGNED, 0, expected == before ? operand : before);
            return new Deed.ExchangeInt(origin(), target, offset, expected, operand, before);
        }
        Operator op = operator();
        place.set(ValueLayout.JAVA_INT_UNALIGNED, 0, (int) op.apply((long) before, operand));
        return new Deed.FetchInt(origin(), target, offset, op, operand, before);
    }

    private Operator operator() {
        return OPERATORS.get(random.nextInt(OPERATORS.size()));
    }

    /// Runs this rank's part, and compares with the model after every epoch.
    ///
    /// @param job a job of [#size()] ranks
    /// @throws AssertionError if a byte differs
    public void run(Job job) {
        int rank = job.rank();
        WindowSpec spec = WindowSpec.ofBytes(model[rank].length).withNotifications(1);
        try (Window window = job.world().openWindow(spec)) {
            int next = 0;
            while (next < steps.size()) {
                switch (steps.get(next).kind) {
                    case FENCE -> next = fence(window, rank, next);
                    case EXCHANGE -> {
                        try (Epoch epoch =
                                window.exchange(IntStream.range(0, model.length).toArray())) {
                            perform(epoch, rank, steps.get(next));
                        }
                    }
                    case LOCK_ALL -> {
                        Step step = steps.get(next);
                        betweenBarriers(job, window, () -> lockAll(window, rank, step));
                    }
                }
                compare(window.local(), rank, next);
                requireCount(window, rank, next);
                next++;
            }
        }
    }

    /// @return the last step that was done in the epoch
    private int fence(Window window, int rank, int first) {
        int last = first;
        try (Epoch epoch = window.fence()) {
            perform(epoch, rank, steps.get(last));
            for (; steps.get(last).chained; last++) {
                epoch.next();
                compareExposed(epoch, rank, last);
                epoch.next();
                perform(epoch, rank, steps.get(last + 1));
            }
        }
        return last;
    }

    /// The others are let in when all have compared, and each compares when all are out.
    private static void betweenBarriers(Job job, Window window, Runnable epoch) {
        window.expose();
        job.world().barrier();
        epoch.run();
        job.world().barrier();
    }

    private void lockAll(Window window, int rank, Step step) {
        try (Access access = window.lockAll()) {
            perform(access, rank, step);
        }
    }

    private void perform(Access access, int rank, Step step) {
        try (Arena arena = Arena.ofConfined()) {
            List<Runnable> checks = new ArrayList<>();
            for (Deed deed : step.deeds) {
                if (deed.origin() == rank) {
                    checks.add(deed.perform(access, arena));
                }
            }
            for (int target = 0; target < model.length; target++) {
                long count = step.count(rank, target);
                if (count > 0) {
                    access.raise(target, 0, count);
                }
            }
            if (step.kind == Kind.FENCE) {
                access.flushLocalAll();
            } else {
                Request.awaitAll(IntStream.range(0, model.length)
                        .mapToObj(access::requestLocal)
                        .toArray(Request[]::new));
            }
            checks.forEach(Runnable::run);
        }
    }

    private void requireCount(Window window, int rank, int last) {
        long wanted = steps.subList(0, last + 1).stream()
                .mapToLong(step -> step.count(-1, rank))
                .sum();
        long counted = window.notifications().await(0, wanted);
        if (counted != wanted) {
            throw new AssertionError(
                    "rank " + rank + " was told of " + counted + " operations, of which there were " + wanted);
        }
    }

    private void compareExposed(Access access, int rank, int index) {
        MemorySegment copy = MemorySegment.ofArray(new byte[model[rank].length]);
        access.get(rank, 0, copy);
        access.flushLocal(rank);
        compare(copy, rank, index);
    }

    private void compare(MemorySegment seen, int rank, int index) {
        long at = seen.mismatch(MemorySegment.ofArray(steps.get(index).after.get(rank)));
        if (at >= 0) {
            throw new AssertionError("epoch " + index + ": byte " + at + " of rank " + rank + "'s window of "
                    + model[rank].length + " differs from the model");
        }
    }
}
