/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

class UnknownKeyCheckTest {

    /** A protocol's keys, with every shape that a record may have. Immutable. */
    @ConfigurationProperties("robustmq.mqtt")
    record Protocol(boolean enabled, Port tcp, Port websocketTls, Map<String, Port> named, List<Port> listed) {
        /** A group. Immutable. */
        record Port(int port) {}
    }

    private static final KnownKeys KNOWN = KnownKeys.of(List.of(RobustMqProperties.class, Protocol.class));
    private final UnknownKeyCheck check = new UnknownKeyCheck(KNOWN);

    private static StandardEnvironment empty() {
        StandardEnvironment environment = new StandardEnvironment();
        MutablePropertySources sources = environment.getPropertySources();
        sources.stream().toList().forEach(source -> sources.remove(source.getName()));
        return environment;
    }

    private static StandardEnvironment arguments(String... arguments) {
        StandardEnvironment environment = empty();
        environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(arguments));
        return environment;
    }

    private static StandardEnvironment variables(Map<String, Object> variables) {
        StandardEnvironment environment = empty();
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
        return environment;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--robustmq.roles=meta,broker",
                "--robustmq.roles[0]=meta",
                "--robustmq.data-dir=x",
                "--robustmq.dataDir=x",
                "--robustmq.data_dir=x",
                "--ROBUSTMQ.DATADIR=x",
                "--robustmq.meta.addresses.1=a:1",
                "--robustmq.meta.addresses[2]=a:1",
                "--robustmq.capture.mqtt=bound",
                "--robustmq.mqtt.websocket-tls.port=1",
                "--robustmq.mqtt.websocketTls.port=1",
                "--robustmq.mqtt.named.any.port=1",
                "--robustmq.mqtt.listed[0].port=1",
                "--robustmq.mqtt.tcp=",
                "--server.port=1",
                "--robustmqx.whatever=1"
            })
    void whatIsKnownPassesInEverySpelling(String argument) {
        assertThatCode(() -> check.check(arguments(argument))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "robustmq.rols, robustmq.roles",
        "robustmq.datadirectory, robustmq.data-dir",
        "robustmq.mqtt.tcp.prt, robustmq.mqtt.tcp.port",
        "robustmq.mqt.enabled, robustmq.mqtt.enabled",
        "robustmq.cluster, robustmq.cluster-name",
        "robustmq.rpc.port.x, robustmq.rpc.port"
    })
    void whatIsMisspelledIsRefusedWithWhatWasMeant(String key, String meant) {
        assertThatThrownBy(() -> check.check(arguments("--" + key + "=1")))
                .isInstanceOfSatisfying(UnknownKeyException.class, refused -> {
                    assertThat(refused).hasMessageContaining("Nobody understands the key " + key);
                    assertThat(refused.action()).isEqualTo("Did you mean " + meant + "?");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"robustmq.mqtt.named.any.prt", "robustmq.mqtt.listed[0].prt", "robustmq.mqtt.tcp"})
    void groupsAndElementsAreNoExcuse(String key) {
        assertThatThrownBy(() -> check.check(arguments("--" + key + "=1"))).isInstanceOf(UnknownKeyException.class);
    }

    @Test
    void nothingNearMeansNoGuess() {
        assertThatThrownBy(() -> check.check(arguments("--robustmq.completely.different.thing=1")))
                .isInstanceOfSatisfying(
                        UnknownKeyException.class,
                        refused -> assertThat(refused.action()).startsWith("Take it out of the configuration"));
    }

    @Test
    void aProtocolOfAnotherBuildIsSaidToBeAbsent() {
        assertThatThrownBy(() -> check.check(arguments("--robustmq.kafka.tcp.port=9092")))
                .isInstanceOfSatisfying(
                        UnknownKeyException.class,
                        refused ->
                                assertThat(refused.action()).isEqualTo("This build does not have the protocol kafka."));
    }

    @Test
    void everyUnknownKeyIsNamedAtOnceWithItsLine() throws IOException {
        StandardEnvironment environment = empty();
        String yaml = "robustmq:\n  rols: [meta]\n  mqtt:\n    tcp: {prt: 1}\n";
        new YamlPropertySourceLoader()
                .load("node1.yaml", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8), "node1.yaml"))
                .forEach(environment.getPropertySources()::addFirst);
        assertThatThrownBy(() -> check.check(environment))
                .isInstanceOfSatisfying(UnknownKeyException.class, refused -> {
                    assertThat(refused)
                            .hasMessageContaining("robustmq.mqtt.tcp.prt (")
                            .hasMessageContaining("robustmq.rols[0] (")
                            .hasMessageContaining("4:16");
                    assertThat(refused.action())
                            .isEqualTo("For robustmq.mqtt.tcp.prt, did you mean robustmq.mqtt.tcp.port?; "
                                    + "for robustmq.rols[0], did you mean robustmq.roles?");
                });
    }

    @Test
    void systemPropertiesAreArguments() {
        StandardEnvironment environment = empty();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME, Map.of("robustmq.rols", "meta")));
        assertThatThrownBy(() -> check.check(environment)).isInstanceOf(UnknownKeyException.class);
    }

    @Test
    void whatOthersPutIntoTheEnvironmentDoesNoHarm() {
        assertThatCode(() -> check.check(variables(Map.of(
                        "ROBUSTMQ_PORT_1883_TCP_ADDR", "10.0.0.1",
                        "ROBUSTMQ_PORT", "tcp://10.0.0.1:1883",
                        "ROBUSTMQ_SERVICE_HOST", "10.0.0.1",
                        "ROBUSTMQ_ROLS", "meta"))))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ROBUSTMQ_ROLES",
                "ROBUSTMQ_ROLES_0",
                "ROBUSTMQ_DATADIR",
                "ROBUSTMQ_DATA_DIR",
                "ROBUSTMQ_META_ADDRESSES_1",
                "ROBUSTMQ_CAPTURE_MQTT",
                "ROBUSTMQ_MQTT_WEBSOCKETTLS_PORT",
                "ROBUSTMQ_RPC_SHAREDSECRET"
            })
    void variablesThatMeanAKeyAreKnown(String variable) {
        assertThat(KNOWN.knowsVariable(variable)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ROBUSTMQ_PORT_1883_TCP_ADDR", "ROBUSTMQ_PORT", "ROBUSTMQ_SERVICE_HOST", "ROBUSTMQ_ROLS"})
    void variablesThatMeanNoneAreNot(String variable) {
        assertThat(KNOWN.knowsVariable(variable)).isFalse();
    }
}
