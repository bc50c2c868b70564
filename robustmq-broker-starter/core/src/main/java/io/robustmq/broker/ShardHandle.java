/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.ErrorKind;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.AppendCallback;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardStore;
import org.jspecify.annotations.Nullable;

/**
 * The only way to a shard's owner: inline on its loop, by one task from elsewhere. A shard that cannot be opened has a handle,
 * too, which fails what it is asked: its subjects must not fall to another topic meanwhile. Thread-safe.
 */
final class ShardHandle {
    private final ShardId shard;
    private final Loop loop;
    private final boolean inline;
    private final @Nullable ShardOwner owner;
    private final @Nullable RmqException problem;
    private final DispatchOrder order;
    private volatile AppendRules rules;
    private volatile boolean gone;

    private ShardHandle(
            ShardId shard,
            Loop loop,
            boolean inline,
            @Nullable ShardOwner owner,
            @Nullable RmqException problem,
            AppendRules rules) {
        this.shard = shard;
        this.loop = loop;
        this.inline = inline;
        this.owner = owner;
        this.problem = problem;
        this.rules = rules;
        this.order = new DispatchOrder(owner == null ? 0 : owner.store().stats().highWatermark());
    }

    /** @param inline whether an append on the owner's loop completes before it returns */
    static ShardHandle of(ShardId shard, ShardOwner owner, boolean inline, AppendRules rules) {
        return new ShardHandle(shard, owner.loop(), inline, owner, null, rules);
    }

    /** @param loop where failures are told */
    static ShardHandle unavailable(ShardId shard, Loop loop, RmqException problem) {
        return new ShardHandle(shard, loop, false, null, problem, AppendRules.NONE);
    }

    ShardId shard() {
        return shard;
    }

    Loop loop() {
        return loop;
    }

    /** In which order its records reach live subscribers; to be used on the owner's loop. */
    DispatchOrder order() {
        return order;
    }

    /** What an acknowledged append waits for. */
    Durability durability() {
        return rules.durability();
    }

    /** What is done with a batch that is appended now. */
    AppendRules rules() {
        return rules;
    }

    /** For appends from now on. */
    void rules(AppendRules changed) {
        rules = changed;
    }

    /** Whether an append from that loop has completed when it returns. */
    boolean completesInlineOn(Loop caller) {
        return inline && loop == caller;
    }

    /**
     * Appends, packed as the topic wants it; the callback runs on the owner's loop, possibly before this returns when the caller
     * is on it.
     */
    void append(RecordBatch owned, Durability wanted, AppendCallback done) {
        RecordBatch packed;
        try {
            packed = rules.packed(owned);
        } catch (RmqException e) {
            onLoop(() -> done.completed(-1, e));
            return;
        }
        onLoop(() -> appendHere(packed, wanted, done));
    }

    private void onLoop(Runnable task) {
        if (loop.inLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    private void appendHere(RecordBatch owned, Durability wanted, AppendCallback done) {
        ShardOwner writer = owner;
        if (writer == null) {
            owned.release();
            done.completed(-1, refusal());
            return;
        }
        if (rules.appendTime()) {
            owned.stamp(loop.clock().millis());
        }
        writer.append(owned, wanted, done);
    }

    /** What is wrong is not wrong with the message: the client may try again. */
    private RmqException refusal() {
        RmqException why = problem;
        if (why == null || why.error().kind() == ErrorKind.CLIENT) {
            return RmqError.UNAVAILABLE.exception(why == null ? "the shard is not open" : why.getMessage());
        }
        return why;
    }

    /** No directory names it any more. */
    void markGone() {
        gone = true;
    }

    boolean isGone() {
        return gone;
    }

    /** For reads, which may come from any thread; fails with why the shard is unavailable. */
    ShardStore store() {
        return owner().store();
    }

    /** Why the shard cannot be used; null when it can. */
    @Nullable
    RmqException problem() {
        return problem;
    }

    int epoch() {
        return owner().epoch();
    }

    ShardOwner owner() {
        if (owner == null) {
            throw refusal();
        }
        return owner;
    }
}
