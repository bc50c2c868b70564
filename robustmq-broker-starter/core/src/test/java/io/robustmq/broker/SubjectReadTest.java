/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.Tenants;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.Publisher;
import io.robustmq.protocol.TopicPort;
import io.robustmq.protocol.TopicPort.ReadFrom;
import io.robustmq.protocol.TopicPort.ReadRequest;
import io.robustmq.protocol.TopicPort.TopicRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reads by subject through the port that administrators use. */
class SubjectReadTest {
    private final BrokerFixture fixture = new BrokerFixture(11, 2);
    private final Publisher publisher = fixture.publisher(
            "device",
            fixture.loops.get(0),
            (token, offset, error) -> assertThat(error).isNull());

    @AfterEach
    void close() {
        fixture.close();
    }

    private void publish(String topic, String payload) {
        fixture.on(fixture.loops.get(0), () -> BrokerFixture.publish(publisher, topic, payload, 0, Publish.NO_TOKEN));
    }

    private List<String> read(String topic, ReadFrom from, int limit, String filter) {
        TopicPort.ReadRecords found = fixture.await(
                fixture.ports.topics().read(new ReadRequest(Tenants.DEFAULT, topic, -1, from, limit, filter)));
        return found == null
                ? List.of()
                : found.records().stream()
                        .map(each -> each.subject() + "=" + BrokerFixture.text(each.value()))
                        .toList();
    }

    @Test
    void findsSubjectsInACatchAll() {
        for (int i = 0; i < 50; i++) {
            publish("sensors/" + i % 10 + "/temp", "t" + i);
            publish("sensors/" + i % 10 + "/humidity", "h" + i);
        }
        assertThat(read("mqtt", new ReadFrom.Earliest(), 100, "sensors/3/temp"))
                .containsExactlyInAnyOrder(
                        "sensors/3/temp=t3",
                        "sensors/3/temp=t13",
                        "sensors/3/temp=t23",
                        "sensors/3/temp=t33",
                        "sensors/3/temp=t43");
        assertThat(read("mqtt", new ReadFrom.Earliest(), 100, "sensors/+/temp")).hasSize(50);
        assertThat(read("mqtt", new ReadFrom.Earliest(), 100, "sensors.*.humidity"))
                .hasSize(50);
        assertThat(read("mqtt", new ReadFrom.Earliest(), 1000, "#")).hasSize(100);
        assertThat(read("mqtt", new ReadFrom.Earliest(), 7, "sensors/#")).hasSize(7);
        assertThat(read("mqtt", new ReadFrom.Latest(), 2, "sensors/3/temp"))
                .containsExactly("sensors/3/temp=t33", "sensors/3/temp=t43");
        assertThat(read("mqtt", new ReadFrom.Earliest(), 100, "sensors/99/temp"))
                .isEmpty();
        publish("sensors/99/temp", "new");
        assertThat(read("mqtt", new ReadFrom.Earliest(), 100, "sensors/99/temp"))
                .containsExactly("sensors/99/temp=new");
    }

    @Test
    void asksNoIndexWhereATopicHasOneName() {
        fixture.await(fixture.ports
                .topics()
                .create(new TopicRequest(Tenants.DEFAULT, "plant", 1, List.of("plant.line1"), null, Map.of())));
        publish("plant/line1", "a");
        publish("plant/line1", "b");
        assertThat(read("plant", new ReadFrom.Earliest(), 10, "plant/+")).hasSize(2);
        assertThat(read("plant", new ReadFrom.Earliest(), 10, "plant.line1")).hasSize(2);
        assertThat(read("plant", new ReadFrom.Earliest(), 10, "plant/line2")).isEmpty();
        assertThat(fixture.broker.indexes().tailBytes()).isZero();
    }

    @Test
    void knowsWhichSubjectAndSpellingWasPublished() {
        fixture.await(fixture.ports
                .topics()
                .create(new TopicRequest(
                        Tenants.DEFAULT, "lines", 1, List.of("plant.line1", "plant.line2"), null, Map.of())));
        publish("plant/line1", "a");
        publish("plant/line2", "b");
        assertThat(read("lines", new ReadFrom.Earliest(), 10, "plant/line2")).containsExactly("plant/line2=b");
        assertThat(read("lines", new ReadFrom.Earliest(), 10, "plant/+")).hasSize(2);
        fixture.await(fixture.ports
                .topics()
                .create(new TopicRequest(Tenants.DEFAULT, "hall", 1, List.of("hall.>"), null, Map.of())));
        publish("hall/a/b", "levels");
        publish("hall/a.b", "one level");
        publish("hall.a/b", "one level, too");
        publish("hall.a.b", "a single level");
        // As live subscriptions see them: a dot is no separator to those who publish with slashes.
        assertThat(read("hall", new ReadFrom.Earliest(), 10, "hall/+/+")).containsExactly("hall/a/b=levels");
        assertThat(read("hall", new ReadFrom.Earliest(), 10, "hall/+")).containsExactly("hall/a.b=one level");
        assertThat(read("hall", new ReadFrom.Earliest(), 10, "+")).containsExactly("hall.a.b=a single level");
        assertThat(read("hall", new ReadFrom.Earliest(), 10, "hall.*.b")).hasSize(4);
    }

    @Test
    void refusesWhatIsNoFilter() {
        assertThatThrownBy(() -> read("mqtt", new ReadFrom.Earliest(), 10, "a/#/b"))
                .hasMessageContaining("a/#/b");
    }
}
