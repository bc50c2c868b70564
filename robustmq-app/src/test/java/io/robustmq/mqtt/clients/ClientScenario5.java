/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.clients.TestClient.Extras;
import io.robustmq.mqtt.clients.TestClient.Message;
import io.robustmq.mqtt.clients.TestClient.Pair;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The common scenario, and what only MQTT 5 has. */
abstract class ClientScenario5 extends ClientScenario {

    @Override
    final int reason(int code) {
        return code;
    }

    @Test
    void propertiesTravelUnchanged() throws Exception {
        TestClient subscriber = connected("sub");
        TestClient publisher = connected("pub");
        subscriber.subscribe(topic("with/#"), 1);
        Extras sent = new Extras(
                true,
                3600L,
                "application/json",
                topic("answer/here"),
                "request-1",
                List.of(new Pair("site", "north"), new Pair("site", "again"), new Pair("unit", "°C")));
        publisher.publish(List.of(message("with/all", "{}", 1).with(sent), message("with/none", "{}", 1)));
        Message arrived = next(subscriber);
        assertThat(arrived).hasToString(topic("with/all={}@1"));
        assertThat(arrived.extras().expirySeconds()).isBetween(3570L, 3600L);
        assertThat(new Extras(
                        arrived.extras().text(),
                        3600L,
                        arrived.extras().contentType(),
                        arrived.extras().responseTopic(),
                        arrived.extras().correlation(),
                        arrived.extras().user()))
                .isEqualTo(sent);
        assertThat(next(subscriber).extras()).isEqualTo(Extras.NONE);
    }

    @Test
    void membersOfAGroupShare() throws Exception {
        TestClient one = connected("one");
        TestClient two = connected("two");
        TestClient publisher = connected("pub");
        String shared = "$share/group/" + topic("work/#");
        one.subscribe(shared, 1);
        two.subscribe(shared, 1);
        for (int i = 0; i < 6; i++) {
            publisher.publish(List.of(message("work/now", "job " + i, 1)));
        }
        for (int i = 0; i < 6; i++) {
            assertThat(next(i % 2 == 0 ? one : two)).hasToString(topic("work/now=job " + i + "@1"));
        }
    }

    @Test
    void propertiesAreRetainedWithTheMessage() throws Exception {
        TestClient publisher = connected("pub");
        Extras sent = new Extras(false, null, "text/plain", null, null, List.of(new Pair("a", "b")));
        publisher.publish(List.of(message("state", "on", 1).with(sent).retain()));
        TestClient subscriber = connected("sub");
        subscriber.subscribe(topic("state"), 1);
        Message arrived = next(subscriber);
        assertThat(arrived).hasToString(topic("state=on@1!"));
        assertThat(arrived.extras()).isEqualTo(sent);
    }
}
