/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.robustmq.broker.delay.DelayedMessages;
import io.robustmq.broker.retained.RetainedMessages;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.MemoryBudget;
import io.robustmq.kernel.record.RecordBatchBuilder;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.protocol.ClientAccess;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.PublishPort;
import io.robustmq.protocol.PublishedSubject;
import io.robustmq.protocol.Turn;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One loop's part of the broker: its routes, its stages, its dispatcher. Confined to the loop. */
final class LoopBroker {
    /** As many as shards that one turn touches; what is more is left to the collector. */
    private static final int SPARES_MAX = 32;

    private final Broker broker;
    private final Loop loop;
    private final Turn turn;
    private final Dispatcher dispatcher;
    private final Map<RouteTable.Scope, RouteTable> tables = new HashMap<>();
    private final Map<StageKey, RunStage> stages = new HashMap<>();
    private final ArrayDeque<RecordBatchBuilder> builders = new ArrayDeque<>();
    private final ArrayDeque<StagedRun> runs = new ArrayDeque<>();

    private record StageKey(
            RouteTable.Scope scope, @Nullable ShardHandle shard) {}

    LoopBroker(Broker broker, Loop loop, Turn turn, int loops) {
        this.broker = broker;
        this.loop = loop;
        this.turn = turn;
        this.dispatcher = new Dispatcher(this, loops);
    }

    Loop loop() {
        return loop;
    }

    Turn turn() {
        return turn;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    /** The dispatcher of the loop that the caller runs on. */
    Dispatcher dispatcherHere() {
        if (loop.inLoop()) {
            return dispatcher;
        }
        Loop current = broker.loops().current();
        if (current == null) {
            throw new IllegalStateException("a commit was reported outside the loops");
        }
        return broker.loop(current.index()).dispatcher();
    }

    LoopBroker peer(int index) {
        return broker.loop(index);
    }

    ClientAccess access(ClientIdentity client) {
        return broker.access(client);
    }

    Clock clock() {
        return broker.clock();
    }

    Counters counters() {
        return broker.counters();
    }

    MemoryBudget budget() {
        return broker.budget();
    }

    ByteBufAllocator allocator() {
        return broker.allocator();
    }

    RetainedMessages retained() {
        return broker.retained();
    }

    DelayedMessages delayed() {
        return broker.delayed();
    }

    /** The loop that the caller runs on. */
    Loop loopHere() {
        return dispatcherHere().loop();
    }

    RouteTable table(RouteTable.Scope scope) {
        return tables.computeIfAbsent(
                scope, s -> new RouteTable(this, s, broker.config().routesPerLoopMax()));
    }

    boolean isCurrent(Route route) {
        return route.interestVersion == broker.interest().version()
                && route.directoryVersion == broker.directory().version();
    }

    /** The route of the subject as of now. */
    Route recompute(Route stale) {
        return table(stale.live.scope()).refresh(stale);
    }

    /** Computes a route; the versions are read first, so that a change meanwhile makes it stale, never wrong. */
    Route compute(RouteTable.Scope scope, PublishedSubject subject) {
        long interestVersion = broker.interest().version();
        Directory directory = broker.directory();
        broker.counters().routesComputed.increment();
        ServedTopic bound = directory.bound(scope.tenant(), subject.canonical());
        ServedTopic topic =
                bound != null || Subjects.isPrivate(subject.text()) ? bound : broker.catchAll(directory, scope);
        boolean wildcard = topic != null && topic.wildcard();
        ShardHandle shard = topic == null ? null : shardOf(topic, subject);
        boolean captureAlways = bound != null;
        return new Route(
                subject,
                shard == null ? null : stage(scope, shard),
                stage(scope, null),
                captureAlways || broker.config().capture(scope.protocol()).captures(0),
                captureAlways || broker.config().capture(scope.protocol()).captures(1),
                wildcard,
                topic == null ? null : BrokerHeaders.mark(subject, topic.info().bindings(), wildcard),
                stages(scope, subject, topic),
                broker.interest()
                        .targets(
                                scope.tenant(),
                                subject.spelling(),
                                subject.text(),
                                protocol -> topic == null || topic.isVisibleTo(protocol)),
                interestVersion,
                directory.version());
    }

    private PublishStage[] stages(RouteTable.Scope scope, PublishedSubject subject, @Nullable ServedTopic topic) {
        if (!Subjects.isLegalSubject(scope.spelling(), subject.text())) {
            return PublishStages.ILLEGAL_SUBJECT;
        }
        if (Subjects.isSystem(subject.text())) {
            return scope.protocol().equals(PublishPort.SYSTEM) ? PublishStages.NONE : PublishStages.RESERVED;
        }
        return topic == null || topic.isVisibleTo(scope.protocol()) ? broker.stages(topic) : PublishStages.INVISIBLE;
    }

    private static ShardHandle shardOf(ServedTopic topic, PublishedSubject subject) {
        return topic.shardOf(subject.canonical());
    }

    private RunStage stage(RouteTable.Scope scope, @Nullable ShardHandle shard) {
        return stages.computeIfAbsent(
                new StageKey(scope, shard),
                key -> new RunStage(this, scope, shard, broker.config().batchBytesMax()));
    }

    /** Stages of shards that are gone are forgotten when the directory changes. */
    void forgetStages() {
        stages.keySet().removeIf(key -> key.shard() != null && key.shard().isGone());
    }

    RecordBatchBuilder borrowBuilder(int batchBytesMax) {
        RecordBatchBuilder spare = builders.poll();
        return spare == null ? new RecordBatchBuilder(batchBytesMax) : spare;
    }

    void giveBack(RecordBatchBuilder builder) {
        if (builders.size() < SPARES_MAX) {
            builders.push(builder);
        }
    }

    StagedRun borrowRun() {
        StagedRun spare = runs.poll();
        return spare == null ? new StagedRun() : spare;
    }

    void giveBack(StagedRun cleared) {
        if (runs.size() < SPARES_MAX) {
            runs.push(cleared);
        }
    }

    /** Reads the subject of a publish. */
    static String text(ByteBuf buffer, int offset, int length) {
        return buffer.toString(offset, length, java.nio.charset.StandardCharsets.UTF_8);
    }
}
