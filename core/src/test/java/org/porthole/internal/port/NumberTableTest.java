package org.porthole.internal.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NumberTableTest {
    private record Thing(long number) implements NumberTable.Numbered {}

    @Test
    void shouldAgreeWithAMap() {
        NumberTable<Thing> table = new NumberTable<>();
        Map<Long, Thing> model = new HashMap<>();
        Random random = new Random(4711);
        for (int step = 0; step < 20_000; step++) {
            long number = 1L + random.nextInt(500);
            Thing thing = model.get(number);
            if (thing == null) {
                Thing added = new Thing(number);
                table.put(added);
                model.put(number, added);
            } else if (random.nextBoolean()) {
                table.remove(thing);
                model.remove(number);
            }
            long looked = 1L + random.nextInt(500);
            assertThat(table.get(looked)).isSameAs(model.get(looked));
        }
        AtomicInteger count = new AtomicInteger();
        table.forEach(each -> {
            assertThat(model).containsValue(each);
            count.incrementAndGet();
        });
        assertThat(count).hasValue(model.size());
    }
}
