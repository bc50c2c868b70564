/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.rpc.meta.Answer;
import io.robustmq.rpc.meta.Change;
import io.robustmq.rpc.meta.CheckKind;
import io.robustmq.rpc.meta.Command;
import io.robustmq.rpc.meta.Delete;
import io.robustmq.rpc.meta.Document;
import io.robustmq.rpc.meta.DocumentKey;
import io.robustmq.rpc.meta.Entry;
import io.robustmq.rpc.meta.Error;
import io.robustmq.rpc.meta.NodeState;
import io.robustmq.rpc.meta.Put;
import io.robustmq.rpc.meta.ShardState;
import io.robustmq.rpc.meta.TopicState;
import io.robustmq.rpc.meta.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Between the records of this package and the messages on the wire and in the log. Stateless. */
public final class MetaMessages {
    private MetaMessages() {}

    public static Error error(RmqError error, String message) {
        return Error.newBuilder().setCode(error.code()).setMessage(message).build();
    }

    public static Error error(RmqException e) {
        return error(e.error(), String.valueOf(e.getMessage()));
    }

    public static RmqException exception(Error error) {
        return RmqError.ofCode(error.getCode()).exception(error.getMessage());
    }

    static Command command(MetaCommand<?> command) {
        Command.Builder message = Command.newBuilder();
        if (command instanceof MetaCommand.RegisterNode register) {
            message.setRegisterNode(node(register.node()));
        } else if (command instanceof MetaCommand.ExpireNode expire) {
            message.getExpireNodeBuilder().setNode(expire.node().value()).setIncarnation(expire.incarnation());
        } else if (command instanceof MetaCommand.CreateTopic create) {
            message.setCreateTopic(topic(create));
        } else if (command instanceof MetaCommand.DeleteTopic delete) {
            message.getDeleteTopicBuilder()
                    .setTenant(delete.tenant())
                    .setName(delete.name())
                    .setIdMost(delete.id().mostSignificantBits())
                    .setIdLeast(delete.id().leastSignificantBits());
        } else if (command instanceof MetaCommand.AlterTopic alter) {
            message.getAlterTopicBuilder()
                    .setTenant(alter.tenant())
                    .setName(alter.name())
                    .setIdMost(alter.id().mostSignificantBits())
                    .setIdLeast(alter.id().leastSignificantBits())
                    .addAllConfig(entries(alter.config().values()))
                    .setExpectedRevision(alter.expectedRevision());
        } else if (command instanceof MetaCommand.AddPartitions add) {
            message.getAddPartitionsBuilder()
                    .setTenant(add.tenant())
                    .setName(add.name())
                    .setIdMost(add.id().mostSignificantBits())
                    .setIdLeast(add.id().leastSignificantBits())
                    .setPartitions(add.partitions());
        } else if (command instanceof MetaCommand.ClaimShard claim) {
            message.getClaimShardBuilder()
                    .setTopicMost(claim.shard().topic().mostSignificantBits())
                    .setTopicLeast(claim.shard().topic().leastSignificantBits())
                    .setPartition(claim.shard().partition())
                    .setNode(claim.node().value())
                    .setIncarnation(claim.incarnation())
                    .setExpectedEpoch(claim.expectedEpoch());
        } else if (command instanceof MetaCommand.AllocateIds allocate) {
            message.getAllocateIdsBuilder().setSequence(allocate.sequence()).setCount(allocate.count());
        }
        return message.build();
    }

    /** The answer in the type that the command promises. */
    @SuppressWarnings("unchecked")
    static <R> R result(MetaCommand<R> command, Answer answer) {
        Object result;
        if (command instanceof MetaCommand.RegisterNode) {
            result = node(answer.getNode());
        } else if (command instanceof MetaCommand.ExpireNode) {
            result = answer.getFlag();
        } else if (command instanceof MetaCommand.ClaimShard) {
            result = shard(answer.getShard());
        } else if (command instanceof MetaCommand.AllocateIds) {
            result = answer.getNumber();
        } else {
            result = topic(answer.getTopic(), answer.getRevision());
        }
        return (R) result;
    }

