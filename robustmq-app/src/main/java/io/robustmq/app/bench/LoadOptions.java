/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.robustmq.mqtt.codec.MqttVersion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every kind of load of MQTT is told. Filled by picocli, then only read. */
final class LoadOptions extends CommonOptions {
    /** What carries the bytes. */
    enum Transport {
        tcp,
        ws
    }

    @Option(
            names = {"-p", "--port"},
            description = "of the broker (default 1883, with ws 8083; with --tls 8883 and 8084)")
    @Nullable
    Integer port;

    @Option(names = "--transport", defaultValue = "tcp", description = "tcp or ws (default ${DEFAULT-VALUE})")
    Transport transport = Transport.tcp;

    @Option(names = "--path", defaultValue = "/mqtt", description = "of the WebSocket (default ${DEFAULT-VALUE})")
    String path = "";

    @Option(
            names = {"-V", "--version"},
            paramLabel = "3.1|3.1.1|5",
            defaultValue = "3.1.1",
            description = "of MQTT (default ${DEFAULT-VALUE})")
    private String version = "";

    @Option(names = "--durable", description = "subscribers have sessions that outlive their connections")
    boolean durable;

    @Option(names = "--qos", defaultValue = "0", description = "0, 1 or 2 (default ${DEFAULT-VALUE})")
    int qos;

    @Option(names = "--size", defaultValue = "64", description = "bytes of a payload (default ${DEFAULT-VALUE})")
    int size;

    @Option(
            names = "--rate",
            defaultValue = "0",
            description = "messages a second in all; 0 sends whenever the window allows (default ${DEFAULT-VALUE})")
    int rate;

    @Option(names = "--window", description = "messages of a publisher that may be under way")
    @Nullable
    Integer window;

    @Option(names = "--topic", description = "%%i becomes the number of the client; who only connects subscribes to it")
    @Nullable
    String topic;

    @Option(
            names = "--churn",
            defaultValue = "0",
            description = "another client subscribes to so many new filters a second, and leaves each a second later")
    int churn;

    @Option(names = "--threads", defaultValue = "1", description = "of the generator (default ${DEFAULT-VALUE})")
    int threads;

    int port() {
        if (port != null) {
            return port;
        }
        if (transport == Transport.ws) {
            return tls ? 8084 : 8083;
        }
        return tls ? 8883 : 1883;
    }

    MqttVersion version() {
        return switch (version) {
            case "3.1", "3" -> MqttVersion.V3_1;
            case "3.1.1", "4" -> MqttVersion.V3_1_1;
            case "5", "5.0" -> MqttVersion.V5;
            default -> throw new IllegalArgumentException("--version is 3.1, 3.1.1 or 5, not " + version);
        };
    }

    /** Fails with a sentence when the options make no sense. */
    void check() {
        version();
        require(qos >= 0 && qos <= 2, "--qos is 0, 1 or 2");
        require(size >= Payload.BYTES_MIN && size <= 256 * 1024 * 1024, "--size is at least " + Payload.BYTES_MIN);
        require(rate >= 0, "--rate is not negative");
        require(churn >= 0 && churn <= 60_000, "--churn is 0 to 60000");
        require(window == null || window >= 1 && window <= 60_000, "--window is 1 to 60000");
        require(threads >= 1 && threads <= 64, "--threads is 1 to 64");
        checkCommon();
    }
}
