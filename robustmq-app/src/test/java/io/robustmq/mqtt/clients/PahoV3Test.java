/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.clients;

import org.eclipse.paho.client.mqttv3.MqttConnectOptions;

class PahoV3Test extends ClientScenario {
    @Override
    TestClient newClient(Transport transport) {
        return new PahoV3Client(transport, MqttConnectOptions.MQTT_VERSION_3_1_1);
    }
}
