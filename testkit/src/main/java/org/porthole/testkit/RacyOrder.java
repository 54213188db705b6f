package org.porthole.testkit;

import org.porthole.Epoch;
import org.porthole.LockKind;
import org.porthole.Operator;

/// How one rank's access comes before another's, or fails to: every way of synchronising, and ways in which it is done wrong.
enum RacyOrder {
    NOTHING(Effect.NONE) {
        @Override
        void run(RacyParts parts) {
            parts.passively(access -> {
                parts.first(access);
                parts.second(access);
            });
        }
    },
    SAME_FENCE(Effect.NONE) {
        @Override
        void run(RacyParts parts) {
            try (Epoch epoch = parts.window().fence()) {
                parts.first(epoch);
                parts.second(epoch);
            }
        }
    },
    NEXT_FENCE(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            try (Epoch epoch = parts.window().fence()) {
                parts.first(epoch);
                parts.second(epoch.next());
            }
        }
    },
    TWO_FENCES(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            try (Epoch epoch = parts.window().fence()) {
                parts.first(epoch);
            }
            try (Epoch epoch = parts.window().fence()) {
                parts.second(epoch);
            }
        }
    },
    BARRIER(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            parts.meeting(true, () -> parts.team().barrier());
        }
    },
    BARRIER_WITHOUT_FLUSH(Effect.IF_COMPLETE) {
        @Override
        void run(RacyParts parts) {
            parts.meeting(false, () -> parts.team().barrier());
        }
    },
    STARTED_BARRIER(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            parts.meeting(true, () -> parts.team().startBarrier().await());
        }
    },
    ALLREDUCE(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            parts.meeting(true, () -> {
                long ignored = parts.team().allreduce(1, Operator.SUM);
            });
        }
    },
    BROADCAST(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            parts.meeting(true, () -> parts.team().broadcast(parts.one(), parts.bytes()));
        }
    },
    BROADCAST_BACK(Effect.NONE) {
        @Override
        void run(RacyParts parts) {
            parts.meeting(true, () -> parts.team().broadcast(parts.other(), parts.bytes()));
        }
    },
    GATHER(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            parts.meeting(true, () -> parts.team().gather(parts.other(), parts.bytes(), parts.allBytes()));
        }
    },
    GATHER_BACK(Effect.NONE) {
        @Override
        void run(RacyParts parts) {
            parts.meeting(true, () -> parts.team().gather(parts.one(), parts.bytes(), parts.allBytes()));
        }
    },
    EXCLUSIVE_LOCKS(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            parts.locked(LockKind.EXCLUSIVE, LockKind.EXCLUSIVE);
        }
    },
    SHARED_AND_EXCLUSIVE_LOCK(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            parts.locked(LockKind.SHARED, LockKind.EXCLUSIVE);
        }
    },
    SHARED_LOCKS(Effect.NONE) {
        @Override
        void run(RacyParts parts) {
            parts.locked(LockKind.SHARED, LockKind.SHARED);
        }
    },
    TWO_POSTS(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            parts.posted(new int[] {parts.one()}, new int[] {parts.other()});
        }
    },
    ONE_POST(Effect.NONE) {
        @Override
        void run(RacyParts parts) {
            parts.posted(new int[] {parts.one(), parts.other()});
        }
    },
    NEXT_EXCHANGE(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            try (Epoch epoch = parts.window().exchange(parts.neighbours())) {
                parts.first(epoch);
                parts.second(epoch.next());
            }
        }
    },
    SAME_EXCHANGE(Effect.NONE) {
        @Override
        void run(RacyParts parts) {
            try (Epoch epoch = parts.window().exchange(parts.neighbours())) {
                parts.first(epoch);
                parts.second(epoch);
            }
        }
    },
    NOTIFICATION(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            parts.notified(true, parts.other());
        }
    },
    NOTIFICATION_WITHOUT_FLUSH(Effect.IF_COMPLETE) {
        @Override
        void run(RacyParts parts) {
            parts.notified(false, parts.other());
        }
    },
    NOTIFICATION_ROUND_THE_CORNER(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            parts.notified(true, parts.target(), parts.other());
        }
    },
    NOTIFICATION_OF_SOMEBODY_ELSE(Effect.NONE) {
        @Override
        void run(RacyParts parts) {
            parts.notified(true, parts.target());
        }
    },
    ATOMIC_FLAG(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            parts.flagged(true, false, parts.other());
        }
    },
    ATOMIC_FLAG_WITHOUT_FLUSH(Effect.IF_COMPLETE) {
        @Override
        void run(RacyParts parts) {
            parts.flagged(false, false, parts.other());
        }
    },
    VALUE_AS_FLAG(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            parts.flagged(true, true, parts.other());
        }
    },
    FLAG_BEHIND_A_FENCE(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            parts.passively(access -> {
                if (parts.rank() == parts.one()) {
                    parts.first(access);
                    access.fence(parts.target());
                }
                parts.flag(access, true, parts.target());
                parts.second(access);
            });
        }
    },
    MESSAGE(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            parts.messaged(true, parts.one(), parts.other());
        }
    },
    MESSAGE_WITHOUT_FLUSH(Effect.IF_COMPLETE) {
        @Override
        void run(RacyParts parts) {
            parts.messaged(false, parts.one(), parts.other());
        }
    },
    /// It is there after what was put there before.
    MESSAGE_TO_THE_TARGET(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            parts.messaged(false, parts.one(), parts.target(), parts.other());
        }
    },
    MESSAGE_BACK(Effect.NONE) {
        @Override
        void run(RacyParts parts) {
            parts.messaged(true, parts.other(), parts.one());
        }
    },
    CALL(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            parts.called(parts.one(), parts.other());
        }
    },
    REPLY(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            parts.called(parts.other(), parts.one());
        }
    },
    SPIN_LOCK(Effect.ORDERS) {
        @Override
        void run(RacyParts parts) {
            parts.passively(access -> {
                if (parts.isActor()) {
                    while (access.compareAndExchange(parts.target(), RacyParts.FLAG, 0L, 1L) != 0) {
                        Thread.onSpinWait();
                    }
                    parts.first(access);
                    parts.second(access);
                    access.flush(parts.target());
                    long ignored = access.fetchAndOp(parts.target(), RacyParts.FLAG, Operator.REPLACE, 0L);
                }
            });
        }
    };

    private enum Effect {
        ORDERS,
        /// What is not complete when it returns is not ordered.
        IF_COMPLETE,
        NONE
    }

    private final Effect effect;

    RacyOrder(Effect effect) {
        this.effect = effect;
    }

    /// Whether an access comes before another with this in between.
    boolean orders(RacyShape earlier) {
        return effect == Effect.ORDERS || (effect == Effect.IF_COMPLETE && !earlier.isOpen());
    }

    /// Whether the target must be a third rank.
    boolean needsThird() {
        return switch (this) {
            case TWO_POSTS,
                    ONE_POST,
                    NEXT_EXCHANGE,
                    SAME_EXCHANGE,
                    NOTIFICATION_WITHOUT_FLUSH,
                    NOTIFICATION_ROUND_THE_CORNER,
                    NOTIFICATION_OF_SOMEBODY_ELSE,
                    MESSAGE_WITHOUT_FLUSH,
                    MESSAGE_TO_THE_TARGET,
                    ATOMIC_FLAG_WITHOUT_FLUSH -> true;
            default -> false;
        };
    }

    abstract void run(RacyParts parts);
}
