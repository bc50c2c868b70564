/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.robustmq.mqtt.InProcessBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java clients of several years, unmodified. */
class JavaClientsTest {
    private static InProcessBroker broker;
    private static Abilities abilities;

    @BeforeAll
    static void start() throws Exception {
        broker = InProcessBroker.start();
        abilities = Abilities.of(broker.kafkaPort());
    }

    @AfterAll
    static void stop() {
        broker.close();
        assertThat(broker.budget().usedBytes()).isZero();
    }

    private static String[] arguments(String version) {
        return new String[] {
            "127.0.0.1:" + broker.kafkaPort(), "java-" + version, "" + abilities.idempotence(), "" + abilities.groups()
        };
    }

    /** 2.1 is the oldest that Kafka 4 speaks to (KIP-896). */
    @ParameterizedTest
    @ValueSource(strings = {"2.1.1", "2.8.2", "3.9.2", "4.3.1"})
    void aClientOfThatVersionPasses(String version) throws Exception {
        ForkedJava.Output output =
                ForkedJava.run(ForkedJava.client(version), "", JavaClientScenario.class.getName(), arguments(version));

        assertThat(output.text()).endsWith("passed\n");
        assertThat(output.exitCode()).isZero();
    }

    @Test
    void ourOwnVersionPasses() {
        assertThatCode(() -> JavaClientScenario.main(arguments("own"))).doesNotThrowAnyException();
    }
}