    static Command transaction(List<Documents.Change> changes) {
        Transaction.Builder transaction = Transaction.newBuilder();
        for (Documents.Change change : changes) {
            Change.Builder message = transaction.addChangesBuilder();
            if (change instanceof Documents.Change.Put put) {
                message.setPut(Put.newBuilder()
                        .setKey(key(put.key()))
                        .setValue(com.google.protobuf.ByteString.copyFrom(put.value()))
                        .setExpectedRevision(put.expectedRevision()));
            } else if (change instanceof Documents.Change.Delete delete) {
                message.setDelete(
                        Delete.newBuilder().setKey(key(delete.key())).setExpectedRevision(delete.expectedRevision()));
            } else if (change instanceof Documents.Change.CheckKind check) {
                message.setCheckKind(CheckKind.newBuilder()
                        .setKind(check.kind())
                        .setTenant(check.tenant())
                        .setUnchangedSinceRevision(check.unchangedSinceRevision()));
            }
        }
        return Command.newBuilder().setTransaction(transaction).build();
    }

    static String kindOf(Documents.Change change) {
        if (change instanceof Documents.Change.Put put) {
            return put.key().kind();
        }
        return change instanceof Documents.Change.Delete delete
                ? delete.key().kind()
                : ((Documents.Change.CheckKind) change).kind();
    }

    static DocumentKey key(Documents.Key key) {
        return DocumentKey.newBuilder()
                .setKind(key.kind())
                .setTenant(key.tenant())
                .setName(key.name())
                .build();
    }

    static Documents.Key key(DocumentKey key) {
        return new Documents.Key(key.getKind(), key.getTenant(), key.getName());
    }

    static Documents.Document document(Document document) {
        return new Documents.Document(
                key(document.getKey()), document.getValue().toByteArray(), document.getRevision());
    }

    public static NodeState node(NodeInfo node) {
        return NodeState.newBuilder()
                .setId(node.id().value())
                .setIncarnation(node.incarnation())
                .addAllRoles(new TreeSet<>(node.roles()))
                .setRpcAddress(node.rpcAddress())
                .addAllListeners(entries(node.listeners()))
                .setAlive(node.alive())
                .build();
    }

    public static NodeInfo node(NodeState node) {
        return new NodeInfo(
                new NodeId(node.getId()),
                node.getIncarnation(),
                new TreeSet<>(node.getRolesList()),
                node.getRpcAddress(),
                map(node.getListenersList()),
                node.getAlive());
    }

    static TopicState topic(MetaCommand.CreateTopic create) {
        return TopicState.newBuilder()
                .setTenant(create.tenant())
                .setName(create.name())
                .setIdMost(create.id().mostSignificantBits())
                .setIdLeast(create.id().leastSignificantBits())
                .setPartitions(create.partitions())
                .addAllBindings(create.bindings())
                .setEngine(create.engine())
                .setInternal(create.internal())
                .addAllConfig(entries(create.config().values()))
                .setCreatedMillis(create.createdMillis())
                .build();
    }

    public static TopicInfo topic(TopicState topic, long revision) {
        return new TopicInfo(
                topic.getTenant(),
                topic.getName(),
                new TopicId(topic.getIdMost(), topic.getIdLeast()),
                topic.getPartitions(),
                topic.getBindingsList(),
                topic.getEngine(),
                topic.getInternal(),
                new TopicConfig(map(topic.getConfigList())),
                topic.getCreatedMillis(),
                revision);
    }

    public static ShardInfo shard(ShardState shard) {
        return new ShardInfo(
                new ShardId(new TopicId(shard.getTopicMost(), shard.getTopicLeast()), shard.getPartition()),
                shard.getOwner() == 0 ? null : new NodeId(shard.getOwner()),
                shard.getEpoch());
    }

    /** Sorted, so that equal maps have equal bytes. */
    private static List<Entry> entries(Map<String, String> map) {
        return new TreeMap<>(map)
                .entrySet().stream()
                        .map(e -> Entry.newBuilder()
                                .setName(e.getKey())
                                .setValue(e.getValue())
                                .build())
                        .toList();
    }

    private static Map<String, String> map(List<Entry> entries) {
        Map<String, String> map = new HashMap<>();
        entries.forEach(e -> map.put(e.getName(), e.getValue()));
        return map;
    }
}
