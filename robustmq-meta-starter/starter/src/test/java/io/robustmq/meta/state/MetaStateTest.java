/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.state;

import static io.robustmq.meta.state.StateFixture.addPartitions;
import static io.robustmq.meta.state.StateFixture.allocate;
import static io.robustmq.meta.state.StateFixture.alter;
import static io.robustmq.meta.state.StateFixture.claim;
import static io.robustmq.meta.state.StateFixture.create;
import static io.robustmq.meta.state.StateFixture.delete;
import static io.robustmq.meta.state.StateFixture.entry;
import static io.robustmq.meta.state.StateFixture.expire;
import static io.robustmq.meta.state.StateFixture.id;
import static io.robustmq.meta.state.StateFixture.outcome;
import static io.robustmq.meta.state.StateFixture.put;
import static io.robustmq.meta.state.StateFixture.register;
import static io.robustmq.meta.state.StateFixture.remove;
import static io.robustmq.meta.state.StateFixture.topicState;
import static io.robustmq.meta.state.StateFixture.transact;
import static io.robustmq.meta.state.StateFixture.unchanged;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.robustmq.rpc.meta.Answer;
import io.robustmq.rpc.meta.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each command's preconditions and answers, and what makes the state machine one: equal logs give equal bytes. */
class MetaStateTest {
    @TempDir
    Path directory;

    private MetaState state;
    private long requests;

    @BeforeEach
    void open() {
        state = new MetaState("metadata", directory.resolve("state"));
    }

    @AfterEach
    void close() {
        state.close();
    }

    private Answer apply(Command command) {
        return state.apply(entry(++requests, command));
    }

    private String outcomeOf(Command command) {
        return outcome(apply(command));
    }

    @Test
    void nodesComeAndGoByIncarnation() {
        assertThat(apply(register(1, 7)).getNode().getAlive()).isTrue();
        assertThat(outcomeOf(register(1, 7))).as("nothing changes").isEqualTo("ok r1");
        assertThat(apply(expire(1, 6)).getFlag()).as("another incarnation").isFalse();
        assertThat(apply(expire(2, 7)).getFlag()).as("unknown").isFalse();
        assertThat(apply(expire(1, 7)).getFlag()).isTrue();
        assertThat(apply(expire(1, 7)).getFlag()).as("gone already").isFalse();
        assertThat(state.store().get(new DocKey("node", "", "1")).toNode().getAlive())
                .isFalse();
        assertThat(outcomeOf(register(1, 8))).isEqualTo("ok r3");
        assertThat(outcomeOf(register(0, 8))).isEqualTo("INVALID_REQUEST");
        assertThat(state.revision()).isEqualTo(3);
    }

    @Test
    void topicsAreCheckedBeforeTheyAreCreated() {
        assertThat(outcomeOf(create("orders", "a.+"))).isEqualTo("ok r1");
        assertThat(outcomeOf(create("orders", "a.+"))).as("the same proposal").isEqualTo("ok r1");
        assertThat(outcomeOf(create(topicState("orders").setIdLeast(2)))).isEqualTo("TOPIC_EXISTS");
        assertThat(outcomeOf(create(topicState("other").setIdMost("orders".hashCode()))))
                .isEqualTo("INVALID_REQUEST");
        assertThat(outcomeOf(create(""))).isEqualTo("INVALID_NAME");
        assertThat(outcomeOf(create(".."))).isEqualTo("INVALID_NAME");
        assertThat(outcomeOf(create("a/b"))).isEqualTo("INVALID_NAME");
        assertThat(outcomeOf(create("x".repeat(250)))).isEqualTo("INVALID_NAME");
        assertThat(outcomeOf(create("x".repeat(249)))).isEqualTo("ok r2");
        assertThat(outcomeOf(create(topicState("__x").setInternal(false)))).isEqualTo("INVALID_NAME");
        assertThat(outcomeOf(create(topicState("x").setInternal(true)))).isEqualTo("INVALID_NAME");
        assertThat(outcomeOf(create("__retained"))).isEqualTo("ok r3");
        assertThat(outcomeOf(create(topicState("none").setPartitions(0)))).isEqualTo("INVALID_CONFIG");
        assertThat(outcomeOf(create(topicState("none").setPartitions(10_001)))).isEqualTo("INVALID_CONFIG");
        assertThat(outcomeOf(create(topicState("none").setEngine("")))).isEqualTo("INVALID_CONFIG");
        assertThat(outcomeOf(create(topicState("t").setTenant("acme")))).isEqualTo("NOT_FOUND");
        assertThat(outcomeOf(transact(put("tenant", "acme", "", 0)))).isEqualTo("ok r4");
        assertThat(outcomeOf(create(topicState("t").setTenant("acme")))).isEqualTo("ok r5");
    }

