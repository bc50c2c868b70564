/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.clients;

class PahoV5Test extends ClientScenario5 {
    @Override
    TestClient newClient(Transport transport) {
        return new PahoV5Client(transport);
    }
}
