/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.mqtt.OpenedAccess;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.AccessRule.Effect;
import io.robustmq.protocol.AccessRule.Match;
import io.robustmq.protocol.AccessRule.Resource;
import io.robustmq.protocol.AccessRule.Who;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users and rules as Kafka's clients meet them: the Java client, and kcat. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KafkaAccessTest {
    private static OpenedAccess access;
    private static InProcessBroker broker;
    private static JavaClients clients;

    @BeforeAll
    static void start() throws Exception {
        access = new OpenedAccess()
                .user("root", "rootpw", true)
                .user("ann", "sesame")
                .user("bob", "sesame");
        broker = InProcessBroker.options().access(access.control()).start();
        clients = JavaClients.of(broker);
        access.allow("ann-out", "ann", Action.PUBLISH, "open/#").allow("ann-in", "ann", Action.SUBSCRIBE, "open.#");
        access.rule(new AccessRule(
                "default",
                "ann-group",
                Effect.ALLOW,
                Who.USER,
                "ann",
                Action.SUBSCRIBE,
                Resource.GROUP,
                Match.PREFIX,
                "ann-",
                AccessRule.ANY_QOS,
                null));
        try (Admin root = admin("PLAIN", "root", "rootpw")) {
            root.createTopics(List.of(new NewTopic("open.a", 1, (short) 1), new NewTopic("secret", 1, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
        access.close();
    }

    private static Map<String, Object> login(String mechanism, String user, String password) {
        String module = mechanism.equals("PLAIN")
                ? "org.apache.kafka.common.security.plain.PlainLoginModule"
                : "org.apache.kafka.common.security.scram.ScramLoginModule";
        Map<String, Object> config = new HashMap<>();
        config.put("security.protocol", "SASL_PLAINTEXT");
        config.put("sasl.mechanism", mechanism);
        config.put("sasl.jaas.config", module + " required username=\"" + user + "\" password=\"" + password + "\";");
        config.put("default.api.timeout.ms", "15000");
        config.put("request.timeout.ms", "10000");
        return config;
    }

    private static Admin admin(String mechanism, String user, String password) {
        Map<String, Object> config = login(mechanism, user, password);
        config.put("bootstrap.servers", "127.0.0.1:" + broker.kafkaPort());
        return Admin.create(config);
    }

    private static Throwable failure(java.util.concurrent.Future<?> asked) {
        try {
            asked.get(20, TimeUnit.SECONDS);
            return new AssertionError("it was allowed");
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (Exception e) {
            return e;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
    void whoKnowsThePasswordIsLetInAndMayDoWhatRulesAllow(String mechanism) throws Exception {
        try (KafkaProducer<String, String> producer = clients.producer(login(mechanism, "ann", "sesame"))) {
            long before = access.control().denied("kafka");
            producer.send(new ProducerRecord<>("open.a", mechanism)).get(20, TimeUnit.SECONDS);
            assertThat(access.control().denied("kafka")).isEqualTo(before);
            assertThat(failure(producer.send(new ProducerRecord<>("secret", "x"))))
                    .isInstanceOf(TopicAuthorizationException.class);
            assertThat(access.control().denied("kafka")).isGreaterThan(before);
        }
        Map<String, Object> reading = login(mechanism, "ann", "sesame");
        reading.put("group.id", "ann-" + mechanism);
        try (KafkaConsumer<String, String> consumer = clients.consumer(reading)) {
            consumer.subscribe(List.of("open.a"));
            boolean found = false;
            for (int i = 0; i < 40 && !found; i++) {
                for (var each : consumer.poll(Duration.ofMillis(500))) {
                    found |= each.value().equals(mechanism);
                }
            }
            assertThat(found).isTrue();
        }
        reading.put("group.id", "other");
        try (KafkaConsumer<String, String> consumer = clients.consumer(reading)) {
            consumer.subscribe(List.of("open.a"));
            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20)))
                    .isInstanceOf(GroupAuthorizationException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
    void whoDoesNotKnowItIsToldSo(String mechanism) {
        for (String user : new String[] {"bob", "nobody"}) {
            try (Admin stranger = admin(mechanism, user, "wrong")) {
                assertThat(failure(stranger.listTopics().names())).isInstanceOf(SaslAuthenticationException.class);
            }
        }
    }

    @Test
    void whoMayWriteMayNotDeleteAndWhatIsDeniedIsNotSeen() throws Exception {
        try (Admin ann = admin("PLAIN", "ann", "sesame")) {
            assertThat(ann.listTopics().names().get(20, TimeUnit.SECONDS)).containsExactly("open.a");
            assertThat(failure(ann.deleteTopics(List.of("open.a")).all()))
                    .isInstanceOf(TopicAuthorizationException.class);
            assertThat(failure(ann.createTopics(List.of(new NewTopic("open.b", 1, (short) 1)))
                            .all()))
                    .isInstanceOf(TopicAuthorizationException.class);
            access.allow("ann-create", "ann", Action.CREATE, "open/b");
            ann.createTopics(List.of(new NewTopic("open.b", 1, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            assertThat(failure(ann.describeAcls(AclBindingFilter.ANY).values()))
                    .isInstanceOf(ClusterAuthorizationException.class);
        }
    }

    @Test
    void aclsOfKafkaAreTheSameRules() throws Exception {
        AclBinding acl = new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, "plant.", PatternType.PREFIXED),
                new AccessControlEntry("User:bob", "*", AclOperation.WRITE, AclPermissionType.ALLOW));
        AclBinding both = new AclBinding(
                acl.pattern(),
                new AccessControlEntry("User:bob", "10.0.0.1", AclOperation.WRITE, AclPermissionType.ALLOW));
        try (Admin root = admin("SCRAM-SHA-512", "root", "rootpw")) {
            root.createAcls(List.of(acl)).all().get(20, TimeUnit.SECONDS);
            root.createAcls(List.of(acl)).all().get(20, TimeUnit.SECONDS);
            assertThat(failure(root.createAcls(List.of(both)).all())).isInstanceOf(InvalidRequestException.class);
            AclBindingFilter filter = acl.toFilter();
            Collection<AclBinding> found = root.describeAcls(filter).values().get(20, TimeUnit.SECONDS);
            assertThat(found).containsExactly(acl);
            var bob = new io.robustmq.protocol.ClientIdentity("default", "mqtt", "x", "bob", "127.0.0.1");
            assertThat(access.control().mayPublish(bob, "plant.line1")).isTrue();
            assertThat(access.control().mayPublish(bob, "plants")).isFalse();
            assertThat(root.deleteAcls(List.of(filter)).all().get(20, TimeUnit.SECONDS))
                    .containsExactly(acl);
            assertThat(access.control().mayPublish(bob, "plant.line1")).isFalse();
            assertThat(root.describeAcls(AclBindingFilter.ANY).values().get(20, TimeUnit.SECONDS))
                    .contains(new AclBinding(
                            new ResourcePattern(ResourceType.GROUP, "ann-", PatternType.PREFIXED),
                            new AccessControlEntry("User:ann", "*", AclOperation.READ, AclPermissionType.ALLOW)));
        }
    }

    @Test
    void aDeletedUserLosesItsConnection() throws Exception {
        access.user("gone", "sesame").allow("gone", "gone", Action.PUBLISH, "open/#");
        Map<String, Object> config = login("PLAIN", "gone", "sesame");
        config.put("delivery.timeout.ms", "12000");
        try (KafkaProducer<String, String> producer = clients.producer(config)) {
            producer.send(new ProducerRecord<>("open.a", "one")).get(20, TimeUnit.SECONDS);
            access.delete("gone");
            Throwable refused = null;
            for (int i = 0; i < 50 && !(refused instanceof SaslAuthenticationException); i++) {
                refused = failure(producer.send(new ProducerRecord<>("open.a", "two")));
            }
            assertThat(refused).isInstanceOf(SaslAuthenticationException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {512 * 1024, 512 * 1024 + 1})
    void strangersSendSmallRequestsOnly(int bytes) throws Exception {
        try (Socket stranger = new Socket("127.0.0.1", broker.kafkaPort())) {
            stranger.setSoTimeout(500);
            stranger.getOutputStream()
                    .write(ByteBuffer.allocate(4).putInt(bytes).array());
            if (bytes > 512 * 1024) {
                assertThat(stranger.getInputStream().read()).isEqualTo(-1);
            } else {
                // Whoever waits for the rest of it has not closed.
                assertThatThrownBy(() -> stranger.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    /** By PLAIN: librdkafka before 2.6.1 repeats its nonce in SCRAM, which Kafka's server refuses since CVE-2024-56128. */
    @Test
    void kcatLogsInToo() throws Exception {
        ClientTools.assumeInstalled();
        ClientTools tools = ClientTools.of(broker);
        String[] ann = {
            "-X", "security.protocol=SASL_PLAINTEXT", "-X", "sasl.mechanisms=PLAIN",
            "-X", "sasl.username=ann", "-X", "sasl.password=sesame"
        };
        tools.run("from kcat\n", "kcat", with(ann, "-P", "-t", "open.a"));
        assertThat(tools.run("", "kcat", with(ann, "-C", "-t", "open.a", "-e"))).contains("from kcat");
        Process denied = tools.start("kcat", with(ann, "-C", "-t", "secret", "-e"));
        assertThat(denied.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(denied.exitValue()).isNotZero();
        Process anonymous = tools.start("kcat", "-L", "-m", "3");
        assertThat(anonymous.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(anonymous.exitValue()).isNotZero();
    }

    private static String[] with(String[] login, String... more) {
        String[] all = java.util.Arrays.copyOf(login, login.length + more.length);
        System.arraycopy(more, 0, all, login.length, more.length);
        return all;
    }
}
