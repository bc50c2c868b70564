/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.coordinator;

import io.netty.buffer.ByteBufAllocator;
import io.robustmq.broker.coordinator.Command.Outcome;
import io.robustmq.broker.coordinator.CoordinatorHandle.Request;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.ErrorKind;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.HeaderBlockWriter;
import io.robustmq.kernel.record.RecordBatchBuilder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One coordinator: runs commands against the state, replays what they answer with at once, gathers their records into one
 * append while the one before is on its way, and lets the answers go when that is committed. The state is therefore ahead of
 * the shard; when an append fails it is thrown away and loaded again. Confined to its loop, but for the volatile fields.
 */
final class CoordinatorRuntime<S extends StateMachine> {
    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorRuntime.class);
    private static final int COMMANDS_PER_TURN = 1024;
    private static final int RETRY_FACTOR_MAX = 30;
    private static final long TICK_MILLIS_MIN = 1000;
    private static final HeaderBlockWriter NO_HEADERS = new HeaderBlockWriter();

    private enum Phase {
        LOADING,
        ACTIVE,
        FAILED,
        CLOSED
    }

    private final CoordinatorHandle<S> handle;
    private final CoordinatorLog log;
    private final S machine;
    private final CoordinatorConfig config;
    private final Clock clock;
    private final ByteBufAllocator allocator;
    private final CoordinatorMetrics metrics;
    private final RecordBatchBuilder builder;
    private final Snapshots snapshots;
    private final CompletableFuture<Void> firstLoad = new CompletableFuture<>();
    private volatile Phase phase = Phase.LOADING;
    private volatile @Nullable String problem;
    private @Nullable CoordinatorTenure tenure;
    private OpenBatch open = new OpenBatch(0);
    private @Nullable OpenBatch sent;
    private long committed;
    private int retryFactor = 1;
    private boolean wakingAgain;
    private @Nullable Cancellable tick;
    private long tickAtMillis;

    CoordinatorRuntime(
            CoordinatorHandle<S> handle,
            CoordinatorLog log,
            S machine,
            CoordinatorConfig config,
            Clock clock,
            ByteBufAllocator allocator,
            CoordinatorMetrics metrics) {
        this.handle = handle;
        this.log = log;
        this.machine = machine;
        this.config = config;
        this.clock = clock;
        this.allocator = allocator;
        this.metrics = metrics;
        this.builder = new RecordBatchBuilder(config.batchBytes());
        this.snapshots =
                new Snapshots(log, machine, config, clock, allocator, metrics, () -> committed, () -> open.endOffset());
    }

    // --- commands

    /** Runs what is in the inbox, as far as a batch is open for it. */
    void drain() {
        assert log.loop().inLoop();
        if (phase == Phase.FAILED || phase == Phase.CLOSED) {
            refuseAll();
            return;
        }
        int commands = 0;
        while (phase == Phase.ACTIVE && open.bytes() < config.batchBytes() && commands++ < COMMANDS_PER_TURN) {
            Request<S, ?> request = handle.poll();
            if (request == null) {
                break;
            }
            run(request);
        }
        if (phase == Phase.ACTIVE) {
            flush();
            if (!handle.isEmpty() && open.bytes() < config.batchBytes()) {
                wakeAgain();
            }
        }
    }

    /** The rest of the inbox gets a turn of its own, so that it does not hold the loop. */
    private void wakeAgain() {
        if (!wakingAgain) {
            wakingAgain = true;
            log.loop().execute(() -> {
                wakingAgain = false;
                drain();
            });
        }
    }

    private void refuseAll() {
        RmqException refusal = phase == Phase.CLOSED
                ? RmqError.CLOSED.exception("the coordinator is closed")
                : RmqError.UNAVAILABLE.exception(
                        "the coordinator of " + log.shard() + " could not be loaded: " + problem);
        for (Request<S, ?> request = handle.poll(); request != null; request = handle.poll()) {
            answer(request, null, refusal);
        }
    }

    private <R> void answer(Request<S, R> request, @Nullable R response, @Nullable RmqException failure) {
        handle.answered();
        request.response().completed(response, failure);
    }

    private <R> void run(Request<S, R> request) {
        Outcome<R> outcome;
        try {
            outcome = request.command().run(machine);
            check(outcome.records());
        } catch (RmqException refusal) {
            // What it was refused for may not be committed itself.
            answerBehind(request, null, refusal);
            return;
        } catch (RuntimeException e) {
            LOG.error("a command of the coordinator of {} failed", log.shard(), e);
            answerBehind(request, null, RmqError.INTERNAL.exception("the command failed: " + e));
            return;
        }
        if (outcome.records().isEmpty()) {
            answerBehind(request, outcome.response(), null);
            return;
        }
        open.await(request.response(), outcome.response(), null);
        replay(outcome.records());
        open.atLeast(outcome.durability());
    }

    private void check(List<CoordinatorRecord> records) {
        long bytes = 0;
        for (CoordinatorRecord record : records) {
            bytes += record.sizeBytes();
        }
        if (bytes > config.recordsBytesMax()) {
            throw RmqError.PAYLOAD_TOO_LARGE.exception(
                    "a change of " + bytes + " bytes; " + config.recordsBytesMax() + " are allowed");
        }
    }

    /** The answer leaves when everything is committed that the command may have seen. */
    private <R> void answerBehind(Request<S, R> request, @Nullable R response, @Nullable RmqException refusal) {
        OpenBatch last = open.records() > 0 ? open : sent;
        if (last == null) {
            answer(request, response, refusal);
        } else {
            last.await(request.response(), response, refusal);
        }
    }

    private void replay(List<CoordinatorRecord> records) {
        long now = clock.millis();
        if (open.records() == 0) {
            builder.begin(now);
        }
        for (CoordinatorRecord record : records) {
            long offset = open.endOffset();
            builder.append(now, record.key(), record.value(), NO_HEADERS);
            open.added(record);
            try {
                machine.replay(record, offset);
            } catch (RuntimeException e) {
                LOG.error("a change at offset {} of {} cannot be replayed", offset, log.shard(), e);
                resign(RmqError.INTERNAL.exception("the change cannot be replayed: " + e));
                return;
            }
        }
    }

    // --- appends

    private void flush() {
        CoordinatorTenure current = tenure;
        if (sent != null || open.records() == 0 || current == null) {
            return;
        }
        OpenBatch sending = open;
        sent = sending;
        open = new OpenBatch(sending.endOffset());
        metrics.appends.increment();
        metrics.records.add(sending.records());
        RmqError refusal = current.append(
                sending.baseOffset(),
                builder.build(allocator),
                sending.durability(),
                (base, failure) -> completed(current, sending, failure));
        if (refusal != null) {
            completed(current, sending, refusal.exception("the log of " + log.shard() + " takes no more"));
        }
    }

    /** Whoever waits for the batch is told the truth, even when the state has been thrown away meanwhile. */
    private void completed(CoordinatorTenure ofTenure, OpenBatch batch, @Nullable RmqException failure) {
        boolean current = tenure == ofTenure;
        if (current) {
            sent = null;
        }
        if (failure != null) {
            metrics.appendFailures.increment();
            if (current) {
                resign(failure);
            }
            tell(batch, failure);
            return;
        }
        if (current) {
            committed = batch.endOffset();
            machine.committed(committed);
        }
        tell(batch, null);
        if (current && phase == Phase.ACTIVE) {
            snapshots.committed(batch.records(), batch.bytes());
            armTick();
            drain();
        }
    }

    private void tell(OpenBatch batch, @Nullable RmqException failure) {
        for (int answered = batch.answer(failure); answered > 0; answered--) {
            handle.answered();
        }
    }

    /** The tenure is over: what is not committed never happened. */
    private void resign(RmqException cause) {
        OpenBatch dropped = open;
        open = new OpenBatch(0);
        sent = null;
        tenure = null;
        snapshots.abandon();
        machine.reset();
        if (phase != Phase.CLOSED) {
            phase = isOver(cause) ? Phase.CLOSED : Phase.LOADING;
            problem = isOver(cause) ? cause.getMessage() : null;
        }
        tell(dropped, cause);
        if (phase == Phase.CLOSED) {
            LOG.info("the coordinator of {} ends: {}", log.shard(), cause.getMessage());
            cancelTick();
            refuseAll();
        } else {
            LOG.warn("the coordinator of {} loads its shard again: {}", log.shard(), cause.getMessage());
            metrics.reloads.increment();
            log.loop().execute(this::load);
        }
    }

    // --- loading

    /** Begins a tenure and replays the shard. */
    void load() {
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.LOADING;
        long began = clock.nanos();
        log.begin()
                .thenCompose(begun -> snapshots
                        .restore(begun.endOffset())
                        .thenCompose(from -> log.replay(from, this::replayLoaded, machine::committed))
                        .thenApply(end -> {
                            checkEnd(begun, end);
                            return begun;
                        }))
                .whenComplete((begun, failure) -> {
                    if (failure == null) {
                        loaded(begun, clock.nanos() - began);
                    } else {
                        loadFailed(failure);
                    }
                });
    }

    private void replayLoaded(CoordinatorRecord record, long offset) {
        metrics.replayedRecords.increment();
        machine.replay(record, offset);
    }

    private void checkEnd(CoordinatorTenure begun, long end) {
        if (end != begun.endOffset()) {
            throw RmqError.CORRUPT_DATA.exception(
                    "shard " + log.shard() + " ends at " + begun.endOffset() + ", but was read up to " + end);
        }
    }

    /** Somebody else owns the shard now, or nobody does. */
    private static boolean isOver(RmqException cause) {
        return cause.error().kind() == ErrorKind.FENCED
                || cause.error() == RmqError.CLOSED
                || cause.error() == RmqError.NOT_OWNER;
    }

    private void loaded(CoordinatorTenure begun, long nanos) {
        if (phase == Phase.CLOSED) {
            return;
        }
        tenure = begun;
        committed = begun.endOffset();
        open = new OpenBatch(committed);
        machine.committed(committed);
        machine.loaded();
        metrics.loadNanos.accumulateAndGet(nanos, Math::max);
        problem = null;
        retryFactor = 1;
        phase = Phase.ACTIVE;
        snapshots.loaded();
        firstLoad.complete(null);
        armTick();
        drain();
    }

    private void loadFailed(Throwable failure) {
        if (phase == Phase.CLOSED) {
            return;
        }
        RmqException cause = causeOf(failure);
        machine.reset();
        metrics.loadFailures.increment();
        boolean news = !String.valueOf(cause.getMessage()).equals(problem);
        problem = String.valueOf(cause.getMessage());
        if (isOver(cause)) {
            phase = Phase.CLOSED;
            LOG.info("the coordinator of {} ends: {}", log.shard(), cause.getMessage());
        } else {
            phase = Phase.FAILED;
            if (news) {
                LOG.error("the coordinator of {} cannot load its shard, trying again: {}", log.shard(), problem);
            }
            log.loop().schedule(config.retryMillis() * retryFactor, this::load);
            retryFactor = Math.min(RETRY_FACTOR_MAX, retryFactor * 2);
        }
        refuseAll();
        firstLoad.completeExceptionally(cause);
    }

    static RmqException causeOf(Throwable failure) {
        Throwable cause = RmqException.causeOf(failure);
        if (cause instanceof RmqException known) {
            return known;
        }
        LOG.error("a coordinator failed", cause);
        return RmqError.INTERNAL.exception(String.valueOf(cause));
    }

    // --- time

    /** Armed only while the state or a snapshot waits for a time: an idle coordinator costs nothing. */
    private void armTick() {
        long wanted = Math.min(machine.nextTickMillis(), snapshots.dueMillis());
        if (wanted == Long.MAX_VALUE || tick != null && tickAtMillis <= wanted) {
            return;
        }
        cancelTick();
        long now = clock.millis();
        tickAtMillis = Math.max(wanted, now + TICK_MILLIS_MIN);
        tick = log.loop().schedule(tickAtMillis - now, this::tick);
    }

    private void cancelTick() {
        Cancellable armed = tick;
        if (armed != null) {
            armed.cancel();
            tick = null;
        }
    }

    private void tick() {
        tick = null;
        if (phase != Phase.ACTIVE) {
            return;
        }
        long now = clock.millis();
        if (machine.nextTickMillis() <= now) {
            RmqError refused = handle.submit(state -> Outcome.of(true, state.tick(now)), (done, failure) -> armTick());
            if (refused == null) {
                snapshots.startIfDue();
                return;
            }
        }
        snapshots.startIfDue();
        armTick();
    }

    // --- outside

    CompletionStage<Void> firstLoad() {
        return firstLoad;
    }

    boolean isActive() {
        return phase == Phase.ACTIVE;
    }

    @Nullable
    String problem() {
        return problem;
    }

    long snapshotAgeMillis() {
        return snapshots.ageMillis();
    }

    void close() {
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.CLOSED;
        cancelTick();
        snapshots.abandon();
        OpenBatch dropped = open;
        open = new OpenBatch(0);
        tell(dropped, RmqError.CLOSED.exception("the coordinator is closed"));
        refuseAll();
        firstLoad.completeExceptionally(RmqError.CLOSED.exception("the coordinator is closed"));
    }
}
