/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import com.google.protobuf.ByteString;
import io.robustmq.kernel.RmqError;
import io.robustmq.meta.state.MetaState;
import io.robustmq.rpc.meta.Answer;
import io.robustmq.rpc.meta.Command;
import io.robustmq.rpc.meta.LogEntry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What jraft hands over, and how it must be left. */
class GroupStateMachineTest {
    @TempDir
    Path directory;

    private MetaState state;
    private GroupStateMachine machine;

    @BeforeEach
    void open() {
        state = new MetaState("metadata", directory.resolve("state"));
        machine = new GroupStateMachine("metadata", state, new GroupStateMachine.LeadershipListener() {
            @Override
            public void leading(long term) {}

            @Override
            public void following() {}
        });
    }

    @AfterEach
    void close() {
        state.close();
    }

    private static ByteBuffer entry(int request, int count) {
        Command.Builder command = Command.newBuilder();
        command.getAllocateIdsBuilder().setSequence("s").setCount(count);
        return ByteBuffer.wrap(LogEntry.newBuilder()
                .setRequestId(ByteString.copyFrom(
                        ByteBuffer.allocate(16).putInt(request).rewind()))
                .setCommand(command)
                .build()
                .toByteArray());
    }

    @Test
    void theLogsOwnBuffersAreLeftAsTheyWere() {
        ByteBuffer first = entry(1, 5);
        ByteBuffer second = entry(2, 0);
        int length = first.remaining();
        Proposal proposal = new Proposal();

        machine.onApply(new Entries(List.of(first, second), proposal));

        assertThat(first.remaining()).as("a replicator may send it again").isEqualTo(length);
        assertThat(machine.applied()).isEqualTo(2);
        assertThat(machine.errorAnswers()).isEqualTo(1);
        Answer answer = proposal.future().join();
        assertThat(answer.getNumber()).isEqualTo(1);
    }

    @Test
    void aFailingDiskStopsTheGroupWithoutAnAnswer() {
        state.close();
        Proposal proposal = new Proposal();
        Entries entries = new Entries(List.of(entry(1, 5)), proposal);
        machine.onApply(entries);
        assertThat(entries.rolledBack).isTrue();
        assertThat(machine.failure()).isNotNull();
        assertThat(proposal.future()).isNotDone();
    }

    @Test
    void whatRaftSaysBecomesOurError() {
        assertThat(Proposal.exception(new Status(com.alipay.sofa.jraft.error.RaftError.EBUSY, "full"))
                        .error())
                .isEqualTo(RmqError.OVERLOADED);
        assertThat(Proposal.exception(new Status(com.alipay.sofa.jraft.error.RaftError.EPERM, "follower"))
                        .error())
                .isEqualTo(RmqError.NO_LEADER);
    }

    /** Committed entries; the first has a proposal here. Confined to the test. */
    private static final class Entries implements Iterator {
        private final List<ByteBuffer> entries;
        private final Proposal firstDone;
        private int at;
        private boolean rolledBack;

        Entries(List<ByteBuffer> entries, Proposal firstDone) {
            this.entries = entries;
            this.firstDone = firstDone;
        }

        @Override
        public boolean hasNext() {
            return at < entries.size();
        }

        @Override
        public ByteBuffer next() {
            return entries.get(at++);
        }

        @Override
        public ByteBuffer getData() {
            return entries.get(at);
        }

        @Override
        public long getIndex() {
            return at + 1L;
        }

        @Override
        public long getTerm() {
            return 1;
        }

        @Override
        public @Nullable Closure done() {
            return at == 0 ? firstDone : null;
        }

        @Override
        public void setAutoCommitPerLog(boolean status) {}

        @Override
        public boolean commit() {
            return true;
        }

        @Override
        public void commitAndSnapshotSync(Closure done) {}

        @Override
        public void setErrorAndRollback(long count, Status status) {
            rolledBack = true;
        }
    }
}
