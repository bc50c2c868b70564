/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.state;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.meta.client.Kinds;
import io.robustmq.meta.client.MetaMessages;
import io.robustmq.rpc.meta.Answer;
import io.robustmq.rpc.meta.Command;
import io.robustmq.rpc.meta.LogEntry;
import io.robustmq.rpc.meta.WatchedChange;
import io.robustmq.rpc.meta.WatchedEvent;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One group's state machine. {@link #apply} is a function of the state and the entry and of nothing else: no clock, no
 * randomness, no order of a hash map. It never throws for a bad command but answers with an error; only a failing disk of this
 * node escapes, as {@link StateFailure}, because that is not the command's outcome.
 *
 * <p>Confined to the apply thread, but for the reads through {@link #store()} and {@link #changes()}.
 */
public final class MetaState implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetaState.class);
    private static final String BOOKKEEPING = "default";
    private static final byte[] REVISION = {'r'};

    private final String group;
    private final StateStore store;
    private final ChangeLog changes = new ChangeLog();
    private final RequestTable requests = new RequestTable();
    private final TopicIndex topics = new TopicIndex();
    private final ClusterCommands cluster = new ClusterCommands(topics);
    private final DocumentCommands documents;
    private long revision;

    /** Starts empty, whatever the directory held: snapshot and log bring the state back. */
    public MetaState(String group, Path directory) {
        this.group = group;
        this.store = new StateStore(directory);
        this.documents = new DocumentCommands(group);
    }

    public StateStore store() {
        return store;
    }

    public ChangeLog changes() {
        return changes;
    }

    /** The revision of the last change. */
    public long revision() {
        return revision;
    }

    /** The revision as of the view. */
    public static long revision(StateStore.View view) {
        byte[] bytes = view.get(BOOKKEEPING, REVISION);
        return bytes == null ? 0 : ByteBuffer.wrap(bytes).getLong();
    }

    /** Applies one entry of the log and answers; a request id seen before gets its first answer again. */
    public Answer apply(byte[] bytes) {
        LogEntry entry;
        try {
            entry = LogEntry.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            return error(RmqError.INVALID_REQUEST, "not a command: " + e.getMessage());
        }
        ByteString id = entry.getRequestId();
        if (id.size() != RequestTable.ID_BYTES) {
            return error(RmqError.INVALID_REQUEST, "a request id has 16 bytes");
        }
        Answer known = requests.answerOf(id);
        return known != null ? known : applyNew(id, entry.getCommand());
    }

    private Answer applyNew(ByteString id, Command command) {
        Transactional state = new Transactional(store, revision + 1);
        Answer.Builder answer = Answer.newBuilder();
        try {
            dispatch(command, state, answer);
        } catch (RmqException e) {
            state = new Transactional(store, revision + 1);
            answer.setError(MetaMessages.error(e));
        } catch (StateFailure e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error(
                    "Command {} of group {} failed; it is answered as an internal error",
                    command.getKindCase(),
                    group,
                    e);
            state = new Transactional(store, revision + 1);
            answer.setError(MetaMessages.error(RmqError.INTERNAL, e.toString()));
        }
        return commit(id, state, answer);
    }

    private Answer commit(ByteString id, Transactional state, Answer.Builder answer) {
        boolean changed = state.changesDocuments();
        long now = changed ? revision + 1 : revision;
        answer.setRevision(now).setImageChanged(state.changesImage());
        if (answer.getResultCase() == Answer.ResultCase.RESULT_NOT_SET) {
            answer.setNumber(now);
        }
        Answer answered = answer.build();
        try (StateStore.Batch batch = store.new Batch()) {
            state.writeTo(batch);
            batch.put(BOOKKEEPING, REVISION, Transactional.longBytes(now));
            requests.remember(id, answered, batch);
            batch.commit();
        }
        if (changed) {
            revision = now;
            WatchedChange change = state.toChange();
            index(change);
            changes.append(change);
        }
        return answered;
    }

    private void index(WatchedChange change) {
        for (WatchedEvent event : change.getEventsList()) {
            if (!event.getKey().getKind().equals(Kinds.TOPIC)) {
                continue;
            }
            // An altered topic is in the index already, with its bindings.
            topics.remove(event.getKey().getTenant(), event.getKey().getName());
            if (event.hasDocument()) {
                topics.add(TopicIndex.parse(event.getDocument().getValue().toByteArray()));
            }
        }
    }

    private void dispatch(Command command, Transactional state, Answer.Builder answer) {
        if (command.hasTransaction()) {
            documents.apply(command.getTransaction(), state);
            return;
        }
        if (!group.equals(Kinds.METADATA_GROUP)) {
            throw RmqError.INVALID_REQUEST.exception("cluster commands belong to group " + Kinds.METADATA_GROUP);
        }
        switch (command.getKindCase()) {
            case REGISTER_NODE -> answer.setNode(cluster.registerNode(command.getRegisterNode(), state));
            case EXPIRE_NODE -> answer.setFlag(cluster.expireNode(command.getExpireNode(), state));
            case CREATE_TOPIC -> answer.setTopic(cluster.createTopic(command.getCreateTopic(), state));
            case DELETE_TOPIC -> answer.setTopic(cluster.deleteTopic(command.getDeleteTopic(), state));
            case ALTER_TOPIC -> answer.setTopic(cluster.alterTopic(command.getAlterTopic(), state));
            case ADD_PARTITIONS -> answer.setTopic(cluster.addPartitions(command.getAddPartitions(), state));
            case CLAIM_SHARD -> answer.setShard(cluster.claimShard(command.getClaimShard(), state));
            case ALLOCATE_IDS -> answer.setNumber(cluster.allocateIds(command.getAllocateIds(), state));
            default -> throw RmqError.NOT_SUPPORTED.exception("a command that this node does not know");
        }
    }

    /** Writes a snapshot into the directory; answers with the names of its files. */
    public List<String> checkpoint(Path directory) {
        return store.checkpoint(directory);
    }

    /** Replaces everything by the snapshot. */
    public void restore(Path directory, List<String> files) {
        store.restore(directory, files);
        try (StateStore.View view = store.view()) {
            revision = revision(view);
        }
        requests.load(store);
        topics.load(store);
        changes.restart(revision);
    }

    private Answer error(RmqError error, String message) {
        return Answer.newBuilder()
                .setRevision(revision)
                .setError(MetaMessages.error(error, message))
                .build();
    }

    @Override
    public void close() {
        store.close();
    }
}
