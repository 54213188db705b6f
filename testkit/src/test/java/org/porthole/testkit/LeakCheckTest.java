package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LeakCheckTest {
    @Test
    void shouldSeeThreadsOfPorthole() throws InterruptedException {
        Set<String> before = LeakCheck.owned();
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().name("porthole-left").start(() -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Set<String> left = LeakCheck.owned();
        left.removeAll(before);
        assertThat(left).singleElement().asString().contains("thread porthole-left");
        end.countDown();
        LeakCheck.requireNothingLeft(before);
        thread.join();
    }
}
