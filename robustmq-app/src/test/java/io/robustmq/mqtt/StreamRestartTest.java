/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Tenants;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.protocol.TopicPort;
import io.robustmq.protocol.TopicPort.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a durable topic holds after its broker has stopped and another one has started on its data. */
class StreamRestartTest {
    private static final int PER_LIFE = 300;

    @TempDir
    Path data;

    @Test
    void aStreamGoesOnWhereItWas() throws Exception {
        InMemoryMeta meta = new InMemoryMeta();
        List<String> published = new ArrayList<>();
        for (int life = 0; life < 3; life++) {
            try (InProcessBroker broker =
                    InProcessBroker.options().meta(meta).data(data).start()) {
                if (life == 0) {
                    broker.create(new TopicPort.TopicRequest(Tenants.DEFAULT, "orders", 1, List.of(), null, Map.of()));
                }
                try (MqttRawClient client =
                        MqttRawClient.connected(broker.tcpPort(), MqttVersion.V3_1_1, Steps.unique("c"))) {
                    for (int i = 1; i <= PER_LIFE; i++) {
                        published.add(life + "-" + i);
                        client.publish("orders", life + "-" + i, 1, i);
                    }
                    for (int i = 1; i <= PER_LIFE; i++) {
                        client.expectPubAck(i);
                    }
                }
                List<StoredRecord> records = broker.records("orders");
                assertThat(records)
                        .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                        .containsExactlyElementsOf(published);
                assertThat(records)
                        .extracting(StoredRecord::offset)
                        .containsExactlyElementsOf(java.util.stream.LongStream.range(0, published.size())
                                .boxed()
                                .toList());
            }
        }
    }
}
