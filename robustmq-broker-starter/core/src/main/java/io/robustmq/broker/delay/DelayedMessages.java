/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.delay;

import io.netty.buffer.ByteBufAllocator;
import io.robustmq.broker.coordinator.Command;
import io.robustmq.broker.coordinator.Command.Outcome;
import io.robustmq.broker.coordinator.CoordinatorConfig;
import io.robustmq.broker.coordinator.CoordinatorHandle;
import io.robustmq.broker.coordinator.CoordinatorLog;
import io.robustmq.broker.coordinator.CoordinatorMetrics;
import io.robustmq.broker.coordinator.CoordinatorRecord;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.MemoryBudget;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.subject.Partitioner;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.DelayPort;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.PublishAcks;
import io.robustmq.protocol.PublishedSubject;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Messages of all protocols that wait for their time, kept in {@code __delayed}: one coordinator and one timer for each of its
 * partitions. Thread-safe.
 */
public final class DelayedMessages implements DelayPort {
    private final Clock clock;
    private final DueWay way;
    private final MemoryBudget budget;
    private final Totals totals;
    private final DelayCounters counters = new DelayCounters();
    private final CoordinatorMetrics metrics = new CoordinatorMetrics();
    private volatile List<Partition> partitions = List.of();

    record Partition(CoordinatorHandle<DelayedMachine> handle, DelayedQueue queue, Loop loop, int number) {}

    /** @param budget what messages take until they are in the log */
    public DelayedMessages(Clock clock, MemoryBudget budget, DueWay way, DelayConfig config) {
        this.clock = clock;
        this.budget = budget;
        this.way = way;
        this.totals = new Totals(config);
    }

    /** Other limits from now on; what waits goes on waiting. */
    public void limit(DelayConfig changed) {
        totals.limit(changed);
    }

