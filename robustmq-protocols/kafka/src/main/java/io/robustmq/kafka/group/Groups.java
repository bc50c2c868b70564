/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.group;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.protocol.GroupPort;
import io.robustmq.protocol.Ports;
import io.robustmq.protocol.TenantPort;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The consumer groups of this node. Nothing of Kafka's coordinator is loaded, and no thread runs, before the first request
 * that needs it, or a start that finds groups of an earlier life. Thread-safe.
 */
public final class Groups {
    /** Fixed for life, since the place of a group is its hash modulo this. */
    static final int PARTITIONS = 16;

    static final String TOPIC = "__consumer_offsets";
    private static final String THREAD = "kafka-groups";

    private final Ports ports;
    private final GroupOptions options;
    private final int nodeId;
    private final String tenant;
    private final String topic;
    private final boolean listViews;
    private final GroupReports reports;
    private @Nullable CompletableFuture<GroupHost> host;
    private SystemThreads.@Nullable OwnLoop thread;
    private boolean closed;

    /**
     * @param listViews whether patterns of members match views
     * @param tenant whose groups they are
     */
    public Groups(Ports ports, GroupOptions options, int nodeId, boolean listViews, String tenant) {
        this.tenant = tenant;
        this.topic = TOPIC + TenantPort.suffix(tenant);
        this.ports = ports;
        this.options = options;
        this.nodeId = nodeId;
        this.listViews = listViews;
        this.reports = new GroupReports(ports.log(), tenant);
    }

    /** Loads what there is, so that the first request need not wait for it. */
    public void startIfUsed() {
        if (exists()) {
            host();
        }
    }

    /** Whether there has ever been a group. */
    boolean exists() {
        return ports.coordinatorLogs().exists(topic);
    }

    /** The coordinator, which is started if it is not there yet; fails with UNAVAILABLE, and may be asked again. */
    public synchronized CompletableFuture<GroupHost> host() {
        if (closed) {
            return CompletableFuture.failedFuture(RmqError.CLOSED.exception("the node stops"));
        }
        CompletableFuture<GroupHost> known = host;
        if (known != null && !known.isCompletedExceptionally()) {
            return known;
        }
        SystemThreads.OwnLoop loop = thread;
        if (loop == null) {
            loop = SystemThreads.loop(THREAD);
            thread = loop;
        }
        CompletableFuture<GroupHost> starting = new CompletableFuture<>();
        host = starting;
        start(loop, starting);
        return starting;
    }

    /** Null until it has been started. */
    public synchronized @Nullable GroupHost running() {
        CompletableFuture<GroupHost> known = host;
        return known == null || !known.isDone() || known.isCompletedExceptionally() ? null : known.join();
    }

    /** See {@link GroupPort#onReport}. */
    public Cancellable onReport(Consumer<GroupPort.Report> listener) {
        return reports.onReport(listener);
    }

    private void start(SystemThreads.OwnLoop own, CompletableFuture<GroupHost> starting) {
        // Kafka's classes are loaded there, which takes longer than a loop with connections may be held.
        own.loop()
                .execute(() -> ports.coordinatorLogs()
                        .open(topic, PARTITIONS)
                        .whenComplete((logs, failure) -> own.loop().execute(() -> {
                            if (failure != null) {
                                starting.completeExceptionally(failure);
                                return;
                            }
                            try {
                                GroupHost made = new GroupHost(ports, options, nodeId, logs, own.loop(), tenant);
                                made.start();
                                if (listViews) {
                                    made.followViews();
                                }
                                reports.follow(made, own.loop());
                                starting.complete(made);
                            } catch (RuntimeException | LinkageError e) {
                                starting.completeExceptionally(e);
                            }
                        })));
    }

    /** Ends the coordinator and its threads; members find their group again on a node that runs. */
    public CompletionStage<Void> close() {
        SystemThreads.OwnLoop own;
        CompletableFuture<GroupHost> known;
        synchronized (this) {
            if (closed) {
                return CompletableFuture.completedStage(null);
            }
            closed = true;
            own = thread;
            known = host;
        }
        if (own == null || known == null) {
            return CompletableFuture.completedStage(null);
        }
        return known.handle((running, failure) -> running)
                .thenAcceptAsync(
                        running -> {
                            if (running != null) {
                                running.close();
                            }
                        },
                        own.loop()::execute)
                .whenComplete((done, failure) -> own.end());
    }
}
