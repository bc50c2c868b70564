/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.PublishAcks;
import io.robustmq.protocol.PublishRun;
import io.robustmq.storage.AppendCallback;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A run with those who wait for it. Filled on the publishers' loop, completed on the shard owner's loop, acknowledged on the
 * publishers' loop again; never touched by two loops at once.
 */
final class StagedRun implements AppendCallback, DispatchOrder.Waiting {
    final PublishRun run = new PublishRun();
    private @Nullable RunStage stage;
    private PublishAcks[] acks = new PublishAcks[16];
    private long[] tokens = new long[16];
    private int[] positions = new int[16];
    private int waiting;
    private boolean anyRetained;
    private boolean qos0Delivered;
    long reservedBytes;
    /** Counted by its stage until the commit; touched on the publishers' loop only. */
    boolean awaitsRetention;

    /** Its retained messages are on their way to {@code __retained}; touched on the shard owner's loop only. */
    boolean isKeeping;

    /** By message; null when all that were to be retained are. */
    private RmqError @Nullable [] retainFailures;

    private long baseOffset;
    private @Nullable RmqError error;

    /** An empty run begins to fill for the stage. */
    void begin(RunStage owner, String protocol) {
        stage = owner;
        run.begin(protocol);
    }

    private RunStage stage() {
        return Objects.requireNonNull(stage, "the run has not begun");
    }

    void added(Publish message, PublishAcks publisher) {
        anyRetained |= message.retain();
        if (message.token() == Publish.NO_TOKEN) {
            return;
        }
        if (waiting == tokens.length) {
            acks = Arrays.copyOf(acks, waiting * 2);
            tokens = Arrays.copyOf(tokens, waiting * 2);
            positions = Arrays.copyOf(positions, waiting * 2);
        }
        acks[waiting] = publisher;
        tokens[waiting] = message.token();
        positions[waiting++] = run.count() - 1;
    }

    boolean anyRetained() {
        return anyRetained;
    }

    /** What needs no acknowledgement went out before the append. */
    void qos0Delivered() {
        qos0Delivered = true;
    }

    /** On the loop of the shard's owner. */
    @Override
    public void completed(long base, @Nullable RmqException failure) {
        baseOffset = base;
        error = failure == null ? null : failure.error();
        if (failure == null && base >= 0) {
            run.placed(stage().shardId(), base);
        }
        if (run.isFollowed()) {
            MessageTraces.appended(run, base, error);
        }
        stage().committed(this);
    }

    /** Behind its last record; -1 when it has none. */
    long endOffset() {
        return baseOffset < 0 ? -1 : baseOffset + run.count();
    }

    @Override
    public long baseOffset() {
        return baseOffset;
    }

    @Override
    public boolean isReady() {
        return !isKeeping;
    }

    @Override
    public void show() {
        stage().deliver(this);
    }

    @Nullable
    RmqError error() {
        return error;
    }

    void fail(RmqError cause) {
        baseOffset = -1;
        error = cause;
    }

    void retained(RmqError @Nullable [] failures) {
        isKeeping = false;
        retainFailures = failures;
    }

    boolean isQos0Delivered() {
        return qos0Delivered;
    }

    private @Nullable RmqError errorOf(int position) {
        RmqError @Nullable [] failures = retainFailures;
        return error != null || failures == null ? error : failures[position];
    }

    /** Tells everybody who waits, on the publishers' loop. */
    void acknowledge() {
        for (int i = 0; i < waiting; i++) {
            RmqError failure = errorOf(positions[i]);
            long offset = baseOffset < 0 || failure != null ? -1 : baseOffset + positions[i];
            acks[i].completed(tokens[i], offset, failure);
        }
    }

    void clear() {
        stage = null;
        run.clear();
        Arrays.fill(acks, 0, waiting, null);
        waiting = 0;
        anyRetained = false;
        retainFailures = null;
        qos0Delivered = false;
        reservedBytes = 0;
        error = null;
        baseOffset = -1;
    }
}
