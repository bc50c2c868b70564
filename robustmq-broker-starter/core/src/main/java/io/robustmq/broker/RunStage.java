/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.record.HeaderBlockWriter;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchBuilder;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.PublishAcks;
import io.robustmq.storage.Durability;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where one loop collects the publishes of a turn for one shard; or, without a shard, for live delivery only. At the end of
 * the turn they become one batch and one run. Confined to its loop.
 */
final class RunStage {
    private static final int RECORDS_MAX = 8192;

    private final LoopBroker broker;
    private final RouteTable.Scope scope;
    private final @Nullable ShardHandle shard;
    private final int batchBytesMax;
    private final Runnable flush = this::flush;
    private @Nullable StagedRun current;
    /** Borrowed for a turn, so that a thousand quiet shards hold no buffers; null between turns. */
    private @Nullable RecordBatchBuilder builder;

    private boolean armed;
    private long nowMillis;
    /** Runs with retained messages whose commit is not known yet. */
    private int retaining;
    /** The shard's, on its owner's loop; of what is not captured its own, on this one. */
    private final DispatchOrder order;

    /** @param shard null for messages that are not captured */
    RunStage(LoopBroker broker, RouteTable.Scope scope, @Nullable ShardHandle shard, int batchBytesMax) {
        this.broker = broker;
        this.scope = scope;
        this.shard = shard;
        this.order = shard == null ? new DispatchOrder(0) : shard.order();
        this.batchBytesMax = batchBytesMax;
    }

    RouteTable.Scope scope() {
        return scope;
    }

    /** Null for what is not captured. */
    @Nullable
    ShardHandle shard() {
        return shard;
    }

    Loop loop() {
        return broker.loop();
    }

    /** Where its runs are captured. */
    ShardId shardId() {
        return Objects.requireNonNull(shard, "nothing is captured here").shard();
    }

    /** Takes a copy of the message into the run of this turn. */
    void add(Route route, Publish message, PublishAcks publisher, Object origin) {
        assert loop().inLoop();
        byte[] key = route.keyIsSubject ? route.subject.utf8() : message.key();
        HeaderBlockWriter headers = BrokerHeaders.of(message, route);
        int keyLength = key == null ? -1 : key.length;
        StagedRun staged = current;
        RecordBatchBuilder open = builder;
        if (staged == null
                || open == null
                || staged.run.count() >= RECORDS_MAX
                || !open.fits(keyLength, message.payloadLength(), headers.length(), topicBytesMax())) {
            flush();
            staged = begin();
            open = builder;
        }
        Objects.requireNonNull(open)
                .append(
                        nowMillis,
                        route.keyIsSubject ? message.subjectBuffer() : keyBuffer(key),
                        route.keyIsSubject ? message.subjectOffset() : 0,
                        keyLength,
                        message.payloadBuffer(),
                        message.payloadOffset(),
                        message.payloadLength(),
                        headers.array(),
                        0,
                        headers.length(),
                        headers.count());
        staged.run.add(route.subject, route, origin, message, open.lastValuePosition(), broker.allocator());
        staged.added(message, publisher);
    }

    /** One message may be larger, and is refused alone; those beside it must not be. */
    private int topicBytesMax() {
        return shard == null ? batchBytesMax : shard.rules().batchBytesMax();
    }

    private static ByteBuf keyBuffer(byte @Nullable [] key) {
        return key == null ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(key);
    }

    private StagedRun begin() {
        StagedRun staged = broker.borrowRun();
        staged.begin(this, scope.protocol());
        current = staged;
        nowMillis = broker.clock().millis();
        RecordBatchBuilder borrowed = broker.borrowBuilder(batchBytesMax);
        borrowed.begin(nowMillis);
        builder = borrowed;
        if (!armed) {
            armed = true;
            broker.turn().appendLater(flush);
        }
        return staged;
    }

