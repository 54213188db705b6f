package org.porthole.internal.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

class MembershipTest {
    private final Membership membership = new Membership(3);
    private final List<Integer> told = new ArrayList<>();
    private final IntConsumer listener = told::add;

    @Test
    void shouldBeginWithEverybody() {
        membership.listen(listener);

        assertThat(List.of(0, 1, 2)).noneMatch(membership::isGone);
        assertThat(told).isEmpty();
    }

    @Test
    void shouldTellOnceOfEachThatGoes() {
        membership.listen(listener);

        membership.peerGone(1, "its process 4711 has ended");
        membership.peerGone(1, "its connection broke");
        membership.peerGone(0, "its connection broke");

        assertThat(told).containsExactly(1, 0);
        assertThat(membership.isGone(1)).isTrue();
        assertThat(membership.isGone(2)).isFalse();
    }

    @Test
    void shouldKeepTheFirstCause() {
        membership.peerGone(1, "its process 4711 has ended");
        membership.peerGone(1, "its connection broke");

        assertThat(membership.failure(1, "rank 0 waits"))
                .hasMessage("rank 1 failed: its process 4711 has ended; rank 0 waits")
                .matches(failure -> failure.rank() == 1);
    }

    @Test
    void shouldTellLatecomersOfThoseWhoAreGone() {
        membership.peerGone(2, "its process 4711 has ended");

        membership.listen(listener);

        assertThat(told).containsExactly(2);
    }

    @Test
    void shouldTellNoMoreWhenForgotten() {
        membership.listen(listener);
        membership.forget(listener);

        membership.peerGone(2, "its process 4711 has ended");

        assertThat(told).isEmpty();
    }

    @Test
    void shouldShowATeamItsOwnNumbers() {
        Membership team = membership.of(2, 0);
        team.listen(listener);

        membership.peerGone(1, "its process 4711 has ended");
        membership.peerGone(2, "its connection broke");

        assertThat(told).containsExactly(0);
        assertThat(team.isGone(0)).isTrue();
        assertThat(team.isGone(1)).isFalse();
        assertThat(team.failure(0, "a wait").rank()).isEqualTo(2);
        assertThat(team.failure(0, "a wait")).hasMessageContainingAll("rank 2", "its connection broke", "a wait");

        team.forget(listener);
        membership.peerGone(0, "its connection broke");
        assertThat(told).containsExactly(0);
    }
}
