/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.comparison;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.common.RequestLocal;
import org.apache.kafka.server.util.KafkaScheduler;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.internals.log.VerificationGuard;
import org.apache.kafka.storage.log.metrics.BrokerTopicStats;

/** Kafka's own log of one partition, with its defaults, used as a broker's request handler uses it. */
final class KafkaLog implements AutoCloseable {
    private static final int LEADER_EPOCH = 1;
    private static final short NO_TRANSACTION = -1;
    private static final int PRODUCER_EXPIRATION_MILLIS = 86_400_000;
    private static final int PRODUCER_EXPIRATION_CHECK_MILLIS = 600_000;

    private final KafkaScheduler scheduler = new KafkaScheduler(1);
    private final BrokerTopicStats stats = new BrokerTopicStats();
    /** A request handler keeps the work space of the codecs from one request to the next. */
    private final RequestLocal requestLocal = RequestLocal.withThreadConfinedCaching();

    private final UnifiedLog log;

    KafkaLog(Path directory) throws Exception {
        scheduler.startup();
        Path partition = directory.resolve("topic-0");
        partition.toFile().mkdirs();
        log = UnifiedLog.create(
                partition.toFile(),
                new LogConfig(Map.of()),
                0,
                0,
                scheduler,
                stats,
                Time.SYSTEM,
                Integer.MAX_VALUE,
                new ProducerStateManagerConfig(PRODUCER_EXPIRATION_MILLIS, false),
                PRODUCER_EXPIRATION_CHECK_MILLIS,
                new LogDirFailureChannel(1),
                true,
                Optional.of(Uuid.randomUuid()));
    }

    /**
     * Appends as the leader of a partition without followers does for a client: every record is validated, the log reaches the
     * page cache, and what was appended can be read.
     */
    Measured appendAsLeader(Workload workload, long batches) throws Exception {
        return Measured.of(batches, batches * workload.bytes(), () -> {
            for (long i = 0; i < batches; i++) {
                log.appendAsLeader(
                        workload.reusedRecords(),
                        LEADER_EPOCH,
                        AppendOrigin.CLIENT,
                        requestLocal,
                        VerificationGuard.SENTINEL,
                        NO_TRANSACTION);
                log.maybeIncrementHighWatermark(log.logEndOffsetMetadata());
            }
        });
    }

    @Override
    public void close() throws Exception {
        log.delete();
        scheduler.shutdown();
        stats.close();
        requestLocal.close();
    }
}
