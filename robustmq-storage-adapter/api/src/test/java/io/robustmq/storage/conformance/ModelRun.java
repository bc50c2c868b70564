/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.storage.Durability;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.StateSnapshot;
import io.robustmq.storage.TimestampAndOffset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One random history of calls on a shard of its own, compared with a plain list after every call. Confined to the test. */
final class ModelRun {
    private final ConformanceBench bench;
    private final Random random;
    private final ShardId shard;
    private final List<ModelBatch> batches = new ArrayList<>();
    private final Map<String, String> states = new HashMap<>();
    private final Map<String, Long> pins = new HashMap<>();
    private ShardConfig config;
    private ShardStore store;
    private ShardStore stale;
    private int epoch;
    private long start;
    private long end;
    private int written;

    private record ModelBatch(long base, long last, int bytes, List<ConformanceBench.Item> items) {}

    ModelRun(ConformanceBench bench, long seed) {
        this.bench = bench;
        random = new Random(seed);
        shard = new ShardId(ConformanceBench.SHARD.topic(), (int) (seed % 1_000_000));
        config = randomConfig();
        store = bench.open(shard, config, ++epoch);
        stale = store;
    }

    private ShardConfig randomConfig() {
        boolean small = random.nextBoolean();
        long bytes = small ? 2_000 + random.nextInt(20_000) : 1 << 24;
        long records = random.nextInt(3) == 0 ? 5 + random.nextInt(50) : -1;
        return new ShardConfig(-1, bytes, records, 1 << 20, false);
    }

