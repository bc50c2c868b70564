/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.clients;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PahoPython5Test extends ClientScenario5 {
    private static MqttJs python;

    @BeforeAll
    static void startPython() throws Exception {
        python = MqttJs.python();
    }

    @AfterAll
    static void stopPython() throws Exception {
        if (python != null) {
            python.close();
        }
    }

    @Override
    TestClient newClient(Transport transport) {
        return new MqttJsClient(python, transport, 5);
    }
}
