/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.robustmq.app.alarm.CertificateCheck.Validity;
import io.robustmq.app.alarm.Finding.Verdict;
import io.robustmq.kernel.sim.ManualClock;
import io.robustmq.storage.EngineDisk;
import io.robustmq.storage.EngineDisk.State;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What each check finds, below and above its bounds. */
class AlarmChecksTest {
    private final ManualClock clock = new ManualClock();

    private static Verdict verdict(List<Finding> findings, String id) {
        return findings.stream()
                .filter(finding -> finding.id().equals(id))
                .map(Finding::verdict)
                .findFirst()
                .orElse(Verdict.GOOD);
    }

    private static List<Finding> disk(State state, long free) {
        return new DiskCheck(() -> List.of(new EngineDisk(
                        "file", "/data", state, state == State.SERVING ? "" : "it broke", free, 1_000, 0)))
                .look();
    }

    @Test
    void diskLowAndOutOfService() {
        assertThat(verdict(disk(State.SERVING, 2_500), "disk-nearly-full:file /data"))
                .isEqualTo(Verdict.GOOD);
        assertThat(verdict(disk(State.SERVING, 2_499), "disk-nearly-full:file /data"))
                .isEqualTo(Verdict.BETWEEN);
        assertThat(verdict(disk(State.SERVING, 2_000), "disk-nearly-full:file /data"))
                .isEqualTo(Verdict.BETWEEN);
        assertThat(verdict(disk(State.SERVING, 1_999), "disk-nearly-full:file /data"))
                .isEqualTo(Verdict.BAD);
        assertThat(verdict(disk(State.SERVING, 1_999), "disk-not-serving:file /data"))
                .isEqualTo(Verdict.GOOD);
        List<Finding> full = disk(State.FULL, 10);
        assertThat(verdict(full, "disk-not-serving:file /data")).isEqualTo(Verdict.BAD);
        assertThat(verdict(full, "disk-nearly-full:file /data")).as("said once").isEqualTo(Verdict.GOOD);
        assertThat(full.get(0).message()).contains("FULL: it broke").contains("delete topics");
    }

    @Test
    void countersThatGrow() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Counter stalls = registry.counter("robustmq.loops.stalls");
        Counter shed = registry.counter("robustmq.engine.memory.evicted", "limit", "pressure");
        Counter aged = registry.counter("robustmq.engine.memory.evicted", "limit", "retention");
        stalls.increment(1_000);
        MeterCheck check = new MeterCheck(registry, clock);
        assertThat(verdict(check.look(), "loops-stall"))
                .as("what was before the first look is nobody's news")
                .isEqualTo(Verdict.GOOD);
        clock.advanceMillis(10_000);
        stalls.increment(11);
        shed.increment();
        aged.increment(100);
        List<Finding> second = check.look();
        assertThat(verdict(second, "loops-stall")).isEqualTo(Verdict.BAD);
        assertThat(verdict(second, "engine-memory-full:pressure")).isEqualTo(Verdict.BAD);
        assertThat(verdict(second, "engine-memory-full:retention")).isEqualTo(Verdict.GOOD);
        clock.advanceMillis(10_000);
        stalls.increment(10);
        assertThat(verdict(check.look(), "loops-stall")).isEqualTo(Verdict.BETWEEN);
        clock.advanceMillis(10_000);
        stalls.increment(2);
        assertThat(verdict(check.look(), "loops-stall")).isEqualTo(Verdict.GOOD);
    }

    @Test
    void gauges() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        AtomicLong used = registry.gauge("robustmq.memory.used", new AtomicLong());
        registry.gauge("robustmq.memory.limit", new AtomicLong(100));
        AtomicLong damaged = registry.gauge(
                "robustmq.retention.damaged", io.micrometer.core.instrument.Tags.empty(), new AtomicLong());
        MeterCheck check = new MeterCheck(registry, clock);
        assertThat(check.look()).extracting(Finding::verdict).containsOnly(Verdict.GOOD);
        used.set(70);
        assertThat(verdict(check.look(), "memory-pressure")).isEqualTo(Verdict.GOOD);
        used.set(90);
        assertThat(verdict(check.look(), "memory-pressure")).isEqualTo(Verdict.BETWEEN);
        used.set(91);
        damaged.set(1);
        assertThat(verdict(check.look(), "memory-pressure")).isEqualTo(Verdict.BAD);
        assertThat(verdict(check.look(), "damage-keeps-records")).isEqualTo(Verdict.BAD);
    }

    @Test
    void aWallClockThatIsSet() {
        ClockCheck check = new ClockCheck(clock);
        clock.advanceMillis(3_600_000);
        assertThat(check.look()).isEmpty();
        clock.stepWallClock(1_999);
        assertThat(check.look()).isEmpty();
        clock.stepWallClock(-2_000);
        assertThat(check.look())
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("jumped by -2000 ms"));
        assertThat(check.look()).isEmpty();
    }

    @Test
    void aHeapThatCollectionsDoNotFree() {
        assertThat(new HeapCheck(() -> null).look()).isEmpty();
        assertThat(verdict(heap(80), "heap-nearly-full")).isEqualTo(Verdict.GOOD);
        assertThat(verdict(heap(90), "heap-nearly-full")).isEqualTo(Verdict.BETWEEN);
        assertThat(verdict(heap(91), "heap-nearly-full")).isEqualTo(Verdict.BAD);
        System.gc();
        assertThat(HeapCheck.ofThisProcess()).isNotNull();
    }

    private static List<Finding> heap(long used) {
        return new HeapCheck(() -> new MemoryUsage(0, used, 100, 100)).look();
    }

    @Test
    void certificatesThatEnd() {
        Instant now = Instant.ofEpochMilli(clock.millis());
        assertThat(certificate(now.plus(Duration.ofDays(30)).plusMillis(1))).isEmpty();
        assertThat(certificate(now.plus(Duration.ofDays(30)))).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(AlarmKind.CERTIFICATE_EXPIRES);
            assertThat(finding.message()).contains("CN=node").contains("'web' expires at");
        });
        assertThat(certificate(now.plusMillis(1)))
                .extracting(Finding::kind)
                .containsExactly(AlarmKind.CERTIFICATE_EXPIRES);
        assertThat(certificate(now)).extracting(Finding::kind).containsExactly(AlarmKind.CERTIFICATE_EXPIRED);
    }

    private List<Finding> certificate(Instant end) {
        return new CertificateCheck(() -> List.of(new Validity("web", "CN=node", end)), clock, Duration.ofDays(30))
                .look();
    }

    @Test
    void portsThatStrangersReach() {
        Map<String, String> local = Map.of("mqtt-tcp", "127.0.0.1:1883", "kafka-tcp", "0:0:0:0:0:0:0:1:9092");
        Map<String, String> wide = Map.of("mqtt-tcp", "127.0.0.1:1883", "kafka-tcp", "0.0.0.0:9092");
        assertThat(new OpenCheck(() -> true, () -> local).look()).isEmpty();
        assertThat(new OpenCheck(() -> false, () -> wide).look()).isEmpty();
        assertThat(new OpenCheck(() -> true, () -> wide).look())
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.details()).containsEntry("listeners", List.of("kafka-tcp 0.0.0.0:9092")));
    }
}
