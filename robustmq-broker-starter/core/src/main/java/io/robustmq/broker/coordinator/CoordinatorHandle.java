/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.coordinator;

import io.netty.buffer.ByteBufAllocator;
import io.robustmq.broker.coordinator.Command.Outcome;
import io.robustmq.broker.coordinator.Command.Response;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The only way to a coordinator: a bounded inbox, one wake-up for all that is in it. Thread-safe.
 *
 * @param <S> the state machine
 */
public final class CoordinatorHandle<S extends StateMachine> {
    private final CoordinatorLog log;
    private final CoordinatorConfig config;
    private final CoordinatorMetrics metrics;
    private final CoordinatorRuntime<S> runtime;
    private final ConcurrentLinkedQueue<Request<S, ?>> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean awake = new AtomicBoolean();
    private volatile boolean closed;

    private CoordinatorHandle(
            CoordinatorLog log,
            S machine,
            CoordinatorConfig config,
            Clock clock,
            ByteBufAllocator allocator,
            CoordinatorMetrics metrics) {
        this.log = log;
        this.config = config;
        this.metrics = metrics;
        this.runtime = new CoordinatorRuntime<>(this, log, machine, config, clock, allocator, metrics);
    }

    /** A command with whoever waits for its answer. */
    record Request<S extends StateMachine, R>(Command<S, R> command, Response<R> response) {}

    /** Begins to load the shard; commands wait until that is done. */
    public static <S extends StateMachine> CoordinatorHandle<S> open(
            CoordinatorLog log,
            S machine,
            CoordinatorConfig config,
            Clock clock,
            ByteBufAllocator allocator,
            CoordinatorMetrics metrics) {
        CoordinatorHandle<S> handle = new CoordinatorHandle<>(log, machine, config, clock, allocator, metrics);
        log.loop().execute(handle.runtime::load);
        return handle;
    }

    /**
     * Enqueues the command.
     *
     * @param response called once, on the coordinator's loop; not called when this refuses
     * @return null when it is enqueued; OVERLOADED when too many wait; CLOSED
     */
    public <R> @Nullable RmqError submit(Command<S, R> command, Response<R> response) {
        if (closed) {
            return RmqError.CLOSED;
        }
        if (waiting.incrementAndGet() > config.commandsMax()) {
            waiting.decrementAndGet();
            metrics.overloaded.increment();
            return RmqError.OVERLOADED;
        }
        metrics.pending.increment();
        metrics.commands.increment();
        inbox.add(new Request<>(command, response));
        if (awake.compareAndSet(false, true)) {
            log.loop().execute(this::wake);
        }
        return null;
    }

    /** Reads; the answer leaves when everything that it was read from is committed. */
    public <R> @Nullable RmqError read(Function<S, R> query, Response<R> response) {
        return submit(state -> Outcome.read(query.apply(state)), response);
    }

    private void wake() {
        awake.set(false);
        runtime.drain();
    }

    /** Completes when the shard has been loaded for the first time; fails when the first attempt fails. */
    public CompletionStage<Void> loaded() {
        return runtime.firstLoad();
    }

    /** Where it runs, and answers. */
    public Loop loop() {
        return log.loop();
    }

    /** Whether commands are run now; false while it loads. */
    public boolean isActive() {
        return runtime.isActive();
    }

    /** Why the last load failed; null when it did not. */
    public @Nullable String problem() {
        return runtime.problem();
    }

    /** Milliseconds since the last snapshot, or since the load when there was none. */
    public long snapshotAgeMillis() {
        return runtime.snapshotAgeMillis();
    }

    /** Ends the tenure; whoever waits is told CLOSED, unless their records are on their way. */
    public void close() {
        closed = true;
        log.loop().execute(runtime::close);
    }

    // --- for the runtime, on its loop

    @Nullable
    Request<S, ?> poll() {
        return inbox.poll();
    }

    boolean isEmpty() {
        return inbox.isEmpty();
    }

    void answered() {
        waiting.decrementAndGet();
        metrics.pending.decrement();
    }

    @Override
    public String toString() {
        return Objects.toString(log.shard());
    }
}
