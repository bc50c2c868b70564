/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.broker.delay.DelayedId;
import io.robustmq.broker.delay.DelayedMessage;
import io.robustmq.broker.delay.DueWay;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.record.HeaderBlockWriter;
import io.robustmq.kernel.record.RecordHeaders;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.PublishedSubject;
import io.robustmq.protocol.Publisher;
import io.robustmq.storage.ReadFrom;
import io.robustmq.storage.ShardReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Publishes due messages as their clients would have: stages, routes, retained messages, live delivery. Immutable. */
final class DuePublisher implements DueWay {
    private static final byte[] DELAYED = RecordHeaders.DELAYED.getBytes(StandardCharsets.UTF_8);
    /** The publisher's connection is not known any more: nobody is "local". */
    private static final Object NOBODY = new Object();

    private final Broker broker;

    DuePublisher(Broker broker) {
        this.broker = broker;
    }

    @Override
    public void publish(DelayedId id, DelayedMessage message, Loop here, Consumer<@Nullable RmqError> done) {
        PublishedSubject subject = message.subject();
        Publisher publisher = broker.open(
                message.client(),
                message.protocol(),
                subject.spelling(),
                NOBODY,
                here,
                (token, offset, error) -> done.accept(error));
        ByteBuf payload = Unpooled.wrappedBuffer(message.payload());
        ByteBuf block = Unpooled.wrappedBuffer(message.block());
        HeaderBlockWriter headers = new HeaderBlockWriter()
                .addAll(message.headers(), message.headerCount())
                .add(DELAYED, id.toString().getBytes(StandardCharsets.US_ASCII));
        RmqError refusal = publisher.publish(new Publish()
                .begin(subject.buffer(), 0, subject.utf8().length)
                .payload(payload, 0, message.payload().length)
                .key(message.key())
                .publisher(message.publisher())
                .qos(message.qos())
                .retain(message.retain())
                .expiresAtMillis(message.expiresAtMillis())
                .headers(headers)
                .block(block, 0, message.block().length)
                .token(0));
        if (refusal != null) {
            done.accept(refusal);
        }
    }

    @Override
    public @Nullable Place placeOf(DelayedMessage message) {
        ClientIdentity client = message.client();
        PublishedSubject subject = message.subject();
        RouteTable.Scope scope = new RouteTable.Scope(client.tenant(), message.protocol(), subject.spelling());
        Loop here = broker.loops().current();
        if (here == null) {
            throw new IllegalStateException("asked outside the loops");
        }
        Route route = broker.loop(here.index()).table(scope).find(subject.buffer(), 0, subject.utf8().length);
        ShardHandle shard = route.stageFor(message.qos()).shard();
        return shard == null ? null : new ShardPlace(shard);
    }

    @Override
    public boolean isRetained(DelayedMessage message, long sinceMillis) {
        long published = broker.retained().publishedMillis(message.client().tenant(), message.subject());
        return published < 0 ? message.payload().length == 0 : published >= sinceMillis;
    }

    private record ShardPlace(ShardHandle shard) implements Place {

        @Override
        public CompletionStage<Void> visit(long sinceMillis, Loop here, Consumer<String> ids) {
            try {
                return new ShardReader(shard.store(), shard.loop(), here)
                        .walk(new ReadFrom.Time(sinceMillis), Long.MAX_VALUE, record -> visit(record, ids))
                        .thenAccept(walked -> {});
            } catch (RuntimeException e) {
                return CompletableFuture.failedStage(e);
            }
        }

        private static boolean visit(RecordView record, Consumer<String> ids) {
            record.rewindHeaders();
            if (record.nextHeader(DELAYED)) {
                byte[] value = record.headerValue();
                if (value != null) {
                    ids.accept(new String(value, StandardCharsets.US_ASCII));
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return shard.shard().toString();
        }
    }
}
