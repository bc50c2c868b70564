/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.LeaderChangeContext;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import io.robustmq.kernel.event.SlowApply;
import io.robustmq.meta.state.MetaState;
import io.robustmq.rpc.meta.Answer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Feeds committed entries to the state. Confined to the group's apply thread, but for the getters of its counters. */
final class GroupStateMachine extends StateMachineAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(GroupStateMachine.class);

    private final String group;
    private final MetaState state;
    private final LeadershipListener leadership;
    private volatile long term;
    private volatile long applied;
    private volatile long errorAnswers;
    private volatile @Nullable Throwable failure;

    GroupStateMachine(String group, MetaState state, LeadershipListener leadership) {
        this.group = group;
        this.state = state;
        this.leadership = leadership;
    }

    /** Told on the apply thread when this member begins and ends to lead. */
    interface LeadershipListener {
        void leading(long term);

        void following();
    }

    @Override
    public void onApply(Iterator entries) {
        SlowApply event = SlowApply.started();
        int count = 0;
        while (entries.hasNext()) {
            Answer answer;
            try {
                answer = state.apply(bytes(entries.getData()));
            } catch (RuntimeException e) {
                failed(e);
                entries.setErrorAndRollback(1, new Status(RaftError.ESTATEMACHINE, "state of %s failed: %s", group, e));
                return;
            }
            count(answer);
            if (entries.done() instanceof Proposal proposal) {
                proposal.decided(answer);
            }
            entries.next();
            count++;
        }
        event.commit(group, count);
    }

    // Only the apply thread writes these counters.
    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    private void count(Answer answer) {
        applied++;
        if (answer.hasError()) {
            errorAnswers++;
        }
    }

    private static byte[] bytes(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        // The buffer is the log's own: a replicator may still send it to a slow member, so its position stays.
        data.duplicate().get(bytes);
        return bytes;
    }

    @Override
    public void onSnapshotSave(SnapshotWriter writer, Closure done) {
        try {
            for (String file : state.checkpoint(Path.of(writer.getPath()))) {
                if (!writer.addFile(file)) {
                    throw new IllegalStateException("snapshot file " + file + " is not accepted");
                }
            }
            done.run(Status.OK());
        } catch (RuntimeException e) {
            LOG.warn("Group {} could not write a snapshot", group, e);
            done.run(new Status(RaftError.EIO, "no snapshot of %s: %s", group, e));
        }
    }

    @Override
    public boolean onSnapshotLoad(SnapshotReader reader) {
        try {
            List<String> files = new ArrayList<>(new TreeSet<>(reader.listFiles()));
            state.restore(Path.of(reader.getPath()), files);
            LOG.info("Group {} installed a snapshot of revision {}", group, state.revision());
            return true;
        } catch (RuntimeException e) {
            failed(e);
            return false;
        }
    }

    @Override
    public void onLeaderStart(long term) {
        super.onLeaderStart(term);
        this.term = term;
        leadership.leading(term);
    }

    @Override
    public void onLeaderStop(Status status) {
        super.onLeaderStop(status);
        leadership.following();
    }

    @Override
    public void onStartFollowing(LeaderChangeContext leader) {
        term = leader.getTerm();
    }

    @Override
    public void onError(RaftException e) {
        failed(e);
    }

    private void failed(Throwable thrown) {
        failure = thrown;
        LOG.error("Group {} of the meta service has stopped on this node", group, thrown);
    }

    /** The last term whose leader this member has known. */
    long term() {
        return term;
    }

    long applied() {
        return applied;
    }

    long errorAnswers() {
        return errorAnswers;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }
}
