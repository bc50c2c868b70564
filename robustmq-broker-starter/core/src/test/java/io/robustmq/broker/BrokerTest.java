/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.subject.Partitioner;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.protocol.AccessPort;
import io.robustmq.protocol.Capture;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.PublishPort;
import io.robustmq.protocol.Publisher;
import io.robustmq.protocol.TopicPort;
import io.robustmq.protocol.TopicPort.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BrokerTest {
    private BrokerFixture fixture = new BrokerFixture(1, 2);
    private final List<String> acks = new ArrayList<>();

    @AfterEach
    void nothingIsHeldAtRest() {
        assertThat(fixture.budget.usedBytes()).as("I8").isZero();
        fixture.close();
    }

    private void ack(long token, long offset, @Nullable RmqError error) {
        acks.add(token + "@" + offset + (error == null ? "" : " " + error));
    }

    private void restart(Capture capture, AccessPort access) {
        fixture.close();
        fixture = new BrokerFixture(1, 2, capture, access);
    }

    @Test
    void deliversAndKeepsAPublishUnderItsSubject() {
        Loop loop = fixture.loops.get(0);
        RecordingSink sink = new RecordingSink(loop);
        fixture.ports.subscribe().add(Tenants.DEFAULT, sink.to("sensors/#"));
        Publisher publisher = fixture.publisher("device", loop, this::ack);

        fixture.on(loop, () -> {
            assertThat(BrokerFixture.publish(publisher, "sensors/1/temp", "21.5", 1, 7))
                    .isNull();
        });

        assertThat(sink.received).containsExactly("sensors/1/temp=21.5");
        assertThat(acks).containsExactly("7@0");
        StoredRecord record = fixture.records("mqtt").get(0);
        assertThat(BrokerFixture.text(record.key())).isEqualTo("sensors/1/temp");
        assertThat(record.subject()).isEqualTo("sensors/1/temp");
        assertThat(BrokerFixture.text(record.value())).isEqualTo("21.5");
        assertThat(record.partition()).isEqualTo(Partitioner.partition("sensors.1.temp", 16));
    }

    @Test
    void aTurnOfPublishesIsOneBatchPerShardAndIsAcknowledgedInItsOrder() {
        Loop loop = fixture.loops.get(0);
        Publisher publisher = fixture.publisher("device", loop, this::ack);

        fixture.on(loop, () -> {
            for (int i = 0; i < 10; i++) {
                BrokerFixture.publish(publisher, "one/topic", "m" + i, 1, i);
            }
        });

        assertThat(acks).containsExactly("0@0", "1@1", "2@2", "3@3", "4@4", "5@5", "6@6", "7@7", "8@8", "9@9");
        assertThat(fixture.broker.counters().batches.sum()).isEqualTo(1);
        assertThat(fixture.records("mqtt")).hasSize(10);
    }

    @Test
    void overlappingSubscriptionsOfOneSubscriberGiveOneDelivery() {
        Loop loop = fixture.loops.get(1);
        RecordingSink sink = new RecordingSink(loop);
        fixture.ports.subscribe().add(Tenants.DEFAULT, sink.to("a/#"));
        fixture.ports.subscribe().add(Tenants.DEFAULT, sink.to("a/+"));
        Publisher publisher = fixture.publisher("device", fixture.loops.get(0), this::ack);

        fixture.on(fixture.loops.get(0), () -> BrokerFixture.publish(publisher, "a/b", "x", 0, Publish.NO_TOKEN));

        assertThat(sink.received).containsExactly("a/b=x");
    }

    @Test
    void noLocalKeepsOwnPublishesAway() {
        Loop loop = fixture.loops.get(0);
        RecordingSink sink = new RecordingSink(loop);
        fixture.ports.subscribe().add(Tenants.DEFAULT, sink.to("a/b", true));
        Publisher own = fixture.publisher(sink, loop, this::ack);
        Publisher other = fixture.publisher("other", loop, this::ack);

        fixture.on(loop, () -> {
            BrokerFixture.publish(own, "a/b", "mine", 1, 0);
            BrokerFixture.publish(other, "a/b", "theirs", 1, 0);
            BrokerFixture.publish(own, "a/b", "mine", 0, Publish.NO_TOKEN);
        });

        assertThat(sink.received).containsExactly("a/b=theirs");
    }

    @Test
    void captureRulesDecideWhatIsKeptNotWhatIsDelivered() {
        for (Capture capture : Capture.values()) {
            restart(capture, new AllowAll());
            Loop loop = fixture.loops.get(0);
            RecordingSink sink = new RecordingSink(fixture.loops.get(1));
            fixture.ports.subscribe().add(Tenants.DEFAULT, sink.to("#"));
            Publisher publisher = fixture.publisher("device", loop, this::ack);
            acks.clear();

            fixture.on(loop, () -> {
                BrokerFixture.publish(publisher, "t", "zero", 0, Publish.NO_TOKEN);
                BrokerFixture.publish(publisher, "t", "one", 1, 1);
            });

            assertThat(sink.received).as("%s", capture).containsExactlyInAnyOrder("t=zero", "t=one");
            List<String> kept = fixture.records("mqtt").stream()
                    .map(record -> BrokerFixture.text(record.value()))
                    .toList();
            switch (capture) {
                case ALL -> assertThat(kept).containsExactly("zero", "one");
                case ACKNOWLEDGED -> assertThat(kept).containsExactly("one");
                case BOUND -> assertThat(kept).isEmpty();
                default -> throw new AssertionError(capture);
            }
            assertThat(acks).as("%s", capture).hasSize(1);
        }
    }

    @Test
    void aBoundTopicTakesItsSubjectsFromTheCatchAll() {
        Loop loop = fixture.loops.get(0);
        Publisher publisher = fixture.publisher("device", loop, this::ack);
        fixture.on(loop, () -> BrokerFixture.publish(publisher, "plant/line1", "before", 1, 0));
        fixture.await(fixture.ports
                .topics()
                .create(new TopicPort.TopicRequest(
                        Tenants.DEFAULT, "plant", 2, List.of("plant/+"), "memory", Map.of())));

        fixture.on(loop, () -> BrokerFixture.publish(publisher, "plant/line1", "after", 1, 1));

        assertThat(fixture.records("mqtt")).hasSize(1);
        StoredRecord record = fixture.records("plant").get(0);
        assertThat(BrokerFixture.text(record.value())).isEqualTo("after");
        assertThat(BrokerFixture.text(record.key()))
                .as("the key is the subject")
                .isEqualTo("plant/line1");
    }

    @Test
    void anExactTopicKeepsTheClientsKey() {
        Loop loop = fixture.loops.get(0);
        Publisher publisher = fixture.publisher("device", loop, this::ack);
        fixture.await(fixture.ports
                .topics()
                .create(new TopicPort.TopicRequest(Tenants.DEFAULT, "orders", 1, List.of(), null, Map.of())));

        fixture.on(loop, () -> {
            publisher.publish(
                    BrokerFixture.message("orders", "keyed", 1).token(0).key("k1".getBytes()));
            publisher.publish(BrokerFixture.message("orders", "plain", 1).token(1));
        });

        List<StoredRecord> records = fixture.records("orders");
        assertThat(records).extracting(r -> BrokerFixture.text(r.key())).containsExactly("k1", "null");
        assertThat(records).extracting(StoredRecord::subject).containsOnly("orders");
    }

    @Test
    void aClientsKeyInAWildcardTopicTravelsAsHeader() {
        Loop loop = fixture.loops.get(0);
        Publisher publisher = fixture.publisher("device", loop, this::ack);

        fixture.on(
                loop,
                () -> publisher.publish(
                        BrokerFixture.message("a/b", "x", 1).token(0).key("k1".getBytes())));

        StoredRecord record = fixture.records("mqtt").get(0);
        assertThat(record.headers())
                .anySatisfy(header -> assertThat(header.key() + "=" + BrokerFixture.text(header.value()))
                        .isEqualTo("rmq.key=k1"));
    }

    @Test
    void privateSubjectsAreDeliveredButNotKept() {
        Loop loop = fixture.loops.get(0);
        RecordingSink all = new RecordingSink(loop);
        RecordingSink sys = new RecordingSink(loop);
        fixture.ports.subscribe().add(Tenants.DEFAULT, all.to("#"));
        fixture.ports.subscribe().add(Tenants.DEFAULT, sys.to("$private/#"));
        Publisher publisher = fixture.publisher("device", loop, this::ack);

        fixture.on(loop, () -> BrokerFixture.publish(publisher, "$private/uptime", "1", 1, 0));

        assertThat(all.received).as("[MQTT-4.7.2-1]").isEmpty();
        assertThat(sys.received).containsExactly("$private/uptime=1");
        assertThat(fixture.records("mqtt")).isEmpty();
    }

    @Test
    void onlyTheNodeItselfPublishesBelowSys() {
        Loop loop = fixture.loops.get(0);
        RecordingSink sys = new RecordingSink(loop);
        fixture.ports.subscribe().add(Tenants.DEFAULT, sys.to("$SYS/#"));
        Publisher device = fixture.publisher("device", loop, this::ack);
        ClientIdentity self = new ClientIdentity(Tenants.DEFAULT, PublishPort.SYSTEM, "self", null, "");
        Publisher node = fixture.ports.publish().open(self, PublishPort.SYSTEM, Spelling.SLASH, this, loop, this::ack);
        Publish message = new Publish()
                .begin(Unpooled.copiedBuffer("$SYS/uptime", StandardCharsets.UTF_8), 0, "$SYS/uptime".length());

        fixture.on(loop, () -> {
            assertThat(device.publish(message)).isEqualTo(RmqError.UNAUTHORIZED);
            assertThat(node.publish(message)).isNull();
        });

        assertThat(sys.received).containsExactly("$SYS/uptime=");
        assertThat(fixture.records("mqtt")).isEmpty();
        assertThat(fixture.ports.subscribe().isHeard(Tenants.DEFAULT, Spelling.SLASH, "$SYS/a"))
                .isTrue();
        assertThat(fixture.ports.subscribe().isHeard(Tenants.DEFAULT, Spelling.SLASH, "a"))
                .isFalse();
    }

    /** A flood of long subjects costs computation, never memory. */
    @Test
    void routesOfLongSubjectsAreForgotten() {
        LoopBroker here = fixture.broker.loop(0);
        RouteTable table = here.table(new RouteTable.Scope(Tenants.DEFAULT, "mqtt", Spelling.SLASH));
        int most = 0;
        for (int i = 0; i < 300; i++) {
            byte[] subject = (i + "/" + "s".repeat(60_000)).getBytes(StandardCharsets.UTF_8);
            table.find(Unpooled.wrappedBuffer(subject), 0, subject.length);
            most = Math.max(most, table.subjectBytes());
        }
        assertThat(most).isBetween(4 << 20, (4 << 20) + 2 * 60_010);
    }

    @Test
    void retainedMessagesAreTheLastOfTheirSubject() {
        Loop loop = fixture.loops.get(0);
        Publisher publisher = fixture.publisher("device", loop, this::ack);
        fixture.on(loop, () -> {
            publisher.publish(BrokerFixture.message("r/1", "old", 1).retain(true));
            publisher.publish(BrokerFixture.message("r/1", "new", 0).retain(true));
            publisher.publish(BrokerFixture.message("r/2", "gone", 1).retain(true));
            publisher.publish(BrokerFixture.message("r/2", "", 1).retain(true));
        });

        List<String> found = new ArrayList<>();
        fixture.ports
                .retained()
                .match(
                        Tenants.DEFAULT,
                        io.robustmq.kernel.subject.Spelling.SLASH,
                        "r/#",
                        message -> found.add(message.subject() + "=" + BrokerFixture.text(message.payload())));

        assertThat(found).containsExactly("r/1=new");
        assertThat(fixture.ports.retained().count()).isEqualTo(1);
    }

    @Test
    void deniedPublishesAreRefusedAtOnce() {
        restart(Capture.ALL, new DenySecret());
        Loop loop = fixture.loops.get(0);
        Publisher publisher = fixture.publisher("device", loop, this::ack);

        fixture.on(loop, () -> {
            assertThat(BrokerFixture.publish(publisher, "secret/x", "m", 1, 0)).isEqualTo(RmqError.UNAUTHORIZED);
            assertThat(BrokerFixture.publish(publisher, "open/x", "m", 1, 1)).isNull();
        });

        assertThat(acks).containsExactly("1@0");
        assertThat(fixture.records("mqtt")).hasSize(1);
    }

    @Test
    void aFullBudgetRefusesWhatIsAcknowledgedAndShedsTheCaptureOfTheRest() {
        Loop loop = fixture.loops.get(0);
        RecordingSink sink = new RecordingSink(loop);
        fixture.ports.subscribe().add(Tenants.DEFAULT, sink.to("#"));
        Publisher publisher = fixture.publisher("device", loop, this::ack);
        long limit = fixture.budget.limitBytes();
        fixture.budget.reserve(limit);
        try {
            fixture.on(loop, () -> {
                BrokerFixture.publish(publisher, "t", "zero", 0, Publish.NO_TOKEN);
                BrokerFixture.publish(publisher, "t", "one", 1, 1);
            });
        } finally {
            fixture.budget.release(limit);
        }

        assertThat(sink.received).containsExactly("t=zero");
        assertThat(acks).containsExactly("1@-1 OVERLOADED");
        assertThat(fixture.records("mqtt")).isEmpty();
    }

    @Test
    void oversizedPayloadsAreRefused() {
        Loop loop = fixture.loops.get(0);
        Publisher publisher = fixture.publisher("device", loop, this::ack);
        int max = fixture.broker.config().payloadBytesMax();
        fixture.on(loop, () -> {
            assertThat(BrokerFixture.publish(publisher, "big", "x".repeat(max + 1), 1, 0))
                    .isEqualTo(RmqError.PAYLOAD_TOO_LARGE);
            assertThat(BrokerFixture.publish(publisher, "big", "x".repeat(max), 1, 1))
                    .isNull();
        });
        assertThat(acks).containsExactly("1@0");
    }

    @Test
    void topicsAreCreatedShownAndDeleted() {
        TopicPort topics = fixture.ports.topics();
        TopicPort.TopicDescription created = fixture.await(topics.create(new TopicPort.TopicRequest(
                Tenants.DEFAULT, "orders", 3, List.of(), null, Map.of("retention.ms", "1000"))));
        assertThat(created).isNotNull();
        assertThat(created.bindings()).containsExactly("orders");
        assertThat(created.isVolatile()).isTrue();
        assertThat(created.shards())
                .hasSize(3)
                .allSatisfy(shard -> assertThat(shard.epoch()).isEqualTo(1));
        assertThat(topics.list(Tenants.DEFAULT, false))
                .extracting(TopicPort.TopicDescription::name)
                .containsExactly("mqtt", "orders");

        fixture.await(topics.delete(Tenants.DEFAULT, "orders"));

        assertThat(topics.list(Tenants.DEFAULT, false)).hasSize(1);
        assertFails(topics.show(Tenants.DEFAULT, "orders"), RmqError.UNKNOWN_TOPIC);
    }

    @Test
    void wrongTopicRequestsSayWhatIsWrong() {
        TopicPort topics = fixture.ports.topics();
        assertFails(topics.create(request("__x", 1, null, Map.of())), RmqError.INVALID_NAME);
        assertFails(topics.create(request("x", -1, null, Map.of())), RmqError.INVALID_CONFIG);
        assertFails(topics.create(request("x", 10_001, null, Map.of())), RmqError.INVALID_CONFIG);
        assertFails(topics.create(request("x", 1, "tape", Map.of())), RmqError.INVALID_CONFIG);
        assertFails(topics.create(request("x", 1, null, Map.of("colour", "red"))), RmqError.INVALID_CONFIG);
        assertFails(topics.create(request("x", 1, null, Map.of("retention.ms", "soon"))), RmqError.INVALID_CONFIG);
    }

    private static TopicPort.TopicRequest request(
            String name, int partitions, @Nullable String engine, Map<String, String> config) {
        return new TopicPort.TopicRequest(Tenants.DEFAULT, name, partitions, List.of(), engine, config);
    }

    private void assertFails(CompletionStage<?> stage, RmqError error) {
        assertThatThrownBy(() -> fixture.await(stage))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    /** Denies everything below {@code secret}. */
    private static final class DenySecret implements AccessPort {
        @Override
        public CompletionStage<Boolean> connect(ClientIdentity client, byte @Nullable [] password) {
            return CompletableFuture.completedStage(true);
        }

        @Override
        public boolean mayPublish(ClientIdentity client, String canonicalSubject) {
            return !canonicalSubject.startsWith("secret.");
        }

        @Override
        public boolean maySubscribe(ClientIdentity client, String canonicalFilter) {
            return true;
        }

        @Override
        public boolean allowsAll() {
            return false;
        }
    }
}
