/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.discovery.MethodSelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Proves that the suite itself can fail: each defect must be noticed by the rules that are there for it. */
class ConformanceSuiteTest {

    /** Rules that take their seed as parameter. */
    private static final Set<String> SEEDED = Set.of(
            "everyReaderSeesTheSameSequence",
            "aReaderThatIsOvertakenByRetentionIsTold",
            "contendingOwnersNeverBothAcknowledge");

    /** Rules whose seeds run on real threads, so that not every one meets a race. */
    private static final Set<String> RACING = Set.of("contendingOwnersNeverBothAcknowledge");

    private final ResourceLeakDetector.Level leakDetection = ResourceLeakDetector.getLevel();

    /** What the defects leak on purpose must not be reported as if it were ours. */
    @BeforeEach
    void expectLeaks() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterEach
    void mend() {
        ResourceLeakDetector.setLevel(leakDetection);
        BrokenConformance.defect = null;
    }

    @ParameterizedTest
    @EnumSource
    void aDefectIsNoticed(Defect defect) {
        BrokenConformance.defect = defect;
        for (String rule : defect.noticedBy()) {
            TestExecutionSummary summary = run(List.of(rule));
            assertThat(summary.getTestsStartedCount()).as(rule + " exists").isPositive();
            if (RACING.contains(rule)) {
                // Real threads meet the defect in some seeds only.
                assertThat(summary.getTestsFailedCount()).as(rule + " fails").isPositive();
            } else {
                assertThat(summary.getTestsFailedCount()).as(rule + " fails").isEqualTo(summary.getTestsStartedCount());
            }
        }
    }

    /** The same rules, durable ones aside, pass as long as nothing is broken: so it is the defect that they notice. */
    @Test
    void withoutADefectTheRulesPass() {
        TreeSet<String> rules = new TreeSet<>();
        Arrays.stream(Defect.values()).forEach(defect -> rules.addAll(defect.noticedBy()));
        TestExecutionSummary summary = run(new ArrayList<>(rules));
        assertThat(summary.getFailures()).isEmpty();
        assertThat(summary.getTestsSucceededCount()).isGreaterThan(rules.size());
    }

    private static TestExecutionSummary run(List<String> rules) {
        List<MethodSelector> selectors = rules.stream()
                .map(rule -> SEEDED.contains(rule)
                        ? selectMethod(BrokenConformance.class, rule, "long")
                        : selectMethod(BrokenConformance.class, rule))
                .toList();
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request().selectors(selectors).build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        return listener.getSummary();
    }
}
