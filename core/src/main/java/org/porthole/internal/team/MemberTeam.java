package org.porthole.internal.team;

import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.PeerFailedException;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.internal.collective.ArrivalBoard;
import org.porthole.internal.collective.CollectiveKind;
import org.porthole.internal.collective.Collectives;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Target;
import org.porthole.internal.window.OpenWindow;
import org.porthole.internal.window.WindowOpening;
import org.porthole.spi.Memory;

/// A team as one of its members holds it.
public final class MemberTeam implements Team {
    private final TeamContext context;
    private final ArrivalBoard board;
    private final Collectives collectives;
    private final List<OpenWindow> windows = new CopyOnWriteArrayList<>();
    private long windowCount;

    /// A team over control memory that all ranks have attached.
    ///
    /// @param context the job
    /// @param memory  this rank's control memory, of [#controlBytes(int)]
    /// @param targets that of all ranks
    public MemberTeam(TeamContext context, Memory memory, Target[] targets) {
        this.context = context;
        board = new ArrivalBoard(context, memory, targets);
        collectives = new Collectives(board, context.rank(), context.size());
    }

    /// How much control memory a rank of a team needs.
    ///
    /// @param size how many ranks the team has
    /// @return bytes
    public static long controlBytes(int size) {
        return Collectives.controlBytes(size);
    }

    @Override
    public int rank() {
        return context.rank();
    }

    @Override
    public int size() {
        return context.size();
    }

    @Override
    public Window openWindow(WindowSpec spec) {
        Objects.requireNonNull(spec, "spec");
        OpenWindow window = new WindowOpening(this, context, collectives, ++windowCount, spec).open(windows::remove);
        windows.add(window);
        return window;
    }

    @Override
    public void barrier() {
        board.sync(CollectiveKind.BARRIER, 0);
    }

    @Override
    public void broadcast(int root, MemorySegment buffer) {
        if (root < 0 || root >= size()) {
            throw new IndexOutOfBoundsException("root " + root + " is not a rank of a team of " + size());
        }
        collectives.broadcast(root, buffer);
    }

    @Override
    public void allreduce(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        requireReduction(op, type);
        if (source.byteSize() != destination.byteSize() || source.byteSize() % type.byteSize() != 0) {
            throw new IllegalArgumentException("allreduce from " + source.byteSize() + " to " + destination.byteSize()
                    + " bytes: they must be equal and a multiple of " + type.byteSize() + ", the size of a " + type);
        }
        if (destination.isReadOnly()) {
            throw new IllegalArgumentException("allreduce into a read-only segment");
        }
        collectives.allreduce(source, destination, type, op);
    }

    @Override
    public long allreduce(long value, Operator op) {
        requireReduction(op, DataType.LONG);
        return collectives.allreduce(value, op);
    }

    @Override
    public double allreduce(double value, Operator op) {
        requireReduction(op, DataType.DOUBLE);
        return collectives.allreduce(value, op);
    }

    private static void requireReduction(Operator op, DataType type) {
        if (!op.isReduction() || !op.isDefinedFor(type)) {
            throw new IllegalArgumentException(op + " is no reduction of " + type);
        }
    }

    /// Collective. Leaves when all do; then no collective can follow.
    ///
    /// @throws org.porthole.PortholeException if the others do something else; the team is left all the same
    public void leave() {
        try {
            if (!board.isBroken()) {
                board.sync(CollectiveKind.LEAVE, 0);
            }
        } catch (PeerFailedException e) {
            System.getLogger(MemberTeam.class.getName())
                    .log(Level.DEBUG, "the job closes without a rank that failed", e);
        } finally {
            board.close(new IllegalStateException("the job is closed"));
        }
    }

    /// Frees windows that are still open, without their peers.
    public void release() {
        windows.forEach(OpenWindow::release);
        windows.clear();
    }
}
