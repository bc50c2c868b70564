/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Which ids a server has given: in requests a placeholder stands for them, in answers they are turned into placeholders.
 * Thread-safe.
 */
final class Known {
    private static final int ID_BYTES = 16;
    private static final int EPOCH_MARK = 0x7E57E000;
    private static final int EPOCH_MASK = 0xFFFFFF00;

    private final Map<Uuid, Uuid> real = new ConcurrentHashMap<>();
    private final Map<Uuid, Uuid> placeholders = new ConcurrentHashMap<>();
    private volatile int firstEpoch;

    /** What stands for the id of a topic until it is known. */
    static Uuid placeholder(String topic) {
        UUID id = UUID.nameUUIDFromBytes(topic.getBytes(StandardCharsets.UTF_8));
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    /** What stands for the epoch of every leader, or one so many away from it. */
    static int epoch(int distance) {
        return EPOCH_MARK | distance & 0xFF;
    }

    /** An epoch as both servers would say it: every leader is in its first. */
    int common(int epoch) {
        return epoch < 0 ? epoch : epoch - firstEpoch;
    }

    void learn(ApiMessage response) {
        if (response instanceof CreateTopicsResponseData created) {
            created.topics().forEach(topic -> learn(topic.name(), topic.topicId()));
        } else if (response instanceof MetadataResponseData metadata) {
            metadata.topics().forEach(topic -> {
                learn(topic.name(), topic.topicId());
                topic.partitions().forEach(partition -> firstEpoch = Math.max(partition.leaderEpoch(), firstEpoch));
            });
        }
    }

    private void learn(String topic, Uuid id) {
        if (topic != null && !Uuid.ZERO_UUID.equals(id) && !id.equals(placeholder(topic))) {
            real.put(placeholder(topic), id);
            placeholders.put(id, placeholder(topic));
        }
    }

    /** The id as both servers would say it. */
    Uuid common(Uuid id) {
        return placeholders.getOrDefault(id, id);
    }

    /** The frame with real ids and epochs in place of their placeholders. */
    byte[] fill(byte[] frame) {
        byte[] filled = frame.clone();
        ByteBuffer bytes = ByteBuffer.wrap(filled);
        for (int at = 0; at + Integer.BYTES <= filled.length; at++) {
            int word = bytes.getInt(at);
            if ((word & EPOCH_MASK) == EPOCH_MARK) {
                bytes.putInt(at, firstEpoch + (byte) word);
            }
        }
        for (int at = 0; at + ID_BYTES <= filled.length; at++) {
            Uuid id = real.get(new Uuid(bytes.getLong(at), bytes.getLong(at + Long.BYTES)));
            if (id != null) {
                bytes.putLong(at, id.getMostSignificantBits()).putLong(at + Long.BYTES, id.getLeastSignificantBits());
            }
        }
        return filled;
    }
}
