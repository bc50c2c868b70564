/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.RaftServiceFactory;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.impl.RocksDBLogStorage;
import com.alipay.sofa.jraft.util.StorageOptionsFactory;
import io.robustmq.meta.state.MetaState;
import io.robustmq.meta.state.StateMemory;
import io.robustmq.rpc.InnerSecurity;
import io.robustmq.rpc.meta.Answer;
import io.robustmq.rpc.meta.GroupStatus;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;

/** This node's member of one raft group. Thread-safe. */
public final class RaftGroup {
    /** Followers wait this long for their leader before they elect another. */
    private static final int ELECTION_TIMEOUT_MILLIS = 1000;

    /** Bounds what a start replays; nothing is written when nothing changed. */
    private static final int SNAPSHOT_INTERVAL_SECONDS = 600;

    private static final int RING_SIZE = 1024;
    private static final int CALLBACK_THREADS_MAX = 6;

    static {
        OldGeneratedCode.silence();
        // The log is read from its newest end, which is in memory anyway: no block cache of its own, 32 MiB by default.
        StorageOptionsFactory.registerRocksDBOptions(RocksDBLogStorage.class, StateMemory.databaseOptions());
        StorageOptionsFactory.registerRocksDBColumnFamilyOptions(RocksDBLogStorage.class, StateMemory.familyOptions());
        StorageOptionsFactory.registerRocksDBTableFormatConfig(
                RocksDBLogStorage.class, new BlockBasedTableConfig().setNoBlockCache(true));
    }

    private final String name;
    private final Membership membership;
    private final MetaState state;
    private final GroupStateMachine machine;
    private final NodeOptions options;
    private final AtomicLong proposals = new AtomicLong();
    private volatile @Nullable Node node;

    /**
     * The members of the groups. Immutable.
     *
     * @param addresses where each member's inner port is reached, by node id; raft itself knows only the ids
     */
    public record Membership(String cluster, int self, Map<Integer, String> addresses) {
        public Membership {
            addresses = Map.copyOf(addresses);
        }

        /** What raft hands to the transport; told anew when an address changes. */
        public void publish() {
            addresses.forEach((id, address) -> RaftAddresses.put(cluster, id, address));
        }

        /** Whether this member runs in this process already: jraft keeps one registry for all. */
        public boolean runsHere(String group) {
            return NodeManager.getInstance().get(group, peer(self)) != null;
        }

        PeerId peer(int id) {
            return RaftAddresses.peer(cluster, id);
        }

        @Nullable
        String address(@Nullable PeerId peer) {
            return peer == null || peer.isEmpty() ? null : addresses.get(peer.getPort());
        }
    }

    /** What the group tells its owner, on its apply thread. */
    public interface Listener {
        void leading(long term);

        void following();
    }

    /** @param security what this member proves to the others, and they to it */
    public RaftGroup(String name, Membership membership, InnerSecurity security, Path directory, Listener listener) {
        this.name = name;
        this.membership = membership;
        this.state = new MetaState(name, directory.resolve("state"));
        this.machine = new GroupStateMachine(name, state, new GroupStateMachine.LeadershipListener() {
            @Override
            public void leading(long term) {
                listener.leading(term);
            }

            @Override
            public void following() {
                listener.following();
            }
        });
        this.options = options(directory, security);
    }

    private NodeOptions options(Path directory, InnerSecurity security) {
        RaftOptions raft = new RaftOptions();
        raft.setSync(true);
        // Without it a vote is not forced to the disk, and a node that crashes may vote twice in a term.
        raft.setSyncMeta(true);
        raft.setEnableLogEntryChecksum(true);
        raft.setOpenStatistics(false);
        raft.setDisruptorBufferSize(RING_SIZE);
        NodeOptions options = new InnerNodeOptions(security);
        options.setRaftOptions(raft);
        options.setFsm(machine);
        options.setLogUri(directory.resolve("log").toString());
        options.setRaftMetaUri(directory.resolve("vote").toString());
        options.setSnapshotUri(directory.resolve("snapshot").toString());
        options.setElectionTimeoutMs(ELECTION_TIMEOUT_MILLIS);
        options.setSnapshotIntervalSecs(SNAPSHOT_INTERVAL_SECONDS);
        options.setInitialConf(new Configuration(new ArrayList<>(membership.addresses().keySet().stream()
                .sorted()
                .map(membership::peer)
                .toList())));
        options.setDisableCli(true);
        options.setRpcProcessorThreadPoolSize(CALLBACK_THREADS_MAX);
        // One set of timer threads for the three groups.
        options.setSharedTimerPool(true);
        options.setSharedElectionTimer(true);
        options.setSharedVoteTimer(true);
        options.setSharedStepDownTimer(true);
        options.setSharedSnapshotTimer(true);
        return options;
    }

