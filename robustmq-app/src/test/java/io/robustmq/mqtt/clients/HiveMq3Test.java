/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.clients;

class HiveMq3Test extends ClientScenario {
    @Override
    TestClient newClient(Transport transport) {
        return new HiveMq3Client(transport);
    }
}
