package org.porthole.transport.rdma;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/// Runs test classes where there is no Maven: in the guest.
final class RunTests {
    private static final int MOST_FAILURES = 100;
    private static final int LONG_S = Integer.getInteger("porthole.test.stacks", 60);

    private RunTests() {}

    /// Ends with code 0 if some passed and none failed.
    ///
    /// @param names the classes' simple names; `Class#method` for one test
    public static void main(String[] names) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(names)
                        .map(name -> RunTests.class.getPackageName() + "." + name)
                        .map(name -> name.contains("#")
                                ? DiscoverySelectors.selectMethod(name)
                                : DiscoverySelectors.selectClass(name))
                        .toList())
                .build();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        Launcher launcher = LauncherFactory.create();
        Progress progress = new Progress();
        Thread watch = Thread.ofPlatform().daemon().name("watch").start(progress::watch);
        launcher.execute(request, summary, progress);
        watch.interrupt();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        summary.getSummary().printFailuresTo(out, MOST_FAILURES);
        summary.getSummary().printTo(out);
        long passed = summary.getSummary().getTestsSucceededCount();
        System.exit(summary.getSummary().getTotalFailureCount() == 0 && passed > 0 ? 0 : 1);
    }

    /// Says what is done when it is done, and what all threads do when nothing has been done for long.
    private static final class Progress implements TestExecutionListener {
        private final AtomicInteger finished = new AtomicInteger();
        private long begunNs;

        @Override
        public void testPlanExecutionStarted(TestPlan plan) {
            begunNs = System.nanoTime();
        }

        void watch() {
            int before = -1;
            while (true) {
                try {
                    TimeUnit.SECONDS.sleep(LONG_S);
                } catch (InterruptedException e) {
                    return;
                }
                int now = finished.get();
                if (now == before) {
                    System.out.println("no test has ended for " + LONG_S + " s");
                    printStacks();
                }
                before = now;
            }
        }

        private static void printStacks() {
            Thread.getAllStackTraces().forEach((thread, stack) -> {
                if (thread.getName().startsWith("porthole")) {
                    System.out.println(thread.getName());
                    for (StackTraceElement each : stack) {
                        System.out.println("    at " + each);
                    }
                }
            });
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest()) {
                finished.incrementAndGet();
                System.out.printf(
                        "%5.1f s  %s  %s %s%n",
                        (System.nanoTime() - begunNs) / 1e9,
                        result.getStatus(),
                        test.getUniqueId().replaceAll(".*\\.(Rdma\\w+)\\].*?(\\w+)\\(.*", "$1.$2"),
                        result.getThrowable().map(Throwable::toString).orElse(""));
            }
        }

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            System.out.println("skipped  " + test.getDisplayName() + ": " + reason);
        }
    }
}
