/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.robustmq.kafka.error.KafkaErrors;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.LogPartition;
import io.robustmq.protocol.LogTopic;
import io.robustmq.protocol.TopicPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.BatchMetadata;
import org.apache.kafka.storage.internals.log.ProducerAppendInfo;
import org.apache.kafka.storage.internals.log.ProducerStateEntry;
import org.apache.kafka.storage.internals.log.ProducerStateManager;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random batches of few producers, most of them odd: Kafka's own producer state says the same of each as ours. */
class ProducerRulesTest {
    private static final int BATCHES = 6_000;
    private static final int[] EDGES = {0, 1, Integer.MAX_VALUE - 2, Integer.MAX_VALUE - 1, Integer.MAX_VALUE};

    @TempDir
    Path directory;

    private final long seed = Long.getLong("robustmq.test.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private ProducerStateManager kafka;
    private long nextOffset;

    @Test
    void kafkaSaysTheSame() throws Exception {
        kafka = new ProducerStateManager(
                new TopicPartition("rules", 0),
                directory.toFile(),
                900_000,
                new ProducerStateManagerConfig(86_400_000, false),
                Time.SYSTEM);
        try (InProcessBroker broker = InProcessBroker.start()) {
            LogPartition ours = partition(broker);
            Loop loop = broker.broker().ports().loops().get(0);
            int refused = 0;
            for (int i = 0; i < BATCHES; i++) {
                MutableRecordBatch batch = next();
                String wanted = byKafka(batch);
                assertThat(byUs(ours, loop, batch))
                        .as(
                                "seed %d, batch %d: producer %d epoch %d sequence %d-%d",
                                seed,
                                i,
                                batch.producerId(),
                                batch.producerEpoch(),
                                batch.baseSequence(),
                                batch.lastSequence())
                        .isEqualTo(wanted);
                refused += wanted.startsWith("at") ? 0 : 1;
            }
            assertThat(refused).isBetween(BATCHES / 20, BATCHES * 9 / 10);
            assertThat(nextOffset).isGreaterThan(BATCHES / 5);
        }
    }

    private static LogPartition partition(InProcessBroker broker) {
        broker.create(new TopicPort.TopicRequest(
                Tenants.DEFAULT, "rules", 1, List.of(), "memory", Map.of("retention.bytes", "67108864")));
        LogTopic topic = broker.broker().ports().log().topic(Tenants.DEFAULT, "rules");
        return topic.partition(0);
    }

    /** What would be right next, or a repetition, or something near it, or anything. */
    private MutableRecordBatch next() {
        long id = random.nextInt(4);
        Optional<ProducerStateEntry> known = kafka.lastEntry(id);
        int epoch = known.map(entry -> (int) entry.producerEpoch()).orElse(0);
        List<BatchMetadata> last =
                known.map(entry -> List.copyOf(entry.batchMetadata())).orElse(List.of());
        int count = 1 + random.nextInt(3);
        int sequence = 0;
        int what = random.nextInt(20);
        if (what == 0) {
            epoch += random.nextInt(3) - 1;
            sequence = random.nextInt(3) == 0 ? EDGES[random.nextInt(EDGES.length)] : 0;
        } else if (what == 1) {
            sequence = EDGES[random.nextInt(EDGES.length)];
        } else if (what < 8 && !last.isEmpty()) {
            BatchMetadata again = last.get(random.nextInt(last.size()));
            sequence = again.firstSeq();
            count = again.offsetDelta() + 1 + (random.nextInt(6) == 0 ? 1 : 0);
        } else if (!last.isEmpty()) {
            int ahead = what == 8 ? random.nextInt(5) - 1 : 1;
            sequence = Math.max(0, last.get(last.size() - 1).lastSeq() + ahead);
        }
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = new SimpleRecord(1_000 + i, null, new byte[1]);
        }
        return MemoryRecords.withIdempotentRecords(
                        Compression.NONE, id, (short) Math.max(0, epoch), Math.max(0, sequence), records)
                .batches()
                .iterator()
                .next();
    }

    /** As UnifiedLog does it. */
    private String byKafka(MutableRecordBatch batch) {
        Optional<ProducerStateEntry> known = kafka.lastEntry(batch.producerId());
        if (known.isPresent() && known.get().producerEpoch() == batch.producerEpoch()) {
            for (BatchMetadata each : known.get().batchMetadata()) {
                if (each.firstSeq() == batch.baseSequence() && each.lastSeq() == batch.lastSequence()) {
                    return "at " + each.firstOffset();
                }
            }
        }
        try {
            ProducerAppendInfo info = kafka.prepareUpdate(batch.producerId(), AppendOrigin.CLIENT);
            batch.setLastOffset(nextOffset + batch.countOrNull() - 1);
            info.append(batch, Optional.empty());
            kafka.update(info);
            nextOffset = batch.nextOffset();
            return "at " + batch.baseOffset();
        } catch (ApiException e) {
            return Errors.forException(e).name();
        }
    }

    private static String byUs(LogPartition ours, Loop loop, MutableRecordBatch batch) throws Exception {
        java.nio.ByteBuffer copy = java.nio.ByteBuffer.allocate(batch.sizeInBytes());
        batch.writeTo(copy);
        CompletableFuture<String> answer = new CompletableFuture<>();
        ClientIdentity client = new ClientIdentity(Tenants.DEFAULT, "kafka", "rules", null, "127.0.0.1");
        ours.append(
                new RecordBatch(Unpooled.wrappedBuffer(copy.flip())),
                true,
                client,
                loop,
                (offset, appendTime, failure) -> answer.complete(
                        failure == null
                                ? "at " + offset
                                : KafkaErrors.of(failure).name()));
        return answer.get(10, TimeUnit.SECONDS);
    }
}