    @Test
    void bindingsMustNotTie() {
        assertThat(outcomeOf(create("one", "+.b"))).isEqualTo("ok r1");
        Answer tie = apply(create("two", "a.+"));
        assertThat(outcome(tie)).isEqualTo("BINDING_CONFLICT");
        assertThat(tie.getError().getMessage()).contains("topic one");
        assertThat(outcomeOf(create("two", "a.b"))).as("more specific").isEqualTo("ok r2");
        assertThat(outcomeOf(create("three", "x", "x"))).isEqualTo("BINDING_CONFLICT");
        assertThat(outcomeOf(create("three", "a.#.b"))).isEqualTo("INVALID_CONFIG");
        assertThat(outcomeOf(delete("one"))).isEqualTo("ok r3");
        assertThat(outcomeOf(create("three", "a.+"))).as("the tie has gone").isEqualTo("ok r4");
    }

    @Test
    void aDeletedTopicTakesItsShardsAlong() {
        apply(register(1, 7));
        apply(create("t"));
        apply(create("t2"));
        assertThat(outcomeOf(claim("t", 0, 1, 7, 0))).isEqualTo("ok r4");
        assertThat(outcomeOf(claim("t", 3, 1, 7, 0))).isEqualTo("ok r5");
        assertThat(outcomeOf(claim("t2", 0, 1, 7, 0))).isEqualTo("ok r6");
        assertThat(outcomeOf(delete("nobody"))).isEqualTo("UNKNOWN_TOPIC");
        assertThat(apply(delete("t")).getTopic().getName()).isEqualTo("t");
        assertThat(outcomeOf(delete("t"))).isEqualTo("UNKNOWN_TOPIC");

        List<String> left = new ArrayList<>();
        state.store().scan("shard", new byte[0], shard -> left.add(shard.key().name()));
        assertThat(left).containsExactly(id("t2") + "-0");
    }

    @Test
    void aTopicIsAlteredAsItsProposerSawIt() {
        apply(create("one", "a.+"));
        Answer altered = apply(alter("one", 1, "retention.ms", "5"));
        assertThat(altered.getTopic().getConfig(0).getValue()).isEqualTo("5");
        assertThat(altered.getTopic().getBindingsList()).containsExactly("a.+");
        assertThat(altered.getRevision()).isEqualTo(2);
        assertThat(outcomeOf(alter("one", 1, "retention.ms", "6")))
                .as("seen before")
                .isEqualTo("REVISION_MISMATCH");
        assertThat(outcomeOf(alter("one", 2, "retention.ms", "5")))
                .as("nothing changes")
                .isEqualTo("ok r2");
        assertThat(outcomeOf(alter("nobody", 2, "retention.ms", "5"))).isEqualTo("UNKNOWN_TOPIC");
        assertThat(outcomeOf(create("two", "+.b")))
                .as("its bindings still hold")
                .isEqualTo("BINDING_CONFLICT");
        assertThat(outcomeOf(delete("one"))).isEqualTo("ok r3");
        assertThat(outcomeOf(create("two", "+.b"))).as("and go with it").isEqualTo("ok r4");
    }

