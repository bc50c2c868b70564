/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.kafka.error.KafkaErrors;
import io.robustmq.kafka.group.TopicAuthorizer;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.protocol.AccessPort;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.AccessRule.Resource;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.LogPartition;
import io.robustmq.protocol.LogTopic;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** How requests name topics and partitions, and who may use them. Immutable. */
final class Topics {
    private static final int NO_EPOCH = -1;

    private final KafkaServices services;

    Topics(KafkaServices services) {
        this.services = services;
    }

    /** By id when there is one, otherwise by name. */
    @Nullable
    LogTopic find(ClientIdentity client, @Nullable String name, Uuid id) {
        LogTopic found = Uuid.ZERO_UUID.equals(id)
                ? name == null ? null : services.ports().log().topic(client.tenant(), name)
                : services.ports()
                        .log()
                        .topic(client.tenant(), new TopicId(id.getMostSignificantBits(), id.getLeastSignificantBits()));
        return found != null && found.isVisibleTo(client.protocol()) ? found : null;
    }

    /** All that Kafka's clients may see, by name; no views. */
    List<LogTopic> all(ClientIdentity client) {
        return services.ports().log().topics(client.tenant()).stream()
                .filter(topic -> topic.isVisibleTo(client.protocol()) && maySee(client, topic))
                .toList();
    }

    /** What is wrong when {@link #find} finds nothing. */
    static Errors unknown(Uuid id) {
        return Uuid.ZERO_UUID.equals(id) ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.UNKNOWN_TOPIC_ID;
    }

    /** The same for a request that only has a name. */
    static Errors unknown(String name) {
        return Topic.isValid(name) ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.INVALID_TOPIC_EXCEPTION;
    }

    static Uuid id(LogTopic topic) {
        return new Uuid(topic.id().mostSignificantBits(), topic.id().leastSignificantBits());
    }

    boolean mayWrite(ClientIdentity client, String name) {
        return access().mayPublish(client, Subjects.canonical(name));
    }

    /** What is brought by the topic's name gets the first subject that it binds. */
    boolean mayWrite(ClientIdentity client, LogTopic topic) {
        return mayWrite(
                client,
                topic.bindings().isEmpty() ? topic.name() : topic.bindings().get(0));
    }

    /** Whether the client may do to the topic what changes more than its records. */
    boolean may(ClientIdentity client, Action action, String name) {
        return access().may(client, action, Resource.SUBJECT, name);
    }

    /** Allowed for the topic, or for the cluster as a whole. */
    boolean mayCreate(ClientIdentity client, String name) {
        return may(client, Action.CREATE, name)
                || access().acls() != null && access().may(client, Action.CREATE, Resource.CLUSTER, KafkaAcls.CLUSTER);
    }

    /** A topic of many subjects is read by whoever may read all of them. */
    boolean mayRead(ClientIdentity client, LogTopic topic) {
        return TopicAuthorizer.mayRead(access(), client, topic);
    }

    /** Whether somebody may know if there is a topic of that name. */
    boolean maySee(ClientIdentity client, String name) {
        String subject = Subjects.canonical(name);
        return access().allowsAll() || access().maySubscribe(client, subject) || access().mayPublish(client, subject);
    }

    boolean maySee(ClientIdentity client, LogTopic topic) {
        return mayRead(client, topic) || mayWrite(client, topic);
    }

    /** What a client may do with a topic, in Kafka's bits. */
    int operations(ClientIdentity client, LogTopic topic) {
        int operations = (mayRead(client, topic) ? Operations.OF_READERS : 0)
                | (mayWrite(client, topic) ? Operations.OF_WRITERS : 0);
        for (Action each : Operations.CHANGES) {
            operations |= may(client, each, topic.name()) ? Operations.bit(each) : 0;
        }
        return operations;
    }

    private AccessPort access() {
        return services.ports().access();
    }

    /**
     * Why a request cannot have the partition; null when it can.
     *
     * @param epoch of the leader that the client knows, -1 when it does not say
     */
    static @Nullable Errors problem(LogTopic topic, int index, int epoch) {
        if (index < 0 || index >= topic.partitions()) {
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        LogPartition partition = topic.partition(index);
        RmqException problem = partition.problem();
        if (problem != null) {
            Errors error = KafkaErrors.of(problem);
            return error == Errors.KAFKA_STORAGE_ERROR ? error : Errors.NOT_LEADER_OR_FOLLOWER;
        }
        if (epoch == NO_EPOCH || epoch == partition.epoch()) {
            return null;
        }
        return epoch < partition.epoch() ? Errors.FENCED_LEADER_EPOCH : Errors.UNKNOWN_LEADER_EPOCH;
    }
}
