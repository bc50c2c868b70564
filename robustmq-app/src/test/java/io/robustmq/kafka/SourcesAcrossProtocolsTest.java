/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.netty.handler.ssl.SslContext;
import io.robustmq.access.SourceLimits;
import io.robustmq.access.jwt.JwtOptions;
import io.robustmq.access.jwt.KeySettings;
import io.robustmq.broker.access.AccessControl;
import io.robustmq.broker.access.CredentialSource;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.mqtt.MqttRawClient;
import io.robustmq.mqtt.OpenedAccess;
import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.ClientAuth;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.security.auth.callback.Callback;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens, passwords and certificates as the clients of MQTT and Kafka show them, the latter over TLS, too. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SourcesAcrossProtocolsTest {
    private static final String SECRET = "01234567890123456789012345678901";

    @TempDir
    static Path directory;

    private static OpenedAccess access;
    private static InProcessBroker broker;
    private static TestKeys server;
    private static TestKeys meter;

    @BeforeAll
    static void start() throws Exception {
        access = new OpenedAccess(List.of(tokens()));
        access.user("root", "rootpw", true).user("ann", "sesame");
        access.allow("ann", "ann", Action.PUBLISH, "open/#").deny("no", "meter-7", Action.ALL, "plant/secret");
        access.allow("cert", "CN=meter", Action.PUBLISH, "open/#");
        server = TestKeys.create(directory, "server");
        meter = TestKeys.create(directory, "meter");
        SslContext asking = server.serverAsking(meter);
        broker = InProcessBroker.options()
                .access(access.control())
                .tls(spec -> asking)
                .clientAuth(ClientAuth.OPTIONAL)
                .start();
    }

    private static CredentialSource tokens() throws NoSuchAlgorithmException {
        KeySettings keys = new KeySettings(
                SECRET, null, false, null, null, null, SSLContext.getDefault(), Duration.ZERO, Duration.ZERO);
        JwtOptions options = new JwtOptions(
                false,
                Set.of(),
                Duration.ZERO,
                null,
                List.of(),
                Map.of(),
                true,
                "sub",
                "admin",
                "acl",
                null,
                new SourceLimits(Duration.ofSeconds(5), Duration.ofMinutes(1), 2, SourceLimits.OnFailure.REFUSE));
        return keys.open(options, SystemClock.INSTANCE);
    }

    @AfterAll
    static void stop() {
        broker.close();
        access.close();
    }

    private static String token(String subject, long millis, Consumer<JWTClaimsSet.Builder> more) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .subject(subject)
                .issueTime(new Date())
                .jwtID(String.valueOf(System.nanoTime()))
                .expirationTime(new Date(System.currentTimeMillis() + millis));
        more.accept(claims);
        try {
            SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
            token.sign(new MACSigner(SECRET));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object mayPublish(String... filters) {
        return Map.of("pub", List.of(filters));
    }

    // --- MQTT

    private static MqttRawClient open(MqttVersion version, String id, String user, String password) {
        byte[] secret = password.getBytes(StandardCharsets.UTF_8);
        return MqttRawClient.open(broker.tcpPort(), version)
                .connect(new Connect(version, id, true, 60, null, user, secret, MqttProperties.NONE));
    }

    @Test
    void aDeviceWithATokenMayDoWhatItSays() {
        String token = token("meter-7", 60_000, all -> all.claim("acl", mayPublish("plant/%c/#", "plant/secret")));
        try (MqttRawClient client = open(MqttVersion.V5, "d1", "whatever", token)) {
            client.expectAccepted();
            assertThat(broker.server().connections().list(0, 100))
                    .anyMatch(view -> "meter-7".equals(view.userName()))
                    .noneMatch(view -> "whatever".equals(view.userName()));
            client.publish("plant/d1/temp", "21", 1, 1).expectPubAck(1);
            for (String denied : List.of("plant/d2/temp", "plant/secret")) {
                client.publish(denied, "x", 1, 2)
                        .expectAcknowledgement(PacketType.PUBACK, 2, ReasonCode.NOT_AUTHORIZED);
            }
            client.subscribe(3, "plant/d1/temp", 1).expectSubAck(3, ReasonCode.NOT_AUTHORIZED);
        }
        try (MqttRawClient other = open(MqttVersion.V3_1_1, "d2", "meter-7", token)) {
            other.expectAccepted();
            other.publish("plant/d2/temp", "21", 1, 1).expectPubAck(1);
        }
        try (MqttRawClient forged = open(MqttVersion.V5, "d3", "meter-7", token + "x")) {
            forged.expectRefused(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
        }
        try (MqttRawClient user = open(MqttVersion.V5, "d4", "ann", "sesame")) {
            user.expectAccepted();
        }
    }

    @Test
    void aTokenForANameOfAUserHereIsNotThatUser() {
        try (MqttRawClient client = open(MqttVersion.V5, "r1", "root", token("root", 60_000, all -> {}))) {
            client.expectAccepted();
            client.publish("open/x", "x", 1, 1).expectAcknowledgement(PacketType.PUBACK, 1, ReasonCode.NOT_AUTHORIZED);
        }
        String mighty = token("op", 60_000, all -> all.claim("admin", true));
        try (MqttRawClient client = open(MqttVersion.V5, "r2", "op", mighty)) {
            client.expectAccepted();
            client.publish("anything", "x", 1, 1).expectPubAck(1);
        }
    }

    @Test
    void theConnectionEndsWithItsToken() {
        String token = token("meter-7", 1_500, all -> {});
        try (MqttRawClient client = open(MqttVersion.V5, "e1", "meter-7", token)) {
            client.expectAccepted();
            client.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
        }
        try (MqttRawClient late = open(MqttVersion.V5, "e1", "meter-7", token)) {
            late.expectRefused(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
        }
    }

    // --- Kafka

    /** A token as the client sees it. Immutable. */
    private record Token(String value, Long startTimeMs, long lifetimeMs) implements OAuthBearerToken {
        @Override
        public Set<String> scope() {
            return Set.of();
        }

        @Override
        public String principalName() {
            return "client";
        }
    }

    /** Hands the client the tokens that a test wants. Thread-safe. */
    public static final class Tokens implements AuthenticateCallbackHandler {
        private static volatile Supplier<String> next = () -> "";
        private static volatile long lifetimeMillis;

        @Override
        public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {}

        @Override
        public void handle(Callback[] callbacks) {
            for (Callback each : callbacks) {
                if (each instanceof OAuthBearerTokenCallback wanted) {
                    long now = System.currentTimeMillis();
                    wanted.token(new Token(next.get(), now, now + lifetimeMillis));
                }
            }
        }

        @Override
        public void close() {}
    }

    private static Map<String, Object> bearer(long lifetimeMillis, Supplier<String> tokens) {
        Tokens.next = tokens;
        Tokens.lifetimeMillis = lifetimeMillis;
        Map<String, Object> config = new HashMap<>();
        config.put("security.protocol", "SASL_PLAINTEXT");
        config.put("sasl.mechanism", "OAUTHBEARER");
        config.put("sasl.jaas.config", "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;");
        config.put("sasl.login.callback.handler.class", Tokens.class.getName());
        config.put("sasl.login.refresh.window.factor", "0.5");
        config.put("sasl.login.refresh.window.jitter", "0.0");
        config.put("sasl.login.refresh.min.period.seconds", "0");
        config.put("sasl.login.refresh.buffer.seconds", "0");
        config.put("default.api.timeout.ms", "15000");
        config.put("request.timeout.ms", "10000");
        return config;
    }

    private static Map<String, Object> login(String mechanism, String user, String password) {
        String module = mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        Map<String, Object> config = new HashMap<>();
        config.put("security.protocol", "SASL_PLAINTEXT");
        config.put("sasl.mechanism", mechanism);
        config.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security." + module + " required username=\"" + user + "\" password=\""
                        + password + "\";");
        config.put("default.api.timeout.ms", "15000");
        config.put("request.timeout.ms", "10000");
        return config;
    }

    private static Map<String, Object> overTls(Map<String, Object> config) {
        config.put("bootstrap.servers", "127.0.0.1:" + broker.kafkaTlsPort());
        config.put("security.protocol", config.containsKey("sasl.mechanism") ? "SASL_SSL" : "SSL");
        config.put("ssl.truststore.type", "PEM");
        config.put("ssl.truststore.location", server.certificate().toString());
        return config;
    }

    private static @Nullable Throwable failure(Future<?> asked) throws Exception {
        try {
            asked.get(20, TimeUnit.SECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    private static void producesWhatRulesAllow(Map<String, Object> config) throws Exception {
        try (KafkaProducer<String, String> producer = JavaClients.of(broker).producer(config)) {
            producer.send(new ProducerRecord<>("open.a", "x")).get(20, TimeUnit.SECONDS);
            assertThat(failure(producer.send(new ProducerRecord<>("secret", "x"))))
                    .isInstanceOf(TopicAuthorizationException.class);
        }
    }

    private static void createTopics() throws Exception {
        Map<String, Object> root = login("PLAIN", "root", "rootpw");
        root.put("bootstrap.servers", "127.0.0.1:" + broker.kafkaPort());
        try (Admin admin = Admin.create(root)) {
            for (String name : List.of("open.a", "secret")) {
                if (!admin.listTopics().names().get(20, TimeUnit.SECONDS).contains(name)) {
                    admin.createTopics(List.of(new org.apache.kafka.clients.admin.NewTopic(name, 1, (short) 1)))
                            .all()
                            .get(20, TimeUnit.SECONDS);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER", "certificate"})
    void everyMechanismWorksOverTlsUnderTheSameRules(String mechanism) throws Exception {
        createTopics();
        Map<String, Object> config = switch (mechanism) {
            case "OAUTHBEARER" ->
                bearer(60_000, () -> token("ann", 60_000, all -> all.claim("acl", mayPublish("open.#"))));
            case "certificate" ->
                new HashMap<>(Map.of(
                        "ssl.keystore.type",
                        "PKCS12",
                        "ssl.keystore.location",
                        meter.store().toString(),
                        "ssl.keystore.password",
                        TestKeys.PASSWORD,
                        "ssl.key.password",
                        TestKeys.PASSWORD));
            default -> login(mechanism, "ann", "sesame");
        };
        producesWhatRulesAllow(overTls(config));
    }

    @Test
    void theNameInATokenIsThePrincipalOfKafka() throws Exception {
        createTopics();
        access.allow("t8", "t8", Action.PUBLISH, "open/#");
        producesWhatRulesAllow(bearer(60_000, () -> token("t8", 60_000, all -> {})));
        assertThat(access.control().sources())
                .extracting(AccessControl.Source::name)
                .containsExactly("jwt", "users");
    }

    @Test
    void aTokenThatIsNotRightIsRefusedAtOnce() throws Exception {
        long begin = System.nanoTime();
        for (String wrong :
                List.of("nonsense", token("ann", -1_000, all -> {}), token("ann", 60_000, all -> {}) + "x")) {
            Map<String, Object> config = bearer(60_000, () -> wrong);
            config.put("bootstrap.servers", "127.0.0.1:" + broker.kafkaPort());
            try (Admin stranger = Admin.create(config)) {
                assertThat(failure(stranger.listTopics().names())).isInstanceOf(SaslAuthenticationException.class);
            }
        }
        assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(10));
    }

    @Test
    void aClientLogsInAgainBeforeItsTokenEnds() throws Exception {
        createTopics();
        long accepted = access.control().sources().get(0).counters().accepted.sum();
        Map<String, Object> config =
                bearer(3_000, () -> token("again", 3_000, all -> all.claim("acl", mayPublish("open.#"))));
        config.put("client.id", "again");
        config.put("retries", "0");
        try (KafkaProducer<String, String> producer = JavaClients.of(broker).producer(config)) {
            producer.send(new ProducerRecord<>("open.a", "first")).get(20, TimeUnit.SECONDS);
            // The other one, to learn who is there, is idle: a client logs in again where it has something to send
            // only.
            List<Long> connected = connectionsOf("again");
            long used = connected.get(connected.size() - 1);
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(4_500);
            while (System.nanoTime() < end) {
                producer.send(new ProducerRecord<>("open.a", "more")).get(20, TimeUnit.SECONDS);
            }
            assertThat(connectionsOf("again")).as("it was not closed").contains(used);
        }
        assertThat(access.control().sources().get(0).counters().accepted.sum()).isGreaterThanOrEqualTo(accepted + 2);
    }

    private static List<Long> connectionsOf(String clientId) {
        return broker.server().connections().list(0, 100).stream()
                .filter(view -> clientId.equals(view.clientId()))
                .map(view -> view.info().id())
                .toList();
    }
}