    @Test
    void aTopicGetsMorePartitionsAndNeverFewer() {
        apply(register(1, 7));
        apply(create("t", "a.+"));
        int before = 4;
        assertThat(outcomeOf(claim("t", before, 1, 7, 0))).isEqualTo("INVALID_REQUEST");
        Answer grown = apply(addPartitions("t", before + 2));
        assertThat(grown.getTopic().getPartitions()).isEqualTo(before + 2);
        assertThat(grown.getTopic().getBindingsList()).containsExactly("a.+");
        assertThat(apply(claim("t", before + 1, 1, 7, 0)).getShard().getEpoch()).isEqualTo(1);
        assertThat(outcomeOf(addPartitions("t", before + 2))).isEqualTo("INVALID_CONFIG");
        assertThat(outcomeOf(addPartitions("t", 1))).isEqualTo("INVALID_CONFIG");
        assertThat(outcomeOf(addPartitions("t", 10_001))).isEqualTo("INVALID_CONFIG");
        assertThat(outcomeOf(addPartitions("nobody", 9))).isEqualTo("UNKNOWN_TOPIC");
        apply(delete("t"));
        assertThat(outcomeOf(claim("t", before + 1, 1, 7, 1)))
                .as("gone with all its shards")
                .isEqualTo("UNKNOWN_TOPIC");
    }

    @Test
    void aShardIsClaimedByItsEpoch() {
        apply(register(1, 7));
        apply(register(2, 9));
        apply(create("t"));
        assertThat(apply(claim("t", 1, 1, 7, 0)).getShard().getEpoch()).isEqualTo(1);
        assertThat(outcomeOf(claim("t", 1, 2, 9, 0))).as("too late").isEqualTo("FENCED");
        assertThat(apply(claim("t", 1, 2, 9, 1)).getShard().getOwner()).isEqualTo(2);
        assertThat(outcomeOf(claim("t", 1, 1, 7, 1))).as("the owner of before").isEqualTo("FENCED");
        assertThat(outcomeOf(claim("t", 1, 1, 6, 2))).as("a former life").isEqualTo("FENCED");
        assertThat(outcomeOf(claim("t", 1, 3, 1, 2))).as("unregistered").isEqualTo("FENCED");
        assertThat(outcomeOf(claim("t", 4, 1, 7, 0))).isEqualTo("INVALID_REQUEST");
        assertThat(outcomeOf(claim("nobody", 0, 1, 7, 0))).isEqualTo("UNKNOWN_TOPIC");
        apply(expire(1, 7));
        assertThat(outcomeOf(claim("t", 1, 1, 7, 2))).as("expired").isEqualTo("FENCED");
    }

    @Test
    void idsAreGivenOnce() {
        assertThat(apply(allocate("a", 10)).getNumber()).isEqualTo(1);
        assertThat(apply(allocate("b", 1)).getNumber()).isEqualTo(1);
        assertThat(apply(allocate("a", 1)).getNumber()).isEqualTo(11);
        assertThat(outcomeOf(allocate("a", 0))).isEqualTo("INVALID_REQUEST");
        assertThat(outcomeOf(allocate("", 1))).isEqualTo("INVALID_NAME");
        assertThat(apply(allocate("a", 1)).getNumber()).isEqualTo(12);
    }

    @Test
    void transactionsAreAllOrNothing() {
        assertThat(outcomeOf(transact(put("user", "a", "1", 0), put("user", "b", "1", 0))))
                .isEqualTo("ok r1");
        assertThat(outcomeOf(transact(put("user", "c", "1", 0), put("user", "a", "2", 0))))
                .isEqualTo("REVISION_MISMATCH");
        assertThat(state.store().get(new DocKey("user", "default", "c"))).isNull();
        assertThat(outcomeOf(transact(put("user", "a", "2", 1)))).isEqualTo("ok r2");
        assertThat(outcomeOf(transact(put("user", "a", "3", 1)))).isEqualTo("REVISION_MISMATCH");
        assertThat(outcomeOf(transact(put("user", "a", "3", -1)))).isEqualTo("ok r3");
        assertThat(outcomeOf(transact(remove("user", "b", 3)))).isEqualTo("REVISION_MISMATCH");
        assertThat(outcomeOf(transact(remove("user", "b", 1)))).isEqualTo("ok r4");
        assertThat(outcomeOf(transact(remove("user", "b", -1))))
                .as("nothing to delete")
                .isEqualTo("ok r4");
        assertThat(outcomeOf(transact(put("user", "x", "", -1), remove("user", "x", -1))))
                .isEqualTo("INVALID_REQUEST");
        assertThat(state.store().get(new DocKey("user", "default", "a")).revision())
                .isEqualTo(3);
    }

