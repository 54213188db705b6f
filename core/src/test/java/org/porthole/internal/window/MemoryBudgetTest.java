package org.porthole.internal.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class MemoryBudgetTest {
    private static final long PAGE = 4096;

    @Test
    void shouldLeaveSomething() {
        assertThat(MemoryBudget.available()).isGreaterThan(PAGE);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldNotPromiseMoreThanTheHostHas() throws IOException {
        long total = Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemTotal:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();

        assertThat(MemoryBudget.available()).isLessThanOrEqualTo(total);
    }
}
