/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics that are bytes already make the response that Kafka's own class makes, in every version. */
class MetadataAnswerTest {
    private static MetadataResponseData head() {
        MetadataResponseData head =
                new MetadataResponseData().setClusterId("cluster").setControllerId(7);
        head.brokers()
                .add(new MetadataResponseBroker().setNodeId(7).setHost("host").setPort(9092));
        return head;
    }

    private static MetadataResponseTopic topic(int number) {
        MetadataResponseTopic topic =
                new MetadataResponseTopic().setName("topic" + number).setTopicId(new Uuid(1, number));
        topic.partitions()
                .add(new MetadataResponsePartition()
                        .setLeaderId(7)
                        .setLeaderEpoch(3)
                        .setReplicaNodes(List.of(7))
                        .setIsrNodes(List.of(7)));
        return topic;
    }

    private static byte[] encode(ApiMessage message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer bytes = ByteBuffer.allocate(message.size(cache, version));
        message.write(new ByteBufferAccessor(bytes), cache, version);
        assertThat(bytes.remaining()).isZero();
        return bytes.array();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 126, 127, 300, 20_000})
    void isWhatKafkaWouldHaveWritten(int count) {
        for (short version = ApiKeys.METADATA.oldestVersion(); version <= ApiKeys.METADATA.latestVersion(); version++) {
            MetadataResponseData whole = head();
            MetadataAnswer answer = new MetadataAnswer(head(), version);
            for (int i = 0; i < count; i++) {
                whole.topics().add(topic(i));
                answer.add(MetadataAnswer.bytes(topic(i), version));
            }
            assertThat(encode(answer, version)).as("version %d", version).isEqualTo(encode(whole, version));
        }
    }
}
