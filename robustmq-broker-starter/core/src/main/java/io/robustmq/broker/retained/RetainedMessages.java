/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retained;

import io.netty.buffer.ByteBufAllocator;
import io.robustmq.broker.coordinator.Command.Outcome;
import io.robustmq.broker.coordinator.CoordinatorConfig;
import io.robustmq.broker.coordinator.CoordinatorHandle;
import io.robustmq.broker.coordinator.CoordinatorLog;
import io.robustmq.broker.coordinator.CoordinatorMetrics;
import io.robustmq.broker.coordinator.CoordinatorRecord;
import io.robustmq.broker.retained.RetainedStore.Kept;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.PublishRun;
import io.robustmq.protocol.PublishedSubject;
import io.robustmq.protocol.RetainedPort;
import io.robustmq.protocol.StoredMessage;
import io.robustmq.storage.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The last retained message of each subject, kept in {@code __retained}: one coordinator for each of its partitions, and a
 * tree of what they have committed. Thread-safe.
 */
public final class RetainedMessages implements RetainedPort {
    private static final int NODES_PER_STEP = 1024;

    private final RetainedStore tree;
    private final Clock clock;
    private volatile long countMax;
    private volatile long bytesMax;
    /** Admitted and not yet settled, so that what is on its way counts. */
    private final AtomicLong countUnderWay = new AtomicLong();

    private final AtomicLong bytesUnderWay = new AtomicLong();
    private final LongAdder refused = new LongAdder();
    private final CoordinatorMetrics metrics = new CoordinatorMetrics();
    private volatile List<CoordinatorHandle<RetainedMachine>> partitions = List.of();

    /**
     * @param countMax a message for a new subject is refused beyond so many
     * @param bytesMax a message is refused beyond so many bytes in memory
     */
    public RetainedMessages(Clock clock, long countMax, long bytesMax) {
        this.tree = new RetainedStore(clock);
        this.clock = clock;
        this.countMax = countMax;
        this.bytesMax = bytesMax;
    }

    /** Other limits from now on; what is there stays. */
    public void limit(long count, long bytes) {
        countMax = count;
        bytesMax = bytes;
    }

    /** Loads the partitions, in order; completes when all are loaded. */
    public CompletionStage<Void> open(List<CoordinatorLog> logs, CoordinatorConfig config, ByteBufAllocator allocator) {
        List<CoordinatorHandle<RetainedMachine>> opened = new ArrayList<>();
        for (int i = 0; i < logs.size(); i++) {
            RetainedMachine machine = new RetainedMachine(tree, i, logs.size());
            opened.add(CoordinatorHandle.open(logs.get(i), machine, config, clock, allocator, metrics));
        }
        partitions = List.copyOf(opened);
        return CompletableFuture.allOf(
                opened.stream().map(each -> each.loaded().toCompletableFuture()).toArray(CompletableFuture[]::new));
    }

    public void close() {
        partitions.forEach(CoordinatorHandle::close);
    }

    @Override
    public void match(String tenant, Spelling spelling, String filter, Consumer<StoredMessage> consumer) {
        tree.match(tenant, spelling, filter, consumer);
    }

    @Override
    public Replay replay(String tenant, Spelling spelling, String filter) {
        return tree.walk(tenant, spelling, filter);
    }

    @Override
    public long count() {
        return tree.count();
    }

    /** When the retained message of the subject was published; -1 when there is none. */
    public long publishedMillis(String tenant, PublishedSubject subject) {
        Kept kept = tree.get(tenant, subject);
        return kept == null ? -1 : kept.publishedMillis();
    }

    // --- the way of a publish

    /**
     * Whether the message may be retained: asked before anything is appended. An admitted one is settled later, whatever
     * becomes of it.
     *
     * @return null, or why not: QUOTA_EXCEEDED, UNAVAILABLE
     */
    public @Nullable RmqError admit(String tenant, PublishedSubject subject, Publish message) {
        List<CoordinatorHandle<RetainedMachine>> all = partitions;
        if (all.isEmpty()
                || all.get(RetainedKey.partitionOf(subject, all.size())).problem() != null) {
            return RmqError.UNAVAILABLE;
        }
        if (message.payloadLength() == 0) {
            return null;
        }
        int size = StoredMessage.sizeBytes(subject, message.payloadLength(), message.blockLength());
        Kept previous = tree.get(tenant, subject);
        long count = countUnderWay.incrementAndGet();
        long bytes = bytesUnderWay.addAndGet(size);
        int replaced = previous == null ? 0 : previous.message().sizeBytes();
        if (previous == null && tree.count() + count > countMax || tree.bytes() + bytes - replaced > bytesMax) {
            countUnderWay.decrementAndGet();
            bytesUnderWay.addAndGet(-size);
            refused.increment();
            return RmqError.QUOTA_EXCEEDED;
        }
        return null;
    }

