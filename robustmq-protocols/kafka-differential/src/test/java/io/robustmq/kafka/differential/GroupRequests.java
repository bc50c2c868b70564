/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** Classic groups, one member at a time: nobody waits for another. Stateless. */
final class GroupRequests {
    private static final int FIRST_JOIN_WITH_IDS = 4;
    private static final int FIRST_JOIN_WITH_INSTANCES = 5;
    private static final int FIRST_WITH_INSTANCES = 3;
    private static final int FIRST_SYNC_WITH_PROTOCOL = 5;
    private static final int FIRST_LEAVE_WITH_MANY = 3;
    private static final int FIRST_FIND_WITH_MANY = 4;
    private static final int FIRST_FIND_WITH_SHARE = 6;
    private static final int SESSION_MILLIS = 60_000;

    static final Family COORDINATOR =
            new Family("coordinator", 40, Set.of(ApiKeys.FIND_COORDINATOR), GroupRequests::coordinators);
    static final Family MEMBERS = new Family(
            "members",
            220,
            Set.of(ApiKeys.JOIN_GROUP, ApiKeys.SYNC_GROUP, ApiKeys.HEARTBEAT, ApiKeys.LEAVE_GROUP),
            GroupRequests::members);
    static final Family GROUPS = new Family(
            "groups",
            80,
            Set.of(ApiKeys.DESCRIBE_GROUPS, ApiKeys.LIST_GROUPS, ApiKeys.DELETE_GROUPS),
            GroupRequests::administration);

    private GroupRequests() {}

