package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.porthole.DataType;
import org.porthole.Job;
import org.porthole.Operator;
import org.porthole.Team;

/// Barriers hold everybody back, and broadcasts bring everybody the same.
public abstract class CollectiveContract extends TransportContract {
    private static final int[] SIZES = {
        0, 1, 8, 100, 111, 112, 113, 16_384, 16_385, 65_537, 262_144, 262_145, (1 << 20) + 3
    };
    private static final int ROUNDS = 200;

    /// For transports.
    protected CollectiveContract() {}

    @Test
    void shouldLeaveNoBarrierBeforeAllHaveCome() {
        for (int size : new int[] {1, 2, 3, 8}) {
            AtomicIntegerArray arrivals = new AtomicIntegerArray(size);
            ranks(size, job -> {
                for (int round = 1; round <= ROUNDS; round++) {
                    arrivals.set(job.rank(), round);
                    job.world().barrier();
                    for (int rank = 0; rank < job.size(); rank++) {
                        assertThat(arrivals.get(rank)).isBetween(round, round + 1);
                    }
                }
            });
        }
    }

    @Test
    void shouldBroadcastEverySizeFromEveryRoot() {
        ranks(3, job -> {
            try (Arena arena = Arena.ofConfined()) {
                for (int size : SIZES) {
                    for (int root = 0; root < job.size(); root++) {
                        for (SegmentKind kind : SegmentKind.values()) {
                            broadcastOne(job, root, kind.allocate(arena, size));
                        }
                    }
                }
            }
        });
    }

    private static void broadcastOne(Job job, int root, MemorySegment buffer) {
        MemorySegment content =
                MemorySegment.ofArray(randomBytes((int) buffer.byteSize(), buffer.byteSize() * 31 + root));
        if (job.rank() == root) {
            buffer.copyFrom(content);
        }
        job.world().broadcast(root, buffer);
        assertThat(buffer.mismatch(content))
                .as("%d bytes from rank %d", buffer.byteSize(), root)
                .isEqualTo(-1);
    }

    @Test
    void shouldBroadcastFromReadOnlyAndToMisalignedMemory() {
        byte[] content = randomBytes(1001, 5);
        ranks(2, job -> {
            byte[] buffer = filled(1003, 0x5a);
            job.world()
                    .broadcast(
                            1,
                            job.rank() == 1
                                    ? MemorySegment.ofArray(content).asReadOnly()
                                    : MemorySegment.ofArray(buffer).asSlice(1, 1001));
            if (job.rank() == 0) {
                byte[] expected = filled(1003, 0x5a);
                System.arraycopy(content, 0, expected, 1, 1001);
                assertThat(buffer).isEqualTo(expected);
            }
        });
    }

    @Test
    void shouldKeepKindsOfCollectivesApart() {
        ranks(3, job -> {
            Team team = job.world();
            byte[] small = new byte[8];
            byte[] large = new byte[100_000];
            for (int round = 0; round < ROUNDS / 4; round++) {
                int root = round % 3;
                small[0] = job.rank() == root ? (byte) round : -1;
                large[99_999] = job.rank() == root ? (byte) round : -1;
                team.broadcast(root, MemorySegment.ofArray(large));
                assertThat(team.allreduce((long) job.rank(), Operator.SUM)).isEqualTo(3);
                team.broadcast(root, MemorySegment.ofArray(small));
                team.barrier();
                assertThat(team.allreduce(job.rank() + 0.5, Operator.MAX)).isEqualTo(2.5);
                assertThat(small[0]).isEqualTo((byte) round);
                assertThat(large[99_999]).isEqualTo((byte) round);
            }
        });
    }

    @Test
    void shouldRefuseBadArgumentsWithoutTellingTheOthers() {
        ranks(2, job -> {
            Team team = job.world();
            MemorySegment twelve = MemorySegment.ofArray(new byte[12]);
            MemorySegment sixteen = MemorySegment.ofArray(new byte[16]);
            for (int root : new int[] {-1, 2}) {
                assertThatThrownBy(() -> team.broadcast(root, twelve))
                        .isInstanceOf(IndexOutOfBoundsException.class)
                        .hasMessageContaining(Integer.toString(root));
            }
            requireRefused(team, twelve, sixteen, DataType.INT, Operator.SUM, "12");
            requireRefused(team, twelve, twelve.asSlice(0), DataType.LONG, Operator.SUM, "8");
            requireRefused(team, sixteen, sixteen, DataType.LONG, Operator.REPLACE, "REPLACE");
            requireRefused(team, sixteen, sixteen, DataType.LONG, Operator.NO_OP, "NO_OP");
            requireRefused(team, sixteen, sixteen, DataType.DOUBLE, Operator.XOR, "XOR");
            requireRefused(team, sixteen, sixteen, DataType.FLOAT, Operator.AND, "AND");
            requireRefused(team, sixteen, sixteen.asReadOnly(), DataType.LONG, Operator.SUM, "read-only");
            assertThatThrownBy(() -> team.allreduce(1L, Operator.REPLACE)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> team.allreduce(1.0, Operator.OR)).isInstanceOf(IllegalArgumentException.class);
            team.barrier();
        });
    }

    private static void requireRefused(
            Team team, MemorySegment source, MemorySegment destination, DataType type, Operator op, String reason) {
        assertThatThrownBy(() -> team.allreduce(source, destination, type, op))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void shouldKnowItsMembers() {
        ranks(3, job -> {
            assertThat(job.size()).isEqualTo(3);
            assertThat(job.world()).isSameAs(job.world());
            assertThat(job.world().size()).isEqualTo(3);
            assertThat(job.world().rank()).isEqualTo(job.rank());
            assertThat(job.routes()).hasSize(3);
            for (int peer = 0; peer < 3; peer++) {
                assertThat(job.routes().get(peer).peer()).isEqualTo(peer);
                assertThat(job.routes().get(peer).transport()).isEqualTo(peer == job.rank() ? "self" : transport());
                assertThat(job.routes().get(peer).reason()).isNotBlank();
            }
        });
    }
}