    private void flush() {
        armed = false;
        StagedRun staged = current;
        RecordBatchBuilder filled = builder;
        if (staged == null || filled == null) {
            return;
        }
        current = null;
        builder = null;
        RecordBatch batch = filled.build(broker.allocator());
        broker.giveBack(filled);
        broker.counters().runs.increment();
        broker.counters().publishes.add(staged.run.count());
        ShardHandle target = shard;
        if (target == null) {
            staged.run.seal(batch.buffer());
            if (staged.anyRetained()) {
                // It waits for __retained, and counts meanwhile.
                staged.reservedBytes = batch.sizeBytes();
                broker.budget().reserve(staged.reservedBytes);
            }
            staged.completed(-1, null);
            return;
        }
        staged.run.seal(batch.buffer().retain());
        staged.reservedBytes = batch.sizeBytes();
        if (!broker.budget().tryReserve(staged.reservedBytes)) {
            shed(staged, batch);
            return;
        }
        if (staged.anyRetained()) {
            retaining++;
            staged.awaitsRetention = true;
        }
        // A subscriber that comes between delivery and retention would get neither; so here, and behind it, both wait.
        if (staged.run.anyQos0() && retaining == 0 && !target.completesInlineOn(loop())) {
            broker.dispatcher().dispatch(staged.run, Dispatcher.Which.UNACKNOWLEDGED);
            staged.qos0Delivered();
        }
        target.append(batch, durability(staged, target), staged);
    }

    private static Durability durability(StagedRun staged, ShardHandle shard) {
        return staged.run.anyAcknowledged() ? shard.durability() : Durability.OS_BUFFER;
    }

    /** Over the memory limit: what needs no acknowledgement is delivered but not captured, the rest is refused. */
    private void shed(StagedRun staged, RecordBatch batch) {
        batch.release();
        staged.reservedBytes = 0;
        broker.counters().capturesShed.add(staged.run.count());
        if (staged.run.anyQos0()) {
            broker.dispatcher().dispatch(staged.run, Dispatcher.Which.UNACKNOWLEDGED);
        }
        staged.qos0Delivered();
        staged.fail(RmqError.OVERLOADED);
        finish(staged);
    }

    /** On the loop of the shard's owner, or on this one when nothing was captured. */
    void committed(StagedRun staged) {
        if (staged.anyRetained() && staged.error() == null) {
            keep(staged);
        }
        order.committed(staged, staged.endOffset());
    }

    /** Retained first and delivered then, or a subscriber that comes in between would get neither. */
    private void keep(StagedRun staged) {
        staged.isKeeping = true;
        broker.retained().keep(scope.tenant(), staged.run, broker.loopHere(), failures -> {
            staged.retained(failures);
            order.goOn();
        });
    }

    /** In its turn, see {@link DispatchOrder}. */
    void deliver(StagedRun staged) {
        boolean qos0Delivered = staged.isQos0Delivered();
        if (staged.error() == null) {
            broker.dispatcherHere()
                    .dispatch(staged.run, qos0Delivered ? Dispatcher.Which.ACKNOWLEDGED : Dispatcher.Which.ALL);
        } else {
            broker.counters().appendFailures.increment();
            if (!qos0Delivered && staged.run.anyQos0()) {
                broker.dispatcherHere().dispatch(staged.run, Dispatcher.Which.UNACKNOWLEDGED);
            }
        }
        if (loop().inLoop()) {
            finish(staged);
        } else {
            loop().execute(() -> finish(staged));
        }
    }

    private void finish(StagedRun staged) {
        if (staged.awaitsRetention) {
            staged.awaitsRetention = false;
            retaining--;
        }
        if (staged.anyRetained()) {
            broker.retained().settle(staged.run);
        }
        staged.acknowledge();
        if (staged.run.isFollowed()) {
            MessageTraces.ended(staged.run, staged.error());
        }
        if (staged.reservedBytes > 0) {
            broker.budget().release(staged.reservedBytes);
        }
        boolean last = staged.run.release();
        if (last) {
            staged.clear();
            broker.giveBack(staged);
        }
    }
}
