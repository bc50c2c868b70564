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
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Which ids a server has given: in requests a placeholder stands for them, in answers they are turned into placeholders.
 * Thread-safe.
 */
final class Known {
    private static final int ID_BYTES = 16;
    private static final int EPOCH_MARK = 0x7E57E000;
    private static final int EPOCH_MASK = 0xFFFFFF00;
    private static final int PRODUCER_MARK = 0x7E571D00;
    private static final int MAGIC_AT = 16;

    /** No UUID of text begins so. */
    private static final String MEMBER_MARK = "memb";

    private static final int MEMBER_WORD = 0x6D656D62;
    private static final int LONG_ID = 36;
    private static final int SHORT_ID = 22;

    private final Map<Uuid, Uuid> real = new ConcurrentHashMap<>();
    private final Map<Uuid, Uuid> placeholders = new ConcurrentHashMap<>();
    private final Map<String, String> members = new ConcurrentHashMap<>();
    private final Map<String, String> memberPlaceholders = new ConcurrentHashMap<>();
    private final Map<Long, Long> producers = new ConcurrentHashMap<>();
    private final Map<Long, String> producerNames = new ConcurrentHashMap<>();

    /** How many members and producers a sequence has been given ids for. */
    private final Map<String, Integer> given = new ConcurrentHashMap<>();

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

    /** What stands for the n-th member that joins in a sequence, until its id is known. */
    static String member(String head, String prefix, int n) {
        return head + "-" + member(prefix, n).substring(0, LONG_ID);
    }

    /** The same where ids have no head (KIP-848). */
    static String shortMember(String prefix, int n) {
        return member(prefix, n).substring(0, SHORT_ID);
    }

    private static String member(String prefix, int n) {
        UUID id = UUID.nameUUIDFromBytes((prefix + n).getBytes(StandardCharsets.UTF_8));
        return MEMBER_MARK + id.toString().replace("-", "");
    }

    /** What stands for the n-th producer's id of a sequence until it is known. */
    static long producer(String prefix, int n) {
        return (long) PRODUCER_MARK << Integer.SIZE | (prefix + n).hashCode() & 0xFFFFFFFFL;
    }

    /** A text as both servers would say it. */
    String common(String text) {
        if (text.length() == SHORT_ID) {
            return memberPlaceholders.getOrDefault(text, text);
        }
        int tail = text.length() - LONG_ID;
        return tail < 0
                ? text
                : text.substring(0, tail) + memberPlaceholders.getOrDefault(text.substring(tail), text.substring(tail));
    }

    String commonProducer(long id) {
        return producerNames.getOrDefault(id, Long.toString(id));
    }

    void learn(ApiMessage response, String prefix) {
        if (response instanceof JoinGroupResponseData joined
                && joined.memberId().length() > LONG_ID) {
            learnMember(joined.memberId().substring(joined.memberId().length() - LONG_ID), LONG_ID, prefix);
        } else if (response instanceof ConsumerGroupHeartbeatResponseData beat
                && beat.memberId() != null
                && beat.memberId().length() == SHORT_ID) {
            learnMember(beat.memberId(), SHORT_ID, prefix);
        } else if (response instanceof InitProducerIdResponseData init && init.producerId() >= 0) {
            int n = given.merge(prefix + "producer", 1, Integer::sum);
            producers.put(producer(prefix, n), init.producerId());
            producerNames.put(init.producerId(), "producer " + n);
        } else {
            learn(response);
        }
    }

    private void learnMember(String id, int length, String prefix) {
        if (!memberPlaceholders.containsKey(id) && !id.startsWith(MEMBER_MARK)) {
            String placeholder =
                    member(prefix, given.merge(prefix, 1, Integer::sum)).substring(0, length);
            members.put(placeholder, id);
            memberPlaceholders.put(id, placeholder);
        }
    }

    private void learn(ApiMessage response) {
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
            } else if (word == PRODUCER_MARK) {
                fillProducer(bytes, at);
            } else if (word == MEMBER_WORD) {
                fillMember(filled, at, LONG_ID);
                fillMember(filled, at, SHORT_ID);
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

    private void fillMember(byte[] frame, int at, int length) {
        if (at + length <= frame.length) {
            String id = members.get(new String(frame, at, length, StandardCharsets.UTF_8));
            if (id != null) {
                System.arraycopy(id.getBytes(StandardCharsets.UTF_8), 0, frame, at, length);
            }
        }
    }

    private void fillProducer(ByteBuffer frame, int at) {
        Long id = at + Long.BYTES > frame.limit() ? null : producers.get(frame.getLong(at));
        if (id == null) {
            return;
        }
        frame.putLong(at, id);
        int batch = at - Batches.PRODUCER_AT;
        if (frame.getShort(0) == ApiKeys.PRODUCE.id && batch >= 0 && frame.get(batch + MAGIC_AT) == 2) {
            Batches.seal(frame, batch);
        }
    }
}