    /** The messages of the run that were admitted are kept, or have failed. */
    public void settle(PublishRun run) {
        for (int i = 0; i < run.count(); i++) {
            if (run.retain(i) && run.payloadLength(i) > 0) {
                countUnderWay.decrementAndGet();
                bytesUnderWay.addAndGet(
                        -StoredMessage.sizeBytes(run.subject(i), run.payloadLength(i), run.blockLength(i)));
            }
        }
    }

    /**
     * Keeps the retained messages of the run, and forgets those of its subjects whose message has no payload
     * ([MQTT-3.3.1-6]), in the order of the run and behind the runs before. The run is borrowed until {@code done}.
     *
     * @param here the caller's loop, on which {@code done} is told, not before this returns
     */
    public void keep(String tenant, PublishRun run, Loop here, Outcomes done) {
        List<CoordinatorHandle<RetainedMachine>> all = partitions;
        Keeping keeping = new Keeping(run, all.size(), here, done);
        long now = clock.millis();
        for (int i = 0; i < run.count(); i++) {
            if (run.retain(i)) {
                keeping.add(tenant, i, now);
            }
        }
        keeping.submit(all);
    }

    /** How the retained messages of a run have ended. */
    @FunctionalInterface
    public interface Outcomes {
        /** @param failures by message; null when none has failed */
        void completed(RmqError @Nullable [] failures);
    }

    /** The retained messages of one run on their way to their partitions. Confined to the caller's loop. */
    private static final class Keeping {
        private final PublishRun run;
        private final int partitions;
        private final Loop here;
        private final Outcomes done;
        private final List<List<CoordinatorRecord>> records = new ArrayList<>();
        private final Durability[] durability;
        private final int[] partitionOf;
        private int missing;
        private RmqError @Nullable [] failures;

        Keeping(PublishRun run, int partitions, Loop here, Outcomes done) {
            this.run = run;
            this.partitions = partitions;
            this.here = here;
            this.done = done;
            this.partitionOf = new int[run.count()];
            this.durability = new Durability[partitions];
            for (int i = 0; i < partitions; i++) {
                records.add(new ArrayList<>(1));
            }
        }

        void add(String tenant, int i, long nowMillis) {
            PublishedSubject subject = run.subject(i);
            int partition = RetainedKey.partitionOf(subject, partitions);
            partitionOf[i] = partition;
            byte[] value = run.payloadLength(i) == 0 ? null : RetainedValue.of(run, i, nowMillis);
            records.get(partition).add(new CoordinatorRecord(RetainedKey.bytes(tenant, subject), value));
            if (run.qos(i) > 0) {
                durability[partition] = Durability.FSYNC;
            }
        }

        void submit(List<CoordinatorHandle<RetainedMachine>> all) {
            missing = 1;
            for (int partition = 0; partition < partitions; partition++) {
                if (!records.get(partition).isEmpty()) {
                    missing++;
                    submit(all.get(partition), partition);
                }
            }
            // Not before the caller has returned, even when every partition has refused.
            here.execute(this::partDone);
        }

        private void submit(CoordinatorHandle<RetainedMachine> coordinator, int partition) {
            // Nobody waits for what has no acknowledgement: it outlives the process, as its topic's record does.
            Durability wanted = durability[partition] == null ? Durability.OS_BUFFER : durability[partition];
            Outcome<Boolean> outcome = new Outcome<>(true, records.get(partition), wanted);
            RmqError refusal =
                    coordinator.submit(state -> outcome, (response, failure) -> completed(partition, failure));
            if (refusal != null) {
                failed(partition, refusal);
                here.execute(this::partDone);
            }
        }