    @Test
    void aWholeKindCanBeExpectedUnchanged() {
        apply(transact(put("acl", "a", "1", 0)));
        apply(transact(put("user", "u", "1", 0)));
        assertThat(outcomeOf(transact(unchanged("acl", 1), put("acl", "b", "1", 0))))
                .isEqualTo("ok r3");
        assertThat(outcomeOf(transact(unchanged("acl", 1), put("acl", "c", "1", 0))))
                .isEqualTo("REVISION_MISMATCH");
        apply(transact(remove("acl", "a", -1)));
        assertThat(outcomeOf(transact(unchanged("acl", 3))))
                .as("a deletion is a change")
                .isEqualTo("REVISION_MISMATCH");
        assertThat(outcomeOf(transact(unchanged("acl", 4)))).isEqualTo("ok r4");
    }

    @Test
    void documentsCannotGoRoundTheCommands() {
        assertThat(outcomeOf(transact(put("topic", "t", "", -1)))).isEqualTo("POLICY_VIOLATION");
        assertThat(outcomeOf(transact(remove("shard", "t", -1)))).isEqualTo("POLICY_VIOLATION");
        assertThat(outcomeOf(transact(put("data.x", "t", "", -1))))
                .as("another group")
                .isEqualTo("INVALID_REQUEST");
        assertThat(outcomeOf(transact(put("~requests", "t", "", -1)))).isEqualTo("INVALID_REQUEST");
        assertThat(outcomeOf(transact(put("user", "", "", -1)))).isEqualTo("INVALID_REQUEST");
        assertThat(outcomeOf(transact(put("user", "a\0b", "", -1)))).isEqualTo("INVALID_REQUEST");
        assertThat(outcomeOf(transact(put("user", "big", "x".repeat((1 << 20) + 1), -1))))
                .isEqualTo("PAYLOAD_TOO_LARGE");
        assertThat(outcomeOf(transact(put("tenant", "a b", "", -1)))).isEqualTo("INVALID_NAME");
        apply(transact(put("tenant", "acme", "", 0)));
        apply(create(topicState("t").setTenant("acme")));
        assertThat(outcomeOf(transact(remove("tenant", "acme", -1))))
                .as("in use")
                .isEqualTo("POLICY_VIOLATION");
    }

    @Test
    void whatIsNoCommandIsAnsweredToo() {
        assertThat(outcomeOf(Command.getDefaultInstance())).isEqualTo("NOT_SUPPORTED");
        assertThat(outcome(state.apply(new byte[] {1, 2, 3}))).isEqualTo("INVALID_REQUEST");
        assertThat(outcome(state.apply(new byte[0]))).as("no request id").isEqualTo("INVALID_REQUEST");
    }

    @Test
    void aRepeatedRequestHasNoSecondEffect() {
        Answer first = state.apply(entry(99, allocate("a", 5)));
        apply(allocate("a", 5));
        assertThat(state.apply(entry(99, allocate("a", 5)))).isEqualTo(first);
        assertThat(apply(allocate("a", 1)).getNumber()).isEqualTo(11);

        Answer refused = state.apply(entry(98, claim("t", 0, 1, 1, 0)));
        apply(create("t"));
        assertThat(state.apply(entry(98, claim("t", 0, 1, 1, 0))))
                .as("errors are answers")
                .isEqualTo(refused);
    }

