package org.porthole.cli.perf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlanTest {
    private static final double BATCH_NS = 12e6;

    private final Pace pace = new Pace(5, BATCH_NS, 0);

    @Test
    void shouldGrowSixteenfoldAtMost() {
        Plan plan = new Plan(pace, 1);
        assertThat(plan.operations()).isEqualTo(1);

        plan.ran(100);
        assertThat(plan.operations()).isEqualTo(16);
        plan.ran(0);
        assertThat(plan.operations()).isEqualTo(256);
        assertThat(plan.isWarm()).isFalse();
    }

    @Test
    void shouldAimAtTheLengthOfABatch() {
        Plan plan = new Plan(pace, 64);
        plan.ran(BATCH_NS / 2);

        assertThat(plan.operations()).isEqualTo(128);
        plan.ran(BATCH_NS * 2);
        assertThat(plan.operations()).isEqualTo(64);
    }

    @Test
    void shouldRoundUpToWholeSteps() {
        Plan plan = new Plan(pace, 64);
        plan.ran(BATCH_NS / 1.5);

        assertThat(plan.operations()).isEqualTo(128);
    }

    @Test
    void shouldNeverFallBelowOneStep() {
        Plan plan = new Plan(pace, 64);
        plan.ran(BATCH_NS * 1000);

        assertThat(plan.operations()).isEqualTo(64);
    }

    @Test
    void shouldNotGrowBeyondTheMost() {
        Plan plan = new Plan(pace, 64);
        for (int i = 0; i < 20; i++) {
            plan.ran(1);
        }

        assertThat(plan.operations()).isEqualTo(Plan.MOST);
    }

    @Test
    void shouldBeWarmOnceWarmedUpLongEnoughWithLongBatches() {
        Plan plan = new Plan(pace, 1);
        for (int i = 0; i < 9; i++) {
            plan.ran(BATCH_NS);
            assertThat(plan.isWarm()).isFalse();
        }
        plan.ran(BATCH_NS);
        assertThat(plan.isWarm()).isTrue();
        assertThat(plan.samples()).isEqualTo(5);
    }

    @Test
    void shouldNotBeWarmWhileBatchesAreShort() {
        Plan plan = new Plan(pace, 1);
        plan.ran(10 * BATCH_NS);
        plan.ran(BATCH_NS / 100);

        assertThat(plan.isWarm()).isFalse();
    }

    @Test
    void shouldKeepFewerSamplesOfSlowCells() {
        Plan plan = new Plan(pace, 1);
        plan.ran(20 * BATCH_NS);

        assertThat(plan.isWarm()).isTrue();
        assertThat(plan.operations()).isEqualTo(1);
        assertThat(plan.samples()).isEqualTo(2);
        plan.ran(BATCH_NS);
        assertThat(plan.samples()).isEqualTo(5);
    }
}