    private static List<Step> coordinators(Dice dice) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 1 + dice.below(3); i++) {
            short version = dice.version(ApiKeys.FIND_COORDINATOR);
            FindCoordinatorRequestData data = new FindCoordinatorRequestData();
            if (version >= 1) {
                data.setKeyType((byte) dice.mostly(0, 1, version < FIRST_FIND_WITH_SHARE ? 3 : 2, 3, -1)
                        .intValue());
            }
            if (version < FIRST_FIND_WITH_MANY) {
                data.setKey(dice.mostly(dice.own("g"), "", "ü"));
            } else {
                data.setCoordinatorKeys(dice.distinct(3, () -> dice.one(dice.own("g"), "", "other"), each -> each));
            }
            steps.add(Step.of(ApiKeys.FIND_COORDINATOR, version, data));
        }
        return steps;
    }

    /** How far a group is, as far as a client can know. Confined to one thread. */
    private static final class Life {
        private final Dice dice;
        private final String group;
        private final String type;
        private final @Nullable String instance;
        private final int version;
        private final List<Step> steps = new ArrayList<>();
        private int members;
        private int generation;
        private boolean present;

        Life(Dice dice) {
            this.dice = dice;
            this.group = dice.own("g");
            this.type = dice.mostly("consumer", "other");
            this.version = dice.version(ApiKeys.JOIN_GROUP);
            this.instance =
                    version >= FIRST_JOIN_WITH_INSTANCES && dice.chance(0.3) ? dice.one("static", "other") : null;
        }

        String member() {
            return members == 0 ? "" : Known.member(instance == null ? Step.CLIENT : instance, dice.prefix(), members);
        }

        String oddMember() {
            return dice.mostly(member(), "", "nobody", Known.member(Step.CLIENT, dice.prefix(), 7));
        }

        int oddGeneration() {
            return dice.mostly(generation, generation + 1, generation - 1, -1, 0, Integer.MAX_VALUE);
        }

        void enter() {
            if (version >= FIRST_JOIN_WITH_IDS && instance == null) {
                join("", instance);
                members++;
            }
            join(instance == null ? member() : "", instance);
            if (members == 0 || instance != null) {
                members++;
            }
            generation++;
            present = true;
        }

        void join(String member, @Nullable String instance) {
            steps.add(GroupRequests.join(dice, version, group, type, member, instance));
        }

        void sync(String member, int generation) {
            steps.add(GroupRequests.sync(dice, group, type, member, generation));
        }

        void heartbeat(String member, int generation) {
            short version = dice.version(ApiKeys.HEARTBEAT);
            HeartbeatRequestData data = new HeartbeatRequestData()
                    .setGroupId(dice.mostly(group, "", dice.own("none")))
                    .setMemberId(member)
                    .setGenerationId(generation);
            if (version >= FIRST_WITH_INSTANCES) {
                data.setGroupInstanceId(dice.mostly(instance, null, "another"));
            }
            steps.add(Step.of(ApiKeys.HEARTBEAT, version, data));
        }

        void leave(String member) {
            short version = dice.version(ApiKeys.LEAVE_GROUP);
            LeaveGroupRequestData data = new LeaveGroupRequestData().setGroupId(dice.mostly(group, "", "none"));
            if (version < FIRST_LEAVE_WITH_MANY) {
                data.setMemberId(member);
            } else {
                data.setMembers(dice.distinct(
                        2,
                        () -> new MemberIdentity()
                                .setMemberId(dice.mostly(member, "", "nobody"))
                                .setGroupInstanceId(dice.mostly(instance, null, "another")),
                        MemberIdentity::memberId));
            }
            steps.add(Step.of(ApiKeys.LEAVE_GROUP, version, data));
        }
    }

    private static List<Step> members(Dice dice) {
        Life life = new Life(dice);
        if (dice.chance(0.3)) {
            life.heartbeat("nobody", 0);
        }
        life.enter();
        boolean alone = true;
        for (int i = 0; i < 3 + dice.below(6); i++) {
            switch (dice.below(9)) {
                case 0, 1, 2 -> life.sync(life.oddMember(), life.oddGeneration());
                case 3, 4 -> life.heartbeat(life.oddMember(), life.oddGeneration());
                case 5 -> {
                    // Its only member: the group is complete at once.
                    if (alone) {
                        life.join(life.member(), life.instance);
                        life.generation++;
                    }
                }
                case 6 -> life.steps.add(oddJoin(dice, life));
                case 7 -> life.steps.add(describe(dice, life.group));
                default -> {
                    if (dice.chance(0.5)) {
                        life.leave(life.oddMember());
                        alone = false;
                    }
                }
            }
        }
        life.leave(life.member());
        life.steps.add(describe(dice, life.group));
        return life.steps;
    }

    /** One that is refused, whatever the state. */
    private static Step oddJoin(Dice dice, Life life) {
        short version = dice.version(ApiKeys.JOIN_GROUP);
        return switch (dice.below(4)) {
            case 0 -> join(dice, version, "", "consumer", "", null);
            case 1 -> join(dice, version, life.group, life.type, "nobody", null);
            case 2 -> join(dice, version, life.group, "mismatch", life.member(), null);
            default -> {
                JoinGroupRequestData data = new JoinGroupRequestData()
                        .setGroupId(dice.own("never"))
                        .setSessionTimeoutMs(dice.one(0, -1, 1, 5_999, 1_800_001, Integer.MAX_VALUE))
                        .setProtocolType("consumer")
                        .setProtocols(protocols(dice, "consumer"));
                yield Step.of(ApiKeys.JOIN_GROUP, version, data);
            }
        };
    }

    private static Step join(
            Dice dice, int version, String group, String type, String member, @Nullable String instance) {
        JoinGroupRequestData data = new JoinGroupRequestData()
                .setGroupId(group)
                .setSessionTimeoutMs(SESSION_MILLIS)
                .setRebalanceTimeoutMs(SESSION_MILLIS)
                .setMemberId(member)
                .setProtocolType(type)
                .setProtocols(protocols(dice, type))
                .setReason(dice.mostly(null, "because"));
        if (version >= FIRST_JOIN_WITH_INSTANCES) {
            data.setGroupInstanceId(instance);
        }
        return Step.of(ApiKeys.JOIN_GROUP, version, data);
    }

    private static JoinGroupRequestProtocolCollection protocols(Dice dice, String type) {
        JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
        for (String name : dice.mostly(List.of("range"), List.of("range", "sticky"), List.of("sticky", "range"))) {
            ByteBuffer said = ConsumerProtocol.serializeSubscription(new Subscription(List.of("ready-few")));
            protocols.add(new JoinGroupRequestProtocol()
                    .setName(name)
                    .setMetadata(type.equals("consumer") ? bytes(said) : new byte[] {1, 2, 3}));
        }
        return protocols;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static Step sync(Dice dice, String group, String type, String member, int generation) {
        short version = dice.version(ApiKeys.SYNC_GROUP);
        SyncGroupRequestData data = new SyncGroupRequestData()
                .setGroupId(dice.mostly(group, "", dice.own("none")))
                .setGenerationId(generation)
                .setMemberId(member);
        if (version >= FIRST_SYNC_WITH_PROTOCOL) {
            data.setProtocolType(dice.mostly(type, null, "mismatch")).setProtocolName(dice.mostly("range", null, "x"));
        }
        ByteBuffer assigned =
                ConsumerProtocol.serializeAssignment(new Assignment(List.of(new TopicPartition("ready-few", 0))));
        if (dice.chance(0.9)) {
            data.setAssignments(List.of(new SyncGroupRequestAssignment()
                    .setMemberId(dice.mostly(member, "nobody"))
                    .setAssignment(bytes(assigned))));
        }
        return Step.of(ApiKeys.SYNC_GROUP, version, data);
    }

    static Step describe(Dice dice, String group) {
        short version = dice.version(ApiKeys.DESCRIBE_GROUPS);
        DescribeGroupsRequestData data = new DescribeGroupsRequestData()
                .setGroups(dice.mostly(List.of(group), List.of(), List.of("", group, dice.own("none"))));
        return Step.of(
                ApiKeys.DESCRIBE_GROUPS,
                version,
                version >= 3 ? data.setIncludeAuthorizedOperations(dice.chance(0.3)) : data);
    }

    private static List<Step> administration(Dice dice) {
        Life life = new Life(dice);
        for (int i = 0; i < 4 + dice.below(5); i++) {
            switch (dice.below(6)) {
                case 0 -> {
                    if (!life.present) {
                        life.enter();
                        life.sync(life.member(), life.generation);
                    }
                }
                case 1 -> life.steps.add(describe(dice, life.group));
                case 2, 3 -> life.steps.add(list(dice));
                case 4 -> life.steps.add(deletion(dice, life.group));
                default -> life.steps.add(OffsetRequests.commit(dice, life.group, "", -1));
            }
        }
        return life.steps;
    }

    private static Step list(Dice dice) {
        short version = dice.version(ApiKeys.LIST_GROUPS);
        ListGroupsRequestData data = new ListGroupsRequestData();
        if (version >= 4) {
            data.setStatesFilter(dice.mostly(
                    List.of(), List.of("Stable"), List.of("stable", "EMPTY"), List.of("nonsense"), List.of("")));
        }
        if (version >= 5) {
            data.setTypesFilter(
                    dice.mostly(List.of(), List.of("classic"), List.of("Consumer"), List.of("nonsense"), List.of("")));
        }
        return Step.of(ApiKeys.LIST_GROUPS, version, data);
    }

    static Step deletion(Dice dice, String group) {
        return Step.of(
                ApiKeys.DELETE_GROUPS,
                dice.version(ApiKeys.DELETE_GROUPS),
                new DeleteGroupsRequestData()
                        .setGroupsNames(dice.mostly(
                                List.of(group), List.of(), List.of("", dice.own("none")), List.of(group, group))));
    }
}