    void play(int calls) {
        for (int call = 0; call < calls; call++) {
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3, 4, 5 -> append();
                case 6, 7, 8 -> read();
                case 9 -> deletePrefix();
                case 10 -> replace();
                case 11 -> states();
                case 12 -> pinOrUnpin();
                case 13 -> byTime();
                case 14 -> newOwner();
                default -> updateOrStale();
            }
            compareStats();
        }
        readEverything();
        bench.await(bench.engine().destroy(shard));
    }

    // --- changes

    private void append() {
        List<RecordBatches.Entry> entries = new ArrayList<>();
        List<ConformanceBench.Item> items = new ArrayList<>();
        int records = 1 + random.nextInt(4);
        for (int record = 0; record < records; record++) {
            long timestamp = 1_000_000 + random.nextInt(10_000);
            String value = written++ + ":" + "x".repeat(random.nextInt(12) == 0 ? 6_000 : random.nextInt(200));
            entries.add(RecordBatches.Entry.of(timestamp, null, value));
            items.add(new ConformanceBench.Item(end + record, timestamp, value));
        }
        RecordBatch batch = RecordBatches.of(entries);
        int bytes = batch.sizeBytes();
        assertThat(bench.append(store, batch, Durability.values()[random.nextInt(3)]))
                .isEqualTo(end);
        batches.add(new ModelBatch(end, end + records - 1, bytes, items));
        end += records;
        follow();
    }

    private void deletePrefix() {
        if (random.nextInt(4) > 0) {
            return;
        }
        long to = start + random.nextInt((int) Math.min(20, end - start) + 3);
        start = Math.max(start, Math.min(to, end));
        assertThat(bench.await(store.deletePrefix(to))).isEqualTo(start);
        dropBelowStart();
    }

    /** Compacts the whole batches of a random range: some are left out, others stay as they are. */
    private void replace() {
        if (batches.isEmpty()) {
            return;
        }
        int from = random.nextInt(batches.size());
        int to = from + random.nextInt(Math.min(8, batches.size() - from)) + 1;
        List<RecordBatch> compacted = new ArrayList<>();
        List<ModelBatch> kept = new ArrayList<>();
        for (ModelBatch batch : batches.subList(from, to)) {
            if (random.nextBoolean()) {
                List<RecordBatches.Entry> entries = batch.items().stream()
                        .map(item -> RecordBatches.Entry.of(item.timestampMillis(), null, item.value()))
                        .toList();
                RecordBatch copy = RecordBatches.of(entries);
                copy.assign(batch.base(), epoch);
                compacted.add(copy);
                kept.add(batch);
            }
        }
        OffsetRange range =
                new OffsetRange(batches.get(from).base(), batches.get(to - 1).last() + 1);
        bench.await(store.replace(range, compacted));
        compacted.forEach(batch -> assertThat(batch.buffer().refCnt()).isZero());
        batches.subList(from, to).clear();
        batches.addAll(from, kept);
    }

    private void states() {
        for (int call = 0; call < 4; call++) {
            state("s" + random.nextInt(2));
        }
    }

    private void state(String name) {
        if (random.nextBoolean()) {
            String text = "t" + random.nextInt(1000);
            bench.await(store.putState(name, end, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)));
            states.put(name, end + text);
        } else {
            StateSnapshot found = bench.await(store.getState(name));
            String text = found.owned().toString(StandardCharsets.UTF_8);
            found.owned().release();
            assertThat(found.offset() < 0 ? null : found.offset() + text).isEqualTo(states.get(name));
        }
    }

    private void pinOrUnpin() {
        String name = "p" + random.nextInt(3);
        if (random.nextBoolean()) {
            long offset = start + random.nextInt((int) (end - start) + 1);
            store.pin(name, offset);
            pins.put(name, offset);
        } else {
            store.unpin(name);
            pins.remove(name);
        }
        follow();
    }

    private void newOwner() {
        stale = store;
        if (random.nextBoolean()) {
            bench.await(store.close());
        }
        pins.clear();
        store = bench.open(shard, config, ++epoch);
    }

    private void updateOrStale() {
        if (random.nextBoolean()) {
            config = randomConfig();
            bench.await(store.update(config));
            follow();
        } else if (stale != store) {
            RecordBatch late = RecordBatches.ofValues(1, "late");
            ConformanceBench.Recorded outcome = bench.tryAppend(stale, late, Durability.MEMORY);
            assertThat(outcome.failure()).isNotNull();
            assertThat(outcome.failure().error()).isIn(RmqError.FENCED, RmqError.CLOSED);
        }
    }

    // --- retention: the engine decides within the limits, the model follows

    private void follow() {
        long engineStart = store.stats().startOffset();
        assertThat(engineStart).as("the start never goes back").isGreaterThanOrEqualTo(start);
        if (engineStart == start) {
            return;
        }
        long bytesBefore = bytes();
        long recordsBefore = end - start;
        long lowestPin = pins.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
        boolean overBytes = bytesBefore > config.retentionBytes();
        boolean overRecords = config.retentionRecords() >= 0 && recordsBefore > config.retentionRecords();
        assertThat(overBytes || overRecords)
                .as("nothing goes within the limits")
                .isTrue();
        if (engineStart > lowestPin) {
            assertThat(bytesBefore)
                    .as("a pin is overrun only beyond its limit")
                    .isGreaterThan(2 * config.retentionBytes());
        }
        ModelBatch lastDropped = null;
        start = engineStart;
        while (!batches.isEmpty() && batches.get(0).last() < start) {
            lastDropped = batches.remove(0);
        }
        if (lastDropped != null && !overRecords) {
            assertThat(bytes() + lastDropped.bytes())
                    .as("no more than needed goes")
                    .isGreaterThan(config.retentionBytes());
        }
    }

    private void dropBelowStart() {
        while (!batches.isEmpty() && batches.get(0).last() < start) {
            batches.remove(0);
        }
    }

    private long bytes() {
        return batches.stream().mapToLong(ModelBatch::bytes).sum();
    }

    // --- comparisons

    private void compareStats() {
        ShardStats stats = store.stats();
        assertThat(stats.startOffset()).isEqualTo(start);
        assertThat(stats.endOffset()).isEqualTo(end);
        assertThat(stats.highWatermark()).isEqualTo(end);
        assertThat(stats.bytes() - bytes()).isBetween(0L, bench.fixture().retentionSlackBytes());
        assertThat(stats.epochs().get(stats.epochs().size() - 1).epoch()).isEqualTo(epoch);
    }

    private void read() {
        long from = Math.max(0, start - 2) + random.nextInt((int) (end - Math.max(0, start - 2)) + 2);
        int maxBytes = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(20_000);
        long maxOffset = random.nextInt(3) == 0 ? from + random.nextInt(10) : Long.MAX_VALUE;
        ConformanceBench.Answer answer = bench.read(store, from, new ReadLimits(maxBytes, maxOffset));
        if (from < start || from > end) {
            assertThat(answer.failure())
                    .as("read at " + from + " outside " + start + ".." + end)
                    .isNotNull();
            assertThat(answer.failure().error()).isEqualTo(RmqError.OUT_OF_RANGE);
            assertThat(answer.failure()).hasMessageContaining(Long.toString(start));
            return;
        }
        assertThat(answer.failure()).isNull();
        assertThat(answer.highWatermark()).isEqualTo(end);
        List<ModelBatch> possible = batches.stream()
                .filter(batch -> batch.last() >= from && batch.base() < maxOffset)
                .toList();
        List<ModelBatch> got = possible.subList(0, Math.min(answer.batchBases().size(), possible.size()));
        assertThat(answer.batchBases())
                .isEqualTo(got.stream().map(ModelBatch::base).toList());
        assertThat(answer.items())
                .isEqualTo(got.stream().flatMap(batch -> batch.items().stream()).toList());
        if (!possible.isEmpty()) {
            assertThat(got).as("progress").isNotEmpty();
            assertThat(got.size() == 1 || answer.bytes() <= maxBytes)
                    .as("soft limit")
                    .isTrue();
        }
    }

    private void byTime() {
        long time = random.nextInt(8) == 0 ? ShardStore.LATEST_TIMESTAMP : 1_000_000 + random.nextInt(10_500);
        TimestampAndOffset expected = TimestampAndOffset.NONE;
        for (ModelBatch batch : batches) {
            for (ConformanceBench.Item item : batch.items()) {
                boolean fits = time == ShardStore.LATEST_TIMESTAMP
                        ? item.timestampMillis() > expected.timestampMillis()
                        : expected.offset() < 0 && item.timestampMillis() >= time;
                if (item.offset() >= start && fits) {
                    expected = new TimestampAndOffset(item.timestampMillis(), item.offset());
                }
            }
        }
        assertThat(bench.await(store.offsetForTimestamp(time)))
                .as("by time " + time)
                .isEqualTo(expected);
    }

    private void readEverything() {
        List<ConformanceBench.Item> expected = batches.stream()
                .flatMap(batch -> batch.items().stream())
                .filter(item -> item.offset() >= start)
                .toList();
        assertThat(bench.readAll(store, start, 1 + random.nextInt(50_000))).isEqualTo(expected);
    }
}
