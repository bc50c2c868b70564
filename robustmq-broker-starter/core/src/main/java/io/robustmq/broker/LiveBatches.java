/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordBlock;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.PublishRun;
import io.robustmq.protocol.Target;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows committed batches of one shard to live subscribers of its topic's subject. Costs two volatile reads while nobody is
 * interested. Confined to the loop of the shard's owner.
 */
final class LiveBatches {
    private static final Logger LOG = LoggerFactory.getLogger(LiveBatches.class);

    private final Broker broker;
    private final ShardHandle shard;
    private final byte[] subject;
    private final boolean keyIsSubject;
    private final ByteBuf subjectBuffer;
    private @Nullable Route route;

    /** @param keyIsSubject as in wildcard topics, where the client's key is a header */
    LiveBatches(Broker broker, ShardHandle shard, String subject, boolean keyIsSubject) {
        this.broker = broker;
        this.shard = shard;
        this.subject = subject.getBytes(StandardCharsets.UTF_8);
        this.keyIsSubject = keyIsSubject;
        this.subjectBuffer = Unpooled.wrappedBuffer(this.subject);
    }

    /** The batch is borrowed for the call. */
    void offer(ByteBuf batch, ClientIdentity client) {
        assert shard.loop().inLoop();
        LoopBroker here = broker.loop(shard.loop().index());
        Route current = route;
        if (current == null
                || !here.isCurrent(current)
                || !current.live.scope().protocol().equals(client.protocol())) {
            current = here.table(new RouteTable.Scope(client.tenant(), client.protocol(), Spelling.DOT))
                    .find(subjectBuffer, 0, subject.length);
            route = current;
        }
        if (anybody(current)) {
            deliver(here, current, batch, client);
        }
    }

    private static boolean anybody(Route route) {
        for (Target[] ofLoop : route.targets) {
            if (ofLoop.length > 0) {
                return true;
            }
        }
        return false;
    }

    private void deliver(LoopBroker here, Route to, ByteBuf batch, ClientIdentity client) {
        RecordBatchReader reader = new RecordBatchReader();
        PublishRun run = new PublishRun();
        run.begin(RecordBlock.FORMAT);
        ByteBuf payloads = null;
        long baseOffset = -1;
        try {
            reader.reset(batch);
            reader.nextBatch();
            baseOffset = reader.baseOffset();
            boolean packed = reader.compression() != 0;
            payloads = packed ? here.allocator().buffer() : batch.retain();
            fill(reader, run, to, client, packed ? payloads : null);
        } catch (RmqException e) {
            // Only its header was checked when it came in; whoever reads the log finds the same.
            LOG.debug("a batch that {} produced cannot be shown to subscribers: {}", client, e.getMessage());
        } finally {
            reader.clear();
        }
        if (payloads == null) {
            return;
        }
        run.seal(payloads);
        run.placed(shard.shard(), baseOffset);
        if (run.count() > 0) {
            here.dispatcher().dispatch(run, Dispatcher.Which.ALL);
        }
        run.release();
    }

    /** @param copies where the values go when they do not lie in the batch as they are */
    private void fill(
            RecordBatchReader reader, PublishRun run, Route to, ClientIdentity client, @Nullable ByteBuf copies) {
        Publish message = new Publish();
        ByteBuf block = Unpooled.buffer(256);
        while (reader.nextRecord()) {
            RecordView view = reader.record();
            int length = Math.max(view.valueLength(), 0);
            int position = view.valuePosition();
            if (copies != null) {
                position = copies.writerIndex();
                copies.writeBytes(view.buffer(), view.valuePosition(), length);
            }
            message.begin(Unpooled.EMPTY_BUFFER, 0, 0)
                    .payload(view.buffer(), view.valuePosition(), length)
                    .qos(1);
            RecordBlock.write(view, keyIsSubject, block.clear());
            message.block(block, 0, block.readableBytes());
            run.add(
                    to.subject,
                    to,
                    client,
                    message,
                    position,
                    copies == null ? view.buffer().alloc() : copies.alloc());
        }
    }
}
