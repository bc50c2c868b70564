/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.clients;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MqttJs3Test extends ClientScenario {
    private static MqttJs node;

    @BeforeAll
    static void startNode() throws Exception {
        node = MqttJs.start();
    }

    @AfterAll
    static void stopNode() throws Exception {
        if (node != null) {
            node.close();
        }
    }

    @Override
    TestClient newClient(Transport transport) {
        return new MqttJsClient(node, transport, 4);
    }
}
