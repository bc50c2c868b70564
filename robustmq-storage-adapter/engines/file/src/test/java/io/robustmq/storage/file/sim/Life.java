/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file.sim;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.sim.SimDisk;
import io.robustmq.kernel.sim.SimLoopGroup;
import io.robustmq.kernel.sim.SimRandom;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.storage.StateSnapshot;
import io.robustmq.storage.file.FileEngine;
import io.robustmq.storage.file.FileEngineConfig;
import io.robustmq.storage.log.LogConfig;
import io.robustmq.storage.log.LogDisk;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One process on the disk, from its start to its end. Confined to the simulation. */
final class Life {
    private static final long ANSWER_MILLIS_MAX = 600_000;

    final int number;
    final MortalDisk disk;
    final LogDisk log;
    final FileEngine engine;
    private final SimScheduler scheduler;
    private final SimLoopGroup loops;
    private final SimLoopGroup readers;
    /** What may be answered because of what was done to the disk. */
    boolean mayFail;

    boolean mayBeFull;
    boolean mayBeOverloaded;
    boolean forceFailed;
    boolean closing;

    /** The process has ended in the middle of something. */
    static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1;

        Died() {
            super("the process died", null, false, false);
        }
    }

    Life(SimScheduler scheduler, SimDisk device, int number, LogConfig config, SimRandom random, Defect defect) {
        this.scheduler = scheduler;
        this.number = number;
        disk = new MortalDisk(device, random, defect);
        loops = scheduler.loops("life" + number, 5);
        readers = scheduler.loops("reader" + number, 2);
        log = new LogDisk(
                "sim", disk, readers, loops.get(0), loops.get(1), loops.clock(), scheduler.random("id"), config);
        engine = new FileEngine(List.of(log), new FileEngineConfig(4096, 1 << 20, 4096), () -> {});
    }

    Loop owner(int index) {
        return loops.get(2 + index % 2);
    }

    Loop client() {
        return loops.get(4);
    }

    boolean isDead() {
        return disk.isDead();
    }

    /** Runs until the answer is there; throws what it failed with, or that the process died. */
    <T> T await(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        boolean there = scheduler.runUntil(() -> future.isDone() || isDead(), ANSWER_MILLIS_MAX);
        if (isDead()) {
            // Nobody takes the answer any more, whether it is there or comes while the process ends.
            future.whenComplete((value, failure) -> {
                if (value instanceof StateSnapshot state) {
                    state.owned().release();
                }
            });
            throw new Died();
        }
        if (!there) {
            throw new AssertionError("no answer");
        }
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RmqException known ? known : e;
        }
    }

    /** Runs on that loop until it answers. */
    <T> T on(Loop loop, java.util.function.Supplier<CompletionStage<T>> call) {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.execute(() -> call.get().whenComplete((value, failure) -> {
            if (failure != null) {
                Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                done.completeExceptionally(cause);
            } else {
                done.complete(value);
            }
        }));
        return await(done);
    }

    void run(int events) {
        for (int event = 0; event < events && !isDead() && scheduler.step(); event++) {
            continue;
        }
        if (isDead()) {
            throw new Died();
        }
    }

    /** What still runs of it runs to its end, without a disk; then all of it must have been given back. */
    void bury() {
        disk.die();
        CompletableFuture<Void> gone = log.abandon().toCompletableFuture();
        scheduler.runUntil(gone::isDone, ANSWER_MILLIS_MAX);
        end();
    }

    void close() {
        await(engine.shutdown());
        end();
    }

    private void end() {
        scheduler.runForMillis(60_000);
        loops.stop();
        readers.stop();
    }

    @Nullable
    String leftBehind() {
        if (!disk.openFiles().isEmpty()) {
            return disk.openFiles() + " open files";
        }
        return log.metrics().waitingBytes() != 0 || log.metrics().waitingCalls() != 0
                ? "room for " + log.metrics().waitingCalls() + " calls of "
                        + log.metrics().waitingBytes() + " bytes"
                : null;
    }
}
