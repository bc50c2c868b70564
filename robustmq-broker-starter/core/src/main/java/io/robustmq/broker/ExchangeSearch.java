/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.broker.index.FilteredRead;
import io.robustmq.broker.index.SubjectFilter;
import io.robustmq.broker.index.SubjectMatcher;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordHeaders;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.protocol.ExchangeMark;
import io.robustmq.protocol.ReceivedExchanges.ExchangeId;
import io.robustmq.protocol.SessionLogPort.Exchanges;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Looks in the shards where messages to one subject lie for those that came with an exchange of one session and packet id.
 * Confined to the loop of the indexes, but for {@link #run}.
 */
final class ExchangeSearch {
    private static final byte[] NAME = RecordHeaders.EXCHANGE.getBytes(StandardCharsets.UTF_8);

    private final Broker broker;
    private final ServedTopic topic;
    private final SubjectMatcher matcher;
    private final long session;
    private final int packetId;
    private final long sinceMillis;
    private final Loop loop;
    private final Exchanges done;
    private final List<ExchangeId> found = new ArrayList<>();

    /** @param loop where it is told */
    ExchangeSearch(
            Broker broker,
            ServedTopic topic,
            String subject,
            long session,
            int packetId,
            long sinceMillis,
            Loop loop,
            Exchanges done) {
        this.broker = broker;
        this.topic = topic;
        this.matcher = new SubjectMatcher(List.of(new SubjectFilter(Spelling.SLASH, subject)));
        this.session = session;
        this.packetId = packetId;
        this.sinceMillis = sinceMillis;
        this.loop = loop;
        this.done = done;
    }

    void run(List<ShardHandle> shards) {
        CompletableFuture.allOf(shards.stream().map(this::search).toArray(CompletableFuture[]::new))
                .whenComplete((v, failure) -> loop.execute(() -> {
                    if (failure == null) {
                        done.found(List.copyOf(found), null);
                    } else {
                        RmqException why = RmqException.causeOf(failure) instanceof RmqException known
                                ? known
                                : RmqError.INTERNAL.exception(String.valueOf(failure));
                        done.found(List.of(), why);
                    }
                }));
    }

    private CompletableFuture<?> search(ShardHandle shard) {
        CompletableFuture<Long> from = new CompletableFuture<>();
        shard.loop().execute(() -> {
            RmqException problem = shard.problem();
            if (problem != null) {
                from.completeExceptionally(problem);
                return;
            }
            shard.store().offsetForTimestamp(sinceMillis).whenComplete((place, failure) -> {
                if (failure != null) {
                    from.completeExceptionally(failure);
                } else {
                    from.complete(
                            place.offset() >= 0
                                    ? place.offset()
                                    : shard.store().stats().highWatermark());
                }
            });
        });
        return from.thenCompose(offset -> broker.indexes()
                .read(
                        shard.store(),
                        shard.loop(),
                        broker.subjectRule(topic),
                        matcher,
                        offset,
                        FilteredRead.LATEST,
                        this::look)
                .readAtMost(Long.MAX_VALUE));
    }

    private void look(RecordView record, String subject, Spelling published) {
        if (record.nextHeader(NAME)) {
            ExchangeMark mark = ExchangeMark.parse(record.headerValue());
            if (mark != null && mark.session() == session && mark.packetId() == packetId) {
                found.add(mark.id());
            }
        }
    }
}
