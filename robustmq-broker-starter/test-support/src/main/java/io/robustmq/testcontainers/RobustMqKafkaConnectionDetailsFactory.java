/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.testcontainers;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;

/** Tells Spring for Apache Kafka of a {@link RobustMqContainer}. Stateless. */
final class RobustMqKafkaConnectionDetailsFactory
        extends ContainerConnectionDetailsFactory<RobustMqContainer, KafkaConnectionDetails> {

    @Override
    protected KafkaConnectionDetails getContainerConnectionDetails(
            ContainerConnectionSource<RobustMqContainer> source) {
        return new Details(source);
    }

    /** Asks the container, which may have started meanwhile. Thread-safe. */
    private static final class Details extends ContainerConnectionDetails<RobustMqContainer>
            implements KafkaConnectionDetails {

        private Details(ContainerConnectionSource<RobustMqContainer> source) {
            super(source);
        }

        @Override
        public @Nullable SslBundle getSslBundle() {
            return super.getSslBundle();
        }

        @Override
        public List<String> getBootstrapServers() {
            return List.of(getContainer().getKafkaAddress());
        }
    }
}