    /**
     * Loads the partitions, in order, and publishes what has become due meanwhile; completes when all are loaded.
     *
     * @param stores by partition; asked for anew each time, since a shard may be opened later than its log
     */
    public CompletionStage<Void> open(
            List<CoordinatorLog> logs,
            IntFunction<ShardStore> stores,
            CoordinatorConfig config,
            ByteBufAllocator allocator) {
        List<Partition> opened = new ArrayList<>();
        for (int i = 0; i < logs.size(); i++) {
            CoordinatorLog log = logs.get(i);
            int number = i;
            DelayedMachine machine = new DelayedMachine(i, totals);
            DelayedQueue queue =
                    new DelayedQueue(machine, () -> stores.apply(number), way, log.loop(), clock, counters);
            machine.listener(queue);
            CoordinatorHandle<DelayedMachine> handle =
                    CoordinatorHandle.open(log, machine, config, clock, allocator, metrics);
            queue.serve(handle);
            opened.add(new Partition(handle, queue, log.loop(), i));
        }
        partitions = List.copyOf(opened);
        return CompletableFuture.allOf(opened.stream()
                .map(each -> each.handle.loaded().toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    public void close() {
        for (Partition each : partitions) {
            each.handle.close();
            each.loop.execute(each.queue::close);
        }
    }

    // --- the way of a publish

    /**
     * Keeps the message until it is due; acknowledged when it is kept for certain. What it points to is copied before this
     * returns.
     *
     * @param here the publisher's loop
     * @return null when it was taken, or why not: INVALID_REQUEST (too far ahead), QUOTA_EXCEEDED, UNAVAILABLE, OVERLOADED
     */
    public @Nullable RmqError accept(
            ClientIdentity client,
            String protocol,
            PublishedSubject subject,
            Publish message,
            Loop here,
            PublishAcks acks) {
        List<Partition> all = partitions;
        if (all.isEmpty()) {
            return RmqError.UNAVAILABLE;
        }
        Partition partition = all.get(Partitioner.partition(subject.canonical(), all.size()));
        if (partition.handle.problem() != null) {
            return RmqError.UNAVAILABLE;
        }
        long now = clock.millis();
        long due = Math.max(now, message.dueAtMillis());
        if (due - now > SECONDS_MAX * 1000) {
            return RmqError.INVALID_REQUEST;
        }
        byte[] value = DelayedMessage.valueOf(client, protocol, subject, message, now);
        int size = DelayedId.KEY_BYTES + value.length;
        if (!totals.admit(size)) {
            counters.refused.increment();
            return RmqError.QUOTA_EXCEEDED;
        }
        if (!budget.tryReserve(size)) {
            totals.settle(size);
            return RmqError.OVERLOADED;
        }
        // As its topic does: nobody waits for what has no acknowledgement.
        Durability durability = message.qos() == 0 ? Durability.OS_BUFFER : Durability.FSYNC;
        long token = message.token();
        RmqError refusal = partition.handle.submit(
                state -> new Outcome<>(true, List.of(record(state, partition.number, due, now, value)), durability),
                (response, failure) -> {
                    settle(size);
                    if (failure == null) {
                        counters.accepted.increment();
                    }
                    if (token != Publish.NO_TOKEN) {
                        tell(here, () -> acks.completed(token, -1, failure == null ? null : failure.error()));
                    }
                });
        if (refusal != null) {
            settle(size);
        }
        return refusal;
    }

    private void settle(int size) {
        totals.settle(size);
        budget.release(size);
    }

    private static CoordinatorRecord record(DelayedMachine state, int partition, long due, long now, byte[] value) {
        return new CoordinatorRecord(new DelayedId(partition, due, state.nextSequence(now)).key(), value);
    }

    private static void tell(Loop here, Runnable answer) {
        if (here.inLoop()) {
            answer.run();
        } else {
            here.execute(answer);
        }
    }

    // --- seen from outside

    @Override
    public CompletionStage<Page> list(Query query) {
        return new DelayedList(partitions, query).run();
    }

    @Override
    public CompletionStage<Delayed> show(String tenant, String text) {
        return found(tenant, text);
    }

    @Override
    public CompletionStage<Void> cancel(String tenant, String text) {
        return found(tenant, text)
                .thenCompose(v -> {
                    DelayedId id = DelayedId.parse(text);
                    Partition partition = partition(id);
                    return ask(partition, state -> {
                        if (!state.waits(id) || partition.queue.isUnderWay(id)) {
                            throw notFound(id);
                        }
                        return Outcome.of(true, List.of(new CoordinatorRecord(id.key(), null)));
                    });
                })
                .thenAccept(v -> counters.cancelled.increment());
    }

    private CompletionStage<Delayed> found(String tenant, String text) {
        DelayedId id;
        Partition partition;
        try {
            id = DelayedId.parse(text);
            partition = partition(id);
        } catch (RmqException e) {
            return CompletableFuture.failedStage(e);
        }
        return ask(partition, state -> Outcome.read(Optional.ofNullable(state.find(id))))
                .thenCompose(entry -> entry.isEmpty()
                        ? CompletableFuture.failedStage(notFound(id))
                        : EntryRead.of(partition.queue.store(), partition.loop, List.of(entry.get()))
                                .thenApply(messages -> messages.get(entry.get())))
                .thenApply(message -> {
                    if (message == null || !message.client().tenant().equals(tenant)) {
                        throw notFound(id);
                    }
                    return describe(id, message);
                });
    }

    private Partition partition(DelayedId id) {
        List<Partition> all = partitions;
        if (id.partition() >= all.size()) {
            throw notFound(id);
        }
        return all.get(id.partition());
    }

    private static RmqException notFound(DelayedId id) {
        return RmqError.NOT_FOUND.exception("no delayed message " + id + " waits");
    }

    /** Completes on the partition's loop. */
    static <R> CompletionStage<R> ask(Partition partition, Command<DelayedMachine, R> command) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        RmqError refusal = partition.handle.submit(command, (response, failure) -> {
            if (failure == null) {
                answer.complete(response);
            } else {
                answer.completeExceptionally(failure);
            }
        });
        if (refusal != null) {
            answer.completeExceptionally(refusal.exception("the coordinator of delayed messages takes no more"));
        }
        return answer;
    }

    static Delayed describe(DelayedId id, DelayedMessage message) {
        return new Delayed(
                id.toString(),
                message.client().tenant(),
                message.protocol(),
                message.subject().text(),
                message.client().clientId(),
                message.client().userName(),
                message.qos(),
                message.retain(),
                message.acceptedMillis(),
                id.dueMillis(),
                message.expiresAtMillis(),
                message.payload());
    }

    @Override
    public long count() {
        return totals.count();
    }

    @Override
    public long bytes() {
        return totals.bytes();
    }

    public DelayCounters counters() {
        return counters;
    }

    public CoordinatorMetrics metrics() {
        return metrics;
    }

    /** The age of the oldest partition's newest snapshot, counted from the load when there is none. */
    public long snapshotAgeMillis() {
        return partitions.stream()
                .mapToLong(each -> each.handle.snapshotAgeMillis())
                .max()
                .orElse(0);
    }

    /** Why a partition cannot be served; null when all can. */
    public @Nullable String problem() {
        return partitions.stream()
                .map(each -> each.handle.problem())
                .filter(each -> each != null)
                .findFirst()
                .orElse(null);
    }
}
