/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.system.SystemThreads;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes. Whatever arrives while it waits for the device makes up the next group, so that a thousand
 * shards cost one force. {@link #submit} is thread-safe; all else runs on the writer's thread.
 */
final class Writer implements AutoCloseable {
    private static final int GROUP_OPS_MAX = 16 * 1024;
    private static final long GROUP_BYTES_MAX = 8L << 20;
    private static final long CLOSE_SECONDS_MAX = 60;

    private final SystemThreads.OwnLoop own = SystemThreads.loop("rocksdb-write");
    private final Loop loop = own.loop();
    private final Queue<Op> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final long maxQueuedBytes;
    private final Counters counters;
    private final Supplier<Group> opening;
    private final Runnable changed;
    private volatile boolean ended;
    private @Nullable Group group;
    private volatile @Nullable RmqException unopened;
    private @Nullable Cancellable flush;
    private long flushAtNanos;

    /**
     * @param opening opens the database when the first op arrives
     * @param changed called when it cannot be opened
     */
    Writer(long maxQueuedBytes, Counters counters, Supplier<Group> opening, Runnable changed) {
        this.changed = changed;
        this.maxQueuedBytes = maxQueuedBytes;
        this.counters = counters;
        this.opening = opening;
    }

    Loop loop() {
        return loop;
    }

    /** Takes the op on its way; it completes on its own loop whatever happens. */
    void submit(Op op) {
        int bytes = op.bytes();
        if (bytes > 0 && queuedBytes.addAndGet(bytes) > maxQueuedBytes) {
            queuedBytes.addAndGet(-bytes);
            counters.refusedAppends.increment();
            refuse(
                    op,
                    RmqError.OVERLOADED.exception(
                            maxQueuedBytes + " bytes wait for the disk of the rocksdb engine already"));
            return;
        }
        inbox.add(op);
        if (!awake.get() && awake.compareAndSet(false, true)) {
            wake();
        }
        if (ended) {
            // It may have come after the last look into the inbox.
            refuseAll();
        }
    }

    private void wake() {
        try {
            loop.execute(this::drain);
        } catch (RmqException e) {
            refuseAll();
        }
    }

    /** Why the database is not open although it was asked for; null while all is well. Any thread may ask. */
    @Nullable
    RmqException unopened() {
        return unopened;
    }

    /** Has the free space measured, without waiting for it. */
    void lookAtSpace() {
        try {
            loop.execute(() -> {
                if (group != null && !ended) {
                    group.considerReopening();
                    group.considerSpace();
                }
            });
        } catch (RmqException loopHasEnded) {
            // Nobody writes any more.
        }
    }

    long queuedBytes() {
        return queuedBytes.get();
    }

    private void refuseAll() {
        RmqException closed = RmqError.CLOSED.exception("the rocksdb engine is closed");
        for (Op op = inbox.poll(); op != null; op = inbox.poll()) {
            queuedBytes.addAndGet(-op.bytes());
            refuse(op, closed);
        }
    }

    private static void refuse(Op op, RmqException reason) {
        op.discard();
        op.fail(reason);
        Completions completions = new Completions();
        completions.add(op);
        completions.send();
    }

    // --- the writer's thread

    private void drain() {
        awake.set(false);
        if (inbox.isEmpty() || ended) {
            return;
        }
        Group current = group();
        if (current == null) {
            RmqException reason = unopened;
            for (Op op = inbox.poll(); op != null; op = inbox.poll()) {
                queuedBytes.addAndGet(-op.bytes());
                refuse(op, reason);
            }
            return;
        }
        current.considerReopening();
        int taken = 0;
        while (taken < GROUP_OPS_MAX && current.bytes() < GROUP_BYTES_MAX) {
            Op op = inbox.poll();
            if (op == null) {
                break;
            }
            queuedBytes.addAndGet(-op.bytes());
            current.take(op);
            taken++;
        }
        current.commit();
        current.takeUnfinished().forEach(this::submit);
        scheduleFlush(current);
        if (!inbox.isEmpty() && awake.compareAndSet(false, true)) {
            wake();
        }
    }

    private @Nullable Group group() {
        if (group == null && unopened == null) {
            try {
                group = opening.get();
            } catch (RmqException e) {
                unopened = e;
            } catch (RuntimeException | LinkageError e) {
                unopened = new RmqException(RmqError.STORAGE_FAILED, "RocksDB cannot be used: " + e, e);
            }
            if (unopened != null) {
                changed.run();
            }
        }
        return group;
    }

    private void scheduleFlush(Group current) {
        long within = current.flushWithinMillis();
        if (within == Long.MAX_VALUE) {
            return;
        }
        long dueNanos = loop.clock().nanos() + TimeUnit.MILLISECONDS.toNanos(within);
        Cancellable waiting = flush;
        if (waiting != null) {
            if (flushAtNanos - dueNanos <= 0) {
                return;
            }
            waiting.cancel();
        }
        flushAtNanos = dueNanos;
        flush = loop.schedule(within, () -> {
            flush = null;
            if (!ended) {
                current.forceNow();
            }
        });
    }

    /** Commits what waits, then refuses everything. */
    private void end(CountDownLatch done) {
        try {
            while (!inbox.isEmpty()) {
                drain();
            }
        } finally {
            ended = true;
            refuseAll();
            if (group != null) {
                group.close();
            }
            done.countDown();
        }
    }

    /** Waits for the group that is being written. */
    @Override
    public void close() {
        CountDownLatch done = new CountDownLatch(1);
        loop.execute(() -> end(done));
        try {
            if (!done.await(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw RmqError.TIMED_OUT.exception("the rocksdb engine's writer hangs in the disk");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        own.close();
    }
}
