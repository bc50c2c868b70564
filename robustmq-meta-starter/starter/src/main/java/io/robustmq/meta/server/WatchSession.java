/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.server;

import com.google.protobuf.ByteString;
import io.robustmq.kernel.Cancellable;
import io.robustmq.meta.client.MetaEndpoint;
import io.robustmq.meta.state.ChangeLog.Step;
import io.robustmq.meta.state.MetaState;
import io.robustmq.meta.state.StateStore;
import io.robustmq.rpc.meta.Document;
import io.robustmq.rpc.meta.WatchReply;
import io.robustmq.rpc.meta.WatchedChange;
import io.robustmq.rpc.meta.WatchedSnapshot;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One watcher: pulls from the change log as fast as its sink takes it, so a slow one costs a number, not a queue. Runs on the
 * executor, one run at a time; {@link #pump} and {@link #cancel} are thread-safe.
 */
final class WatchSession implements MetaEndpoint.Watch {
    private static final int SNAPSHOT_PIECE_BYTES = 512 * 1024;

    private final MetaState state;
    private final Set<String> kinds;
    private final MetaEndpoint.WatchSink sink;
    private final BooleanSupplier sinkReady;
    private final Executor executor;
    private final int windowMax;
    private final AtomicInteger window = new AtomicInteger();
    private final AtomicInteger signals = new AtomicInteger();
    private final Consumer<WatchSession> onEnd;
    private final Cancellable wakeUp;
    private long nextRevision;
    private boolean caughtUp;
    private volatile boolean ended;

    WatchSession(
            MetaState state,
            Set<String> kinds,
            long fromRevision,
            MetaEndpoint.WatchSink sink,
            BooleanSupplier sinkReady,
            int windowMax,
            Executor executor,
            Consumer<WatchSession> onEnd) {
        this.onEnd = onEnd;
        this.state = state;
        this.kinds = kinds;
        this.nextRevision = Math.max(1, fromRevision);
        this.sink = sink;
        this.sinkReady = sinkReady;
        this.windowMax = windowMax;
        this.executor = executor;
        this.wakeUp = state.changes().onChange(this::pump);
    }

    /** Something may be there to send. */
    void pump() {
        if (!ended && signals.getAndIncrement() == 0) {
            try {
                executor.execute(this::run);
            } catch (RejectedExecutionException e) {
                cancel();
            }
        }
    }

    private void run() {
        int seen = signals.get();
        do {
            try {
                drain();
            } catch (RuntimeException e) {
                end(e);
                return;
            }
            seen = signals.addAndGet(-seen);
        } while (seen != 0);
    }

    private void drain() {
        while (!ended && window.get() < windowMax && sinkReady.getAsBoolean()) {
            Step step = state.changes().read(nextRevision, kinds);
            if (step instanceof Step.TooOld) {
                snapshot();
            } else if (step instanceof Step.Next next) {
                nextRevision = next.nextRevision();
                if (next.change() != null) {
                    send(WatchReply.newBuilder().setChange(next.change()).build());
                }
            } else if (caughtUp) {
                return;
            } else {
                caughtUp = true;
                send(WatchReply.newBuilder()
                        .setChange(WatchedChange.newBuilder().setRevision(nextRevision - 1))
                        .build());
            }
        }
    }

    private void snapshot() {
        try (StateStore.View view = state.store().view()) {
            long revision = MetaState.revision(view);
            WatchedSnapshot.Builder piece = WatchedSnapshot.newBuilder().setRevision(revision);
            int[] bytes = new int[1];
            for (String kind : kinds.stream().sorted().toList()) {
                view.scan(kind, new byte[0], document -> {
                    piece.addDocuments(Document.newBuilder()
                            .setKey(document.toKey())
                            .setValue(ByteString.copyFrom(document.value()))
                            .setRevision(document.revision()));
                    bytes[0] += document.value().length + 64;
                    if (bytes[0] > SNAPSHOT_PIECE_BYTES) {
                        send(WatchReply.newBuilder().setSnapshot(piece).build());
                        piece.clearDocuments();
                        bytes[0] = 0;
                    }
                    return !ended;
                });
            }
            send(WatchReply.newBuilder().setSnapshot(piece.setLast(true)).build());
            nextRevision = revision + 1;
        }
    }

    private void send(WatchReply reply) {
        window.incrementAndGet();
        sink.next(reply);
    }

    @Override
    public void processed() {
        window.decrementAndGet();
        pump();
    }

    @Override
    public void cancel() {
        ended = true;
        wakeUp.cancel();
        onEnd.accept(this);
    }

    /** The member stops or failed. */
    void end(Throwable reason) {
        if (!ended) {
            cancel();
            sink.ended(reason);
        }
    }
}
