/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.testcontainers;

import com.github.dockerjava.api.command.InspectContainerResponse;
import java.nio.charset.StandardCharsets;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * A node in a container, with MQTT, WebSocket, Kafka and the admin port open to the host. With Boot's
 * {@code @ServiceConnection}, Spring for Apache Kafka finds it by itself; others ask for
 * {@link io.robustmq.test.MqttConnectionDetails}. Confined to the thread of its test.
 */
public class RobustMqContainer extends GenericContainer<RobustMqContainer> {
    public static final int MQTT_PORT = 1883;
    public static final int WEBSOCKET_PORT = 8083;
    public static final int KAFKA_PORT = 9092;
    public static final int ADMIN_PORT = 58080;

    private static final String SERVER = "/opt/robustmq/bin/robust-server";
    private static final String SCRIPT = "/tmp/robustmq-start.sh";
    private static final int EXECUTABLE = 0755;

    /** @param image such as {@code robustmq/robustmq:0.1.0} */
    public RobustMqContainer(String image) {
        this(DockerImageName.parse(image));
    }

    public RobustMqContainer(DockerImageName image) {
        super(image);
        withExposedPorts(MQTT_PORT, WEBSOCKET_PORT, KAFKA_PORT, ADMIN_PORT);
        // Kafka's clients are told an address, and the port of the host is known only when the container runs.
        withCreateContainerCmdModifier(create -> create.withEntrypoint("sh"));
        withCommand("-c", "while [ ! -x " + SCRIPT + " ]; do sleep 0.1; done; exec " + SCRIPT);
        waitingFor(Wait.forHttp("/actuator/health/readiness").forPort(ADMIN_PORT));
    }

    @Override
    protected void containerIsStarting(InspectContainerResponse container) {
        copyFileToContainer(
                Transferable.of(script(getKafkaAddress()).getBytes(StandardCharsets.UTF_8), EXECUTABLE), SCRIPT);
    }

    static String script(String kafkaAddress) {
        return "#!/bin/sh\nexec " + SERVER
                + " start --foreground --robustmq.bind-address=0.0.0.0 --robustmq.kafka.advertised=" + kafkaAddress
                + "\n";
    }

    /** For MQTT clients: {@code tcp://host:port}. */
    public String getMqttUri() {
        return "tcp://" + getHost() + ":" + getMappedPort(MQTT_PORT);
    }

    /** For MQTT clients: {@code ws://host:port/mqtt}. */
    public String getWebSocketUri() {
        return "ws://" + getHost() + ":" + getMappedPort(WEBSOCKET_PORT) + "/mqtt";
    }

    /** The bootstrap server of Kafka's clients: {@code host:port}. */
    public String getKafkaAddress() {
        return getHost() + ":" + getMappedPort(KAFKA_PORT);
    }

    /** Where health, metrics and the admin endpoints are: {@code http://host:port}. */
    public String getAdminUri() {
        return "http://" + getHost() + ":" + getMappedPort(ADMIN_PORT);
    }
}
