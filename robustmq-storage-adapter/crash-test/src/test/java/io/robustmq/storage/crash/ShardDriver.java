/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.crash;

import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.storage.Durability;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ShardStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** One owner of one shard, which never rests until it is fenced or killed. Confined to its loop. */
final class ShardDriver {
    private static final int WINDOW = 24;
    private static final int KEPT_BATCHES = 60;

    private final CrashWriter process;
    private final ShardStore store;
    private final Loop loop;
    private final int shard;
    private final long epoch;
    private final long seed;
    private final Random random;
    private final Deque<Batch> acknowledged = new ArrayDeque<>();
    private long sequence;
    private long end;
    private int version;
    private int inFlight;
    private int others;
    private boolean replacing;
    private boolean fenced;

    /** What was acknowledged, and may be compacted. */
    private record Batch(long base, int count, long sequence) {}

    ShardDriver(CrashWriter process, ShardStore store, Loop loop, int shard, long epoch, long seed) {
        this.process = process;
        this.store = store;
        this.loop = loop;
        this.shard = shard;
        this.epoch = epoch;
        this.seed = seed;
        random = new Random(seed);
    }

    void go() {
        while (inFlight < WINDOW && !fenced) {
            int dice = random.nextInt(2000);
            if (dice < 6) {
                truncate();
            } else if (dice < 12) {
                putState();
            } else if (dice < 18) {
                replace();
            } else if (dice < 19 && epoch % 1000 < 800) {
                // The next owner does not ask this one.
                others++;
                if (others == 1) {
                    process.open(shard, epoch + 1, seed);
                }
            }
            append();
        }
    }

    private Durability durability() {
        return switch (shard % 3) {
            case 0 -> Durability.FSYNC;
            case 1 -> Durability.OS_BUFFER;
            default -> Durability.values()[random.nextInt(3)];
        };
    }

    private void append() {
        Durability durability = durability();
        int count = 1 + random.nextInt(4);
        long first = sequence;
        sequence += count;
        inFlight++;
        store.append(batch(first, count), durability, (base, failure) -> {
            inFlight--;
            if (failure != null) {
                refused("append", failure);
                return;
            }
            process.tell(new Told(
                    Told.Kind.APPENDED, shard, base, count, epoch, first, durability == Durability.MEMORY ? 0 : 1));
            end = base + count;
            acknowledged.add(new Batch(base, count, first));
            if (acknowledged.size() > KEPT_BATCHES) {
                acknowledged.remove();
            }
            if (inFlight < WINDOW / 2) {
                loop.execute(this::go);
            }
        });
    }

    private RecordBatch batch(long first, int count) {
        List<RecordBatches.Entry> entries = new ArrayList<>();
        for (int record = 0; record < count; record++) {
            entries.add(RecordBatches.Entry.of(1000, null, new Content(shard, epoch, first + record).value()));
        }
        return RecordBatches.of(entries);
    }

    private void refused(String call, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof RmqException known && known.error() == RmqError.FENCED && others > 0) {
            fenced = true;
        } else {
            process.wrong(shard, call, epoch, cause);
        }
    }

    private boolean failed(String call, @Nullable Throwable failure) {
        if (failure != null) {
            refused(call, failure);
        }
        return failure != null;
    }

    private void truncate() {
        long target = Math.max(0, end - 100 - random.nextInt(500));
        process.tell(new Told(Told.Kind.DELETING, shard, target));
        store.deletePrefix(target).whenComplete((start, failure) -> {
            if (!failed("deletePrefix to " + target, failure)) {
                process.tell(new Told(Told.Kind.DELETED, shard, start));
            }
        });
    }

    private void putState() {
        int name = random.nextInt(2);
        long stamp = epoch * 100_000 + version++;
        process.tell(new Told(Told.Kind.PUTTING, shard, name, stamp));
        byte[] bytes = ("state " + stamp + "x".repeat(random.nextInt(2000))).getBytes(StandardCharsets.UTF_8);
        store.putState("s" + name, stamp, Unpooled.wrappedBuffer(bytes)).whenComplete((done, failure) -> {
            if (!failed("putState", failure)) {
                process.tell(new Told(Told.Kind.PUT, shard, name, stamp));
            }
        });
    }

    /** Leaves out some of the batches that were acknowledged last. */
    private void replace() {
        if (acknowledged.size() < 10 || replacing) {
            return;
        }
        replacing = true;
        List<Batch> range = new ArrayList<>(acknowledged).subList(0, 5 + random.nextInt(5));
        List<RecordBatch> compacted = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        long from = range.get(0).base();
        Batch last = range.get(range.size() - 1);
        long to = last.base() + last.count();
        long id = epoch * 100_000 + version++;
        numbers.addAll(List.of(id, from, to));
        for (Batch batch : range) {
            if (random.nextBoolean()) {
                RecordBatch copy = batch(batch.sequence(), batch.count());
                copy.assign(batch.base(), (int) epoch);
                compacted.add(copy);
                for (int record = 0; record < batch.count(); record++) {
                    numbers.add(batch.base() + record);
                }
            }
        }
        for (int batch = 0; batch < range.size(); batch++) {
            acknowledged.remove();
        }
        long[] told = numbers.stream().mapToLong(Long::longValue).toArray();
        process.tell(new Told(Told.Kind.REPLACING, shard, told));
        store.replace(new OffsetRange(from, to), compacted).whenComplete((done, failure) -> {
            replacing = false;
            boolean refused = failed("replace from " + from + " to " + to, failure);
            Told.Kind outcome = refused ? Told.Kind.NOT_REPLACED : Told.Kind.REPLACED;
            process.tell(new Told(outcome, shard, id));
        });
    }
}
