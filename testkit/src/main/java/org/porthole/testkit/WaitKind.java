package org.porthole.testkit;

import java.lang.foreign.MemorySegment;
import org.porthole.DataType;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Operator;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// The waits of a team in which a rank can go missing. Each constant does its operation once, on all ranks.
enum WaitKind {
    FENCE {
        @Override
        void once(Job job, Window window) {
            window.fence().close();
        }
    },
    NEXT {
        @Override
        void once(Job job, Window window) {
            try (Epoch epoch = window.fence()) {
                epoch.next().next();
            }
        }
    },
    BARRIER {
        @Override
        void once(Job job, Window window) {
            job.world().barrier();
        }
    },
    ALLREDUCE {
        @Override
        void once(Job job, Window window) {
            long sum = job.world().allreduce(1L, Operator.SUM);
            if (sum != job.size()) {
                throw new AssertionError("the sum is " + sum);
            }
        }
    },
    LARGE_ALLREDUCE {
        @Override
        void once(Job job, Window window) {
            MemorySegment memory = MemorySegment.ofArray(new long[50_000]);
            job.world().allreduce(memory, memory, DataType.LONG, Operator.SUM);
        }
    },
    BROADCAST {
        @Override
        void once(Job job, Window window) {
            job.world().broadcast(1, MemorySegment.ofArray(new byte[8]));
        }
    },
    LARGE_BROADCAST {
        @Override
        void once(Job job, Window window) {
            job.world().broadcast(1, MemorySegment.ofArray(new byte[200_000]));
        }
    },
    WINDOW {
        @Override
        void once(Job job, Window window) {
            job.world().openWindow(WindowSpec.ofBytes(100)).close();
        }
    };

    abstract void once(Job job, Window window);
}
