/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.protocol.AccessPort;
import io.robustmq.protocol.AccessRule.Action;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;

/** What a client may do, in the bits in which Kafka tells it (KIP-430). Stateless. */
final class Operations {
    /** Of a topic that the client may read. */
    static final int OF_READERS = bits(AclOperation.READ, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS);

    /** Of a topic that the client may write. */
    static final int OF_WRITERS = bits(AclOperation.WRITE, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS);

    /** What is allowed one by one. */
    static final List<Action> CHANGES = List.of(Action.CREATE, Action.DELETE, Action.ALTER, Action.ALTER_CONFIGS);

    /** Of a group that the client may use; rules do not tell these apart. */
    static final int OF_GROUPS = bits(
            AclOperation.READ,
            AclOperation.DESCRIBE,
            AclOperation.DELETE,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS);

    /** Of the cluster, for everyone. */
    private static final int OF_CLUSTER = bits(
            AclOperation.CREATE, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS, AclOperation.IDEMPOTENT_WRITE);

    /** Of the cluster, where there are no rules. */
    private static final int OF_OPEN_CLUSTER =
            OF_CLUSTER | bits(AclOperation.CLUSTER_ACTION, AclOperation.ALTER, AclOperation.ALTER_CONFIGS);

    private Operations() {}

    static int ofCluster(AccessPort access) {
        return access.allowsAll() ? OF_OPEN_CLUSTER : OF_CLUSTER;
    }

    static int bit(Action change) {
        return bits(AclOperation.valueOf(change.name()));
    }

    private static int bits(AclOperation... operations) {
        int bits = 0;
        for (AclOperation each : operations) {
            bits |= 1 << each.code();
        }
        return bits;
    }
}