    @Test
    void theTableOfRequestsIsBounded() {
        for (int i = 0; i < RequestTable.REQUESTS_MAX; i++) {
            state.apply(entry(1000 + i, allocate("a", 1)));
        }
        assertThat(state.apply(entry(1000, allocate("a", 1))).getNumber())
                .as("still known")
                .isEqualTo(1);
        state.apply(entry(1, allocate("a", 1)));
        assertThat(state.apply(entry(1001, allocate("a", 1))).getNumber()).isEqualTo(2);
        assertThat(state.apply(entry(1000, allocate("a", 1))).getNumber())
                .as("forgotten, so it is a new request")
                .isEqualTo(RequestTable.REQUESTS_MAX + 2L);
    }

    @Test
    void equalLogsGiveEqualBytesAndASnapshotGivesThemToo() throws Exception {
        long seed = 20261121;
        List<byte[]> log = randomLog(new Random(seed), 3000);
        Path snapshot = Files.createDirectories(directory.resolve("snapshot"));
        try (MetaState other = new MetaState("metadata", directory.resolve("other"));
                MetaState installed = new MetaState("metadata", directory.resolve("installed"))) {
            apply(state, log.subList(0, 2000));
            apply(other, log.subList(0, 2000));
            assertThat(other.store().dump())
                    .as("seed %d", seed)
                    .isEqualTo(state.store().dump());

            // What the node held before must be gone.
            installed.apply(entry(77, transact(put("leftover", "x", "y", 0))));
            installed.restore(snapshot, state.checkpoint(snapshot));
            assertThat(installed.store().dump())
                    .as("seed %d", seed)
                    .isEqualTo(state.store().dump());
            assertThat(installed.revision()).isEqualTo(state.revision());

            // The rest of the log must find the same requests, topics and bindings there.
            apply(state, log.subList(2000, 3000));
            apply(installed, log.subList(2000, 3000));
            assertThat(installed.store().dump())
                    .as("seed %d", seed)
                    .isEqualTo(state.store().dump());
        }
    }

    private static void apply(MetaState state, List<byte[]> log) {
        log.forEach(state::apply);
    }

    private static List<byte[]> randomLog(Random random, int length) {
        List<byte[]> log = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            boolean repeated = i > 0 && random.nextInt(10) == 0;
            log.add(repeated ? log.get(random.nextInt(i)) : entry(i, randomCommand(random)));
        }
        return log;
    }

    private static Command randomCommand(Random random) {
        String topic = "t" + random.nextInt(20);
        int node = 1 + random.nextInt(3);
        int incarnation = random.nextInt(2);
        return switch (random.nextInt(8)) {
            case 0 -> register(node, incarnation);
            case 1 -> expire(node, incarnation);
            case 2 -> create(topic, random.nextInt(3) + ".+", "+." + random.nextInt(5));
            case 3 -> delete(topic);
            case 4 -> claim(topic, random.nextInt(5), node, incarnation, random.nextInt(3));
            case 5 -> allocate("s" + random.nextInt(3), 1 + random.nextInt(9));
            case 6 ->
                transact(
                        put("user", "u" + random.nextInt(9), "v" + random.nextInt(), random.nextInt(3) - 1),
                        remove("acl", "a" + random.nextInt(9), -1));
            default -> transact(unchanged("user", random.nextInt(2000)), put("acl", topic, "x", -1));
        };
    }

    @Test
    void aRequestIdOfTheWrongLengthIsRefused() {
        byte[] entry = io.robustmq.rpc.meta.LogEntry.newBuilder()
                .setRequestId(ByteString.copyFromUtf8("short"))
                .setCommand(allocate("a", 1))
                .build()
                .toByteArray();
        assertThat(outcome(state.apply(entry))).isEqualTo("INVALID_REQUEST");
        assertThat(apply(allocate("a", 1)).getNumber()).isEqualTo(1);
    }
}
