/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.robustmq.app.console.Samples.Series;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What pages are made of: payloads, numbers, samples, drawings. */
class PartsTest {

    @Test
    void payloadsAreJsonTextOrHex() {
        assertThat(Payload.of("{\"a\":[1]}", null, false))
                .extracting(Payload::kind)
                .isEqualTo("json");
        assertThat(Payload.of("{not json", null, false)).isEqualTo(new Payload("text", "{not json", 9, 0));
        assertThat(Payload.of(null, null, false)).isEqualTo(new Payload("empty", "", 0, 0));
        String binary = Base64.getEncoder().encodeToString(new byte[] {0, 'A', (byte) 0xff});
        assertThat(Payload.of(binary, "base64", false).shown())
                .isEqualTo("000000  00 41 ff" + "   ".repeat(13) + "  .A.\n");
        assertThat(Payload.of("ab", null, true).kind()).isEqualTo("hex");
        String most = "x".repeat(Payload.SHOWN_MAX);
        assertThat(Payload.of(most, null, false).cut()).isZero();
        assertThat(Payload.of(most + "yz", null, false).cut()).isEqualTo(2);
    }

    @Test
    void numbersAreForPeople() {
        assertThat(Shown.size(1023)).isEqualTo("1023 B");
        assertThat(Shown.size(1536)).isEqualTo("1.5 KiB");
        assertThat(Shown.size(300.0 * 1024 * 1024)).isEqualTo("300 MiB");
        assertThat(Shown.number(10_000)).isEqualTo("10,000");
        assertThat(Shown.number(1.25)).isEqualTo("1.3");
        assertThat(Shown.seconds(59)).isEqualTo("59 s");
        assertThat(Shown.seconds(3660)).isEqualTo("1 h 1 min");
        assertThat(Shown.seconds(90_000)).isEqualTo("1 d 1 h");
        assertThat(Shown.instant("no time")).isNull();
    }

    @Test
    void samplesAreRatesOfTheLastQuarterOfAnHour() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        AtomicLong messages = new AtomicLong();
        AtomicLong nanos = new AtomicLong();
        FunctionCounter.builder("robustmq.mqtt.publishes", messages, AtomicLong::get)
                .register(registry);
        Samples samples = new Samples(registry, nanos::get);
        assertThat(samples.of(Series.MESSAGES_IN)).isEmpty();
        samples.take();
        for (int i = 1; i <= Samples.COUNT; i++) {
            messages.addAndGet(50);
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(Samples.PERIOD_SECONDS));
            samples.take();
        }
        assertThat(samples.of(Series.MESSAGES_IN)).hasSize(Samples.COUNT).containsOnly(10);
        assertThat(samples.of(Series.HEAP)).hasSize(Samples.COUNT).doesNotContain(0);
    }

    @Test
    void aDrawingEndsAtItsRightEdge() {
        assertThat(Chart.ceiling(0)).isEqualTo(1);
        assertThat(Chart.ceiling(20)).isEqualTo(20);
        assertThat(Chart.ceiling(21)).isEqualTo(50);
        assertThat(Chart.ceiling(0.3)).isEqualTo(0.5);
        Chart chart = Chart.of("Messages", Shown::number, new Chart.Named("in", new double[] {0, 50, 100}));
        assertThat(chart.label()).isEqualTo("Messages: in 100 now, at most 100");
        assertThat(chart.lines().get(0).points()).startsWith("593.3,120.0 ").endsWith(" 600.0,4.0");
        assertThat(Chart.of("Messages", Shown::number, new Chart.Named("in", new double[0]))
                        .lines()
                        .get(0)
                        .points())
                .isEmpty();
    }
}
