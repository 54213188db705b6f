package org.porthole.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RdmaAttendanceTest {
    private static final long LITTLE_NS = 3 * RdmaAttendance.BACK_NS;

    private long nowNs;
    private final RdmaAttendance attendance = new RdmaAttendance(() -> nowNs);

    @Test
    void shouldBeTheAgentsWhileNobodyHasWaited() {
        assertThat(attendance.isDriven()).isFalse();
    }

    @Test
    void shouldBeAThreadsWhileItWaitsAndShortlyAfter() {
        attendance.enter();
        nowNs += RdmaAttendance.GONE_NS;

        assertThat(attendance.isDriven()).isTrue();
        assertThat(attendance.leave(false)).isFalse();
        assertThat(attendance.isDriven()).isTrue();

        nowNs += RdmaAttendance.BACK_NS + 1;
        assertThat(attendance.isDriven()).isFalse();
    }

    @Test
    void shouldCallTheAgentWhenTheLastThreadGoesToSleep() {
        attendance.enter();
        attendance.enter();

        assertThat(attendance.leave(true)).isFalse();
        assertThat(attendance.leave(true)).isTrue();
        assertThat(attendance.isDriven()).isFalse();
    }

    /// The agent looks in every gap; what comes then would have been the thread's.
    @Test
    void shouldLeaveAThreadAloneThatGoesFromWaitToWait() {
        int takenOver = 0;
        int called = 0;
        for (int round = 0; round < 1000; round++) {
            attendance.enter();
            nowNs += LITTLE_NS;
            called += attendance.leave(false) ? 1 : 0;
            nowNs += LITTLE_NS;
            if (!attendance.isDriven()) {
                takenOver++;
                assertThat(attendance.attended(true)).isTrue();
                attendance.enter();
                assertThat(attendance.attended(true)).isFalse(); // woken by what the thread has taken
                called += attendance.leave(false) ? 1 : 0;
            }
        }

        assertThat(called).isZero();
        assertThat(takenOver).isEqualTo(2);
    }

    @Test
    void shouldCallTheAgentOnceAfterSomethingHasComeWhileAllWereGone() {
        attendance.enter();
        boolean ignored = attendance.leave(false);
        nowNs += RdmaAttendance.GONE_NS + 1;
        assertThat(attendance.attended(true)).isTrue();

        attendance.enter();
        assertThat(attendance.leave(false)).isTrue();
        assertThat(attendance.isDriven()).isFalse();
        attendance.enter();
        assertThat(attendance.leave(false)).isFalse();
    }

    @Test
    void shouldNotWaitLongerForThreadsThatAreNotBack() {
        attendance.enter();
        for (int i = 0; i < 10; i++) {
            assertThat(attendance.attended(false)).isFalse();
        }
        boolean ignored = attendance.leave(false);
        nowNs += RdmaAttendance.LONG_BACK_NS;
        assertThat(attendance.isDriven()).isTrue();
        nowNs++;
        assertThat(attendance.isDriven()).isFalse();

        for (int i = 0; i < 10; i++) {
            assertThat(attendance.attended(true)).isTrue();
        }
        attendance.enter();
        assertThat(attendance.leave(false)).isTrue();
        attendance.enter();
        assertThat(attendance.leave(false)).isFalse();
        nowNs += RdmaAttendance.BACK_NS + 1;
        assertThat(attendance.isDriven()).isFalse();
    }
}
