/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a Spring test a broker of its own: in the test's context, on free ports of the loopback, with its data in memory and
 * in a directory that goes when the context is closed. The context's auto-configuration must be on, as it is with
 * {@code @SpringBootTest}.
 *
 * <p>Clients find it by themselves: Spring for Apache Kafka by Boot's {@code KafkaConnectionDetails}, others by
 * {@link MqttConnectionDetails} or by the properties {@code local.robustmq.mqtt.port}, {@code local.robustmq.websocket.port}
 * and {@code local.robustmq.kafka.port}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
public @interface AutoConfigureRobustMq {

    /** Settings of the node as {@code key=value}; they win over all but the ports and the data directory. */
    String[] properties() default {};
}