    /** Opens log and snapshot and joins the group; a group of one leads at once. Fails when the disk does. */
    public void start() {
        PeerId self = membership.peer(membership.self());
        NodeManager.getInstance().addAddress(self.getEndpoint());
        node = RaftServiceFactory.createAndInitRaftNode(name, self, options);
    }

    public String name() {
        return name;
    }

    public MetaState state() {
        return state;
    }

    private Node node() {
        Node started = node;
        if (started == null) {
            throw new IllegalStateException("group " + name + " is not started");
        }
        return started;
    }

    public boolean started() {
        return node != null;
    }

    public boolean leading() {
        return node().isLeader(false);
    }

    /** {@code host:port} of the leader as far as this member knows. */
    public @Nullable String leaderAddress() {
        return membership.address(node().getLeaderId());
    }

    /** Proposes an entry; completes when it is applied here. Fails with NO_LEADER when this member does not lead. */
    public CompletionStage<Answer> propose(byte[] entry) {
        proposals.incrementAndGet();
        Proposal proposal = new Proposal();
        node().apply(new Task(ByteBuffer.wrap(entry), proposal));
        return proposal.future();
    }

    /** Completes when this member's state shows everything that was committed before the call. */
    public CompletionStage<Void> readBarrier() {
        CompletableFuture<Void> future = new CompletableFuture<>();
        // No timer per read: every caller has its own deadline.
        node().readIndex(new byte[0], new ReadIndexClosure(-1) {
            @Override
            public void run(Status status, long index, byte[] context) {
                if (status.isOk()) {
                    future.complete(null);
                } else {
                    future.completeExceptionally(Proposal.exception(status));
                }
            }
        });
        return future;
    }

    /** Writes a snapshot now and lets the log go; completes when it is done. */
    public CompletionStage<Void> snapshot() {
        CompletableFuture<Void> future = new CompletableFuture<>();
        node().snapshot(status -> {
            if (status.isOk()) {
                future.complete(null);
            } else {
                future.completeExceptionally(Proposal.exception(status));
            }
        });
        return future;
    }

    /** Asks another member to lead; returns at once. */
    public void handOver() {
        if (leading() && membership.addresses().size() > 1) {
            node().transferLeadershipTo(PeerId.ANY_PEER);
        }
    }

    public GroupStatus status() {
        Node started = node();
        GroupStatus.Builder status = GroupStatus.newBuilder()
                .setName(name)
                .setTerm(machine.term())
                .setCommittedIndex(started.getLastCommittedIndex())
                .setAppliedIndex(started.getLastAppliedLogIndex());
        String leader = leaderAddress();
        if (leader != null) {
            status.setLeader(leader);
        }
        membership.addresses().keySet().stream()
                .sorted()
                .forEach(id -> status.addPeers(membership.addresses().get(id)));
        return status.build();
    }

    /** Entries applied since the start, replayed ones included. */
    public long applied() {
        return machine.applied();
    }

    /** Proposals made through this member. */
    public long proposals() {
        return proposals.get();
    }

    /** Commands that were answered with an error. */
    public long errorAnswers() {
        return machine.errorAnswers();
    }

    /** Why the group has stopped on this node; null while it works. */
    public @Nullable Throwable failure() {
        return machine.failure();
    }

    public void stop() {
        Node running = node;
        if (running != null) {
            running.shutdown();
            try {
                running.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        state.close();
    }
}