        private void completed(int partition, @Nullable RmqException failure) {
            Runnable told = () -> {
                if (failure != null) {
                    failed(partition, failure.error());
                }
                partDone();
            };
            if (here.inLoop()) {
                told.run();
            } else {
                here.execute(told);
            }
        }

        private void failed(int partition, RmqError error) {
            RmqError[] all = failures == null ? new RmqError[run.count()] : failures;
            failures = all;
            for (int i = 0; i < all.length; i++) {
                if (run.retain(i) && partitionOf[i] == partition) {
                    all[i] = error;
                }
            }
        }

        private void partDone() {
            if (--missing == 0) {
                done.completed(failures);
            }
        }
    }

    // --- as administrators see and change them

    @Override
    public List<Retained> list(String tenant, @Nullable String filter, @Nullable String after, int limit) {
        TreeMap<String, Retained> first = new TreeMap<>();
        long now = clock.millis();
        RetainedStore.Cursor cursor = tree.cursor();
        boolean more = true;
        while (more) {
            more = cursor.advance(NODES_PER_STEP, (of, kept) -> {
                String subject = kept.message().subject().text();
                if (of.equals(tenant)
                        && !kept.message().expired(now)
                        && (after == null || subject.compareTo(after) > 0)
                        && (first.size() < limit || subject.compareTo(first.lastKey()) < 0)
                        && matches(filter, kept.message().subject())) {
                    first.put(subject, new Retained(kept.message(), kept.publishedMillis()));
                    if (first.size() > limit) {
                        first.pollLastEntry();
                    }
                }
            });
        }
        return List.copyOf(first.values());
    }

    /** Under the subject's own spelling, or that of the filter. */
    private static boolean matches(@Nullable String filter, PublishedSubject subject) {
        return filter == null
                || Subjects.matches(
                        Spelling.SLASH, filter, subject.in(Spelling.SLASH).text())
                || Subjects.matches(
                        Spelling.DOT, filter, subject.in(Spelling.DOT).text());
    }

    @Override
    public @Nullable Retained get(String tenant, String subject) {
        Kept kept = find(tenant, subject);
        return kept == null || kept.message().expired(clock.millis())
                ? null
                : new Retained(kept.message(), kept.publishedMillis());
    }

    private @Nullable Kept find(String tenant, String subject) {
        for (Spelling spelling : Spelling.values()) {
            Kept kept = tree.get(tenant, new PublishedSubject(spelling, subject));
            if (kept != null) {
                return kept;
            }
        }
        return null;
    }

    @Override
    public CompletionStage<Boolean> delete(String tenant, String subject) {
        Kept kept = find(tenant, subject);
        if (kept == null) {
            return CompletableFuture.completedFuture(false);
        }
        PublishedSubject published = kept.message().subject();
        List<CoordinatorHandle<RetainedMachine>> all = partitions;
        CompletableFuture<Boolean> deleted = new CompletableFuture<>();
        CoordinatorRecord tombstone = new CoordinatorRecord(RetainedKey.bytes(tenant, published), null);
        Outcome<Boolean> outcome = new Outcome<>(true, List.of(tombstone), Durability.FSYNC);
        RmqError refusal = all.get(RetainedKey.partitionOf(published, all.size()))
                .submit(state -> outcome, (response, failure) -> {
                    if (failure == null) {
                        deleted.complete(true);
                    } else {
                        deleted.completeExceptionally(failure);
                    }
                });
        if (refusal != null) {
            deleted.completeExceptionally(refusal.exception("the retained messages cannot be changed now"));
        }
        return deleted;
    }

    // --- seen from outside

    /** Messages refused because of the limits. */
    public long refused() {
        return refused.sum();
    }

    @Override
    public long bytes() {
        return tree.bytes();
    }

    public CoordinatorMetrics metrics() {
        return metrics;
    }

    /** The age of the oldest partition's newest snapshot, counted from the load when there is none. */
    public long snapshotAgeMillis() {
        return partitions.stream()
                .mapToLong(CoordinatorHandle::snapshotAgeMillis)
                .max()
                .orElse(0);
    }

    /** Why a partition cannot be served; null when all can. */
    public @Nullable String problem() {
        return partitions.stream()
                .map(CoordinatorHandle::problem)
                .filter(each -> each != null)
                .findFirst()
                .orElse(null);
    }
}
