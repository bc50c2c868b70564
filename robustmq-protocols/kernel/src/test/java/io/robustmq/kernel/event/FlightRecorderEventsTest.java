/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.robustmq.kernel.system.LoopWatchdog;
import io.robustmq.kernel.system.NettyLoops;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a recording shows. */
@Timeout(60)
class FlightRecorderEventsTest {
    private static final List<Class<? extends Event>> EVENTS =
            List.of(SlowLoop.class, SlowForce.class, SlowApply.class, SlowLogin.class, ConnectionClosed.class);

    private final List<RecordedEvent> kept = new ArrayList<>();

    @Test
    void nothingIsKeptWhileNobodyRecords() {
        SlowForce force = SlowForce.started();
        force.commit("data/wal");
        assertThat(force.file).isNull();
        assertThat(new ConnectionClosed().isEnabled()).isFalse();
    }

    @Test
    void aRecordingShowsWhatWasSlowAndWhoLeft() throws InterruptedException {
        BlockingQueue<RecordedEvent> seen = new LinkedBlockingQueue<>();
        DefaultEventExecutor executor = new DefaultEventExecutor();
        NettyLoops loops = NettyLoops.of("held", List.of(executor));
        try (RecordingStream recording = new RecordingStream()) {
            // The defaults of the events, as in any recording, but for what cannot be slow on demand.
            recording.enable("io.robustmq.SlowLogin").withThreshold(Duration.ZERO);
            recording.enable("io.robustmq.SlowApply").withThreshold(Duration.ofHours(1));
            Stream.of("SlowLoop", "SlowForce", "SlowLogin", "SlowApply", "ConnectionClosed")
                    .forEach(name -> recording.onEvent("io.robustmq." + name, seen::add));
            recording.startAsync();
            try (LoopWatchdog watchdog =
                    LoopWatchdog.start(loops, Duration.ofMillis(10), Duration.ofMillis(20), (l, c, n) -> {})) {
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
                // The watchdog knows the loop's thread once a probe came through.
                while (watchdog.stalls() == 0 && System.nanoTime() < deadline) {
                    loops.get(0).execute(() -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(60)));
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                }
                assertThat(watchdog.stalls()).isPositive();
            }
            SlowForce quick = SlowForce.started();
            quick.commit("quick");
            SlowForce slow = SlowForce.started();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(25));
            slow.commit("slow");
            SlowApply.started().commit("data", 3);
            SlowLogin.started().commit("users", "accepted");
            ConnectionClosed.tell(
                    7, "mqtt-tcp", InetSocketAddress.createUnresolved("there", 9), "c1", "keepalive_timeout", 1_500);
            RecordedEvent last = take(seen, "io.robustmq.ConnectionClosed");
            assertThat(last.getString("client")).isEqualTo("c1");
            assertThat(last.getString("reason")).isEqualTo("keepalive_timeout");
            assertThat(last.getString("remote")).contains("there");
            assertThat(last.getDuration("open")).isEqualTo(Duration.ofMillis(1_500));
        } finally {
            executor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
        assertThat(kept).extracting(event -> event.getEventType().getName()).doesNotContain("io.robustmq.SlowApply");
        assertThat(kept)
                .filteredOn(event -> event.getEventType().getName().equals("io.robustmq.SlowForce"))
                .extracting(event -> event.getString("file"))
                .containsExactly("slow");
        assertThat(kept)
                .filteredOn(event -> event.getEventType().getName().equals("io.robustmq.SlowLogin"))
                .extracting(event -> event.getString("source"))
                .containsExactly("users");
        assertThat(kept)
                .filteredOn(event -> event.getEventType().getName().equals("io.robustmq.SlowLoop"))
                .isNotEmpty()
                .allSatisfy(event -> {
                    assertThat(event.getDuration()).isGreaterThanOrEqualTo(Duration.ofMillis(10));
                    assertThat(event.getString("loop")).startsWith("held");
                    assertThat(event.getString("task")).isNotBlank();
                });
    }

    private RecordedEvent take(BlockingQueue<RecordedEvent> seen, String name) throws InterruptedException {
        while (true) {
            RecordedEvent event = seen.poll(30, TimeUnit.SECONDS);
            assertThat(event).as("an event %s", name).isNotNull();
            kept.add(event);
            if (event.getEventType().getName().equals(name)) {
                return event;
            }
        }
    }

    @Test
    void thePageTellsOfEachEvent() throws Exception {
        String page = Files.readString(Path.of("..", "..", "docs", "observe.md"));
        assertThat(EVENTS)
                .allSatisfy(event -> assertThat(page)
                        .contains("| `" + event.getAnnotation(Name.class).value() + "` |"));
    }
}
