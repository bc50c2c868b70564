/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.clients;

class HiveMq5Test extends ClientScenario5 {
    @Override
    TestClient newClient(Transport transport) {
        return new HiveMq5Client(transport);
    }
}
