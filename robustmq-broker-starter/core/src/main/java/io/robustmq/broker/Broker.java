/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.netty.buffer.ByteBufAllocator;
import io.robustmq.broker.coordinator.CoordinatorLog;
import io.robustmq.broker.delay.DelayedMessages;
import io.robustmq.broker.index.IndexConfig;
import io.robustmq.broker.index.SubjectIndexes;
import io.robustmq.broker.index.SubjectRule;
import io.robustmq.broker.quota.QuotaControl;
import io.robustmq.broker.retained.RetainedMessages;
import io.robustmq.broker.retention.RetentionWorker;
import io.robustmq.broker.session.DurableSessions;
import io.robustmq.broker.window.Windows;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.MemoryBudget;
import io.robustmq.kernel.RandomSource;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.meta.client.MetaClient;
import io.robustmq.meta.client.MetaCommand;
import io.robustmq.meta.client.TopicConfig;
import io.robustmq.protocol.AccessPort;
import io.robustmq.protocol.CatchAll;
import io.robustmq.protocol.ClientAccess;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Ports;
import io.robustmq.protocol.PublishAcks;
import io.robustmq.protocol.PublishPort;
import io.robustmq.protocol.Publisher;
import io.robustmq.protocol.Tracing;
import io.robustmq.protocol.Turns;
import io.robustmq.storage.ShardEngine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The broker core of a node: what the protocols see as {@link Ports}. Thread-safe; per-loop state is confined to its loop. */
public final class Broker implements PublishPort {
    private final BrokerConfig config;
    private final MetaClient meta;
    private final Engines engines;
    private final LoopGroup loops;
    private final Clock clock;
    private final RandomSource random;
    private final MemoryBudget budget;
    private final ByteBufAllocator allocator;
    private final Counters counters = new Counters();
    private final Interest interest;
    private final RetainedMessages retained;
    private final DelayedMessages delayed;
    private final DurableSessions sessions;
    private final Windows windows;
    private final AccessPort access;
    private final QuotaControl quotas;
    private final SubjectIndexes indexes;
    private final ShardManager shards;
    private final TopicAdmin topics;
    private final TenantAdmin tenants;
    private final LogTopics log;
    private final CoordinatorLogs coordinatorLogs = new CoordinatorLogs(this);
    private final InternalTopics internalTopics;
    private final Turns turns;
    private final LoopBroker[] loopBrokers;
    private final PublishStage[] stages;
    private final PublishStage[] keyedStages;
    private final @Nullable RetentionWorker retention;
    private final Map<String, CatchAll> catchAlls = new HashMap<>();
    private volatile Directory directory = Directory.EMPTY;
    private @Nullable Cancellable following;
    private volatile @Nullable Tracing tracing;

    public Broker(
            BrokerConfig config,
            MetaClient meta,
            List<ShardEngine> engines,
            LoopGroup loops,
            Clock clock,
            RandomSource random,
            MemoryBudget budget,
            AccessPort access,
            ByteBufAllocator allocator) {
        this(config, meta, engines, loops, loops.get(0), clock, random, budget, access, allocator, null);
    }

    /**
     * @param reader where subject indexes are built and read; none of those that carry connections
     * @param retention looks after what may go from the shards, if there is one; closed with the broker
     */
    public Broker(
            BrokerConfig config,
            MetaClient meta,
            List<ShardEngine> engines,
            LoopGroup loops,
            Loop reader,
            Clock clock,
            RandomSource random,
            MemoryBudget budget,
            AccessPort access,
            ByteBufAllocator allocator,
            @Nullable RetentionWorker retention) {
        this.config = config;
        this.retention = retention;
        this.meta = meta;
        this.engines = new Engines(engines, config.defaultEngine());
        this.loops = loops;
        this.clock = clock;
        this.random = random;
        this.budget = budget;
        this.access = access;
        this.quotas = new QuotaControl(clock);
        this.allocator = allocator;
        this.interest = new Interest(random.nextLong(), loops.size(), config.wildcardsCross());
        this.retained = new RetainedMessages(clock, config.retainedCountMax(), config.retainedBytesMax());
        this.delayed = new DelayedMessages(clock, budget, new DuePublisher(this), config.delayed());
        this.sessions = new DurableSessions(
                new SessionLog(this), new SessionHolds(this), clock, config.incarnation(), loops.get(0));
        this.windows =
                new Windows(interest, new SessionLog(this), sessions.groups(), loops, clock, random, config.windows());
        this.indexes = new SubjectIndexes(reader, random, IndexConfig.defaults());
        this.shards = new ShardManager(
                config, meta, this.engines, loops, counters, new ShardRetentions(retention), this::directoryChanged);
        this.topics = new TopicAdmin(this, meta, shards);
        this.tenants = new TenantAdmin(this, meta, shards);
        this.internalTopics = new InternalTopics(this, meta, shards, this.engines.forInternal());
        this.log = new LogTopics(this, new ProducerIds(meta));
        this.turns = new Turns(loops);
        config.catchAlls().forEach(catchAll -> catchAlls.put(catchAll.protocol(), catchAll));
        this.stages = PublishStages.compile(config, access);
        this.keyedStages = PublishStages.withKey(stages);
        this.loopBrokers = new LoopBroker[loops.size()];
        for (int i = 0; i < loopBrokers.length; i++) {
            Loop loop = loops.get(i);
            loopBrokers[i] = new LoopBroker(this, loop, turns.of(loop), loops.size());
        }
    }

    /** Creates the catch-alls that are missing, claims and opens shards; completes when every topic accepts records. */
    public CompletionStage<Void> start() {
        return meta.ready()
                .thenCompose(image -> new Orphans(config, engines.all()).destroy(meta.image()))
                .thenCompose(v -> inEachTenant(this::createCatchAlls))
                .thenCompose(
                        v -> quotas.admin().open(meta.documents(), meta.image().tenants(), loops.get(0)))
                .thenCompose(v -> internalTopics.create())
                .thenCompose(v -> {
                    following = meta.onImage((previous, current) -> shards.follow(current));
                    shards.follow(meta.image());
                    return shards.settled();
                })
                .thenCompose(v -> inEachTenant(this::catchAllsServed))
                .thenAccept(v -> tenants.start())
                .thenCompose(v -> internalTopics.open());
    }

    private CompletionStage<Void> inEachTenant(Function<String, CompletionStage<Void>> work) {
        return CompletableFuture.allOf(meta.image().tenants().stream()
                .map(tenant -> work.apply(tenant).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** Those that are missing. */
    CompletionStage<Void> createCatchAlls(String tenant) {
        return CompletableFuture.allOf(catchAlls.values().stream()
                .filter(catchAll -> meta.image().topic(tenant, catchAll.topic()) == null)
                .map(catchAll -> createCatchAll(tenant, catchAll))
                .toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<?> createCatchAll(String tenant, CatchAll catchAll) {
        String engine = engines.forCatchAll();
        Map<String, String> settings = engine.equals(Engines.MEMORY)
                ? Map.of(TopicSettings.RETENTION_BYTES, Long.toString(catchAll.volatileBytesPerShard()))
                : Map.of(
                        TopicSettings.RETENTION_BYTES, Long.toString(catchAll.durableBytesPerShard()),
                        TopicSettings.RETENTION_MILLIS, Long.toString(catchAll.durableRetentionMillis()));
        return meta.submit(new MetaCommand.CreateTopic(
                        tenant,
                        catchAll.topic(),
                        TopicId.of(random.nextUuid()),
                        catchAll.partitions(),
                        List.of(),
                        engine,
                        false,
                        new TopicConfig(settings),
                        clock.millis()))
                .handle((topic, failure) -> {
                    if (failure != null && RmqException.errorOf(failure) != RmqError.TOPIC_EXISTS) {
                        throw new java.util.concurrent.CompletionException(failure);
                    }
                    return null;
                })
                .toCompletableFuture();
    }

    CompletionStage<Void> catchAllsServed(String tenant) {
        return CompletableFuture.allOf(catchAlls.values().stream()
                .map(catchAll -> shards.served(tenant, catchAll.topic()))
                .toArray(CompletableFuture[]::new));
    }

    /** Gives up all shards; the engines stay open for whoever owns them. */
    public CompletionStage<Void> stop() {
        Cancellable registration = following;
        if (registration != null) {
            registration.cancel();
        }
        return windows.flush().thenCompose(v -> close());
    }

    private CompletionStage<Void> close() {
        tenants.close();
        quotas.admin().close();
        retained.close();
        delayed.close();
        sessions.close();
        RetentionWorker worker = retention;
        if (worker != null) {
            worker.close();
        }
        return shards.close();
    }

    /**
     * The logs of an internal topic's coordinators, by partition; created compacted, on the engine for internal topics, when it
     * is missing. Whoever asks becomes the topic's only writer. Not before {@link #start} has completed.
     *
     * @param name begins with {@code __}
     * @param partitions of a new topic
     */
    public CompletionStage<List<CoordinatorLog>> coordinatorLogs(String name, int partitions) {
        return internalTopics.logs(name, partitions);
    }

    /** The doors for protocols. */
    public Ports ports() {
        return new Ports(
                this,
                interest,
                windows,
                retained,
                delayed,
                sessions,
                access,
                quotas,
                tenants,
                topics,
                log,
                coordinatorLogs,
                new MetaDocuments(meta),
                turns,
                loops,
                clock,
                random,
                budget,
                tracing);
    }

    /** Lets single messages be followed; before {@link #ports}. */
    public void follow(Tracing follower) {
        tracing = follower;
    }

    @Override
    public Publisher open(
            ClientIdentity client, String protocol, Spelling spelling, Object origin, Loop loop, PublishAcks acks) {
        LoopBroker here = loop(loop.index());
        RouteTable table = here.table(new RouteTable.Scope(client.tenant(), protocol, spelling));
        return new CorePublisher(here, table, client, origin, acks);
    }

    private void directoryChanged(Directory changed) {
        forgetIndexes(directory, changed);
        directory = changed;
        log.directoryChanged(changed);
        log.changed();
        sessions.shardsChanged();
        for (LoopBroker each : loopBrokers) {
            each.loop().execute(each::forgetStages);
        }
    }

    /** Indexes of shards that are about to be closed: each of them has been marked. */
    private void forgetIndexes(Directory before, Directory changed) {
        if (indexes.isEmpty()) {
            return;
        }
        before.byName().forEach((name, topic) -> {
            ServedTopic now = changed.byName().get(name);
            if (now == null || now.shards() != topic.shards()) {
                for (ShardHandle shard : topic.shards()) {
                    if (shard.isGone() && shard.problem() == null) {
                        indexes.forget(shard.store());
                    }
                }
            }
        });
    }

    /** How records of the topic tell their subject. */
    SubjectRule subjectRule(ServedTopic topic) {
        List<String> bindings = topic.info().bindings();
        if (!topic.wildcard()) {
            return SubjectRule.ofNames(topic.boundName(), bindings.size() < 2);
        }
        Spelling spelling = catchAlls.values().stream()
                .filter(each ->
                        bindings.isEmpty() && each.topic().equals(topic.info().name()))
                .map(CatchAll::spelling)
                .findFirst()
                .orElse(null);
        return SubjectRule.ofKeys(spelling);
    }

    /** The door to reads of the records of some subjects. */
    public SubjectIndexes indexes() {
        return indexes;
    }

    /** The topic for subjects of the scope that nothing binds; null when the protocol has none, or it is not open. */
    @Nullable
    ServedTopic catchAll(Directory current, RouteTable.Scope scope) {
        CatchAll catchAll = catchAlls.get(scope.protocol());
        return catchAll == null ? null : current.topic(scope.tenant(), catchAll.topic());
    }

    /** Whether a topic of that name takes what nothing binds. */
    boolean isCatchAll(String name) {
        return catchAlls.values().stream().anyMatch(each -> each.topic().equals(name));
    }

    PublishStage[] stages(@Nullable ServedTopic topic) {
        return topic != null && topic.needsKey() ? keyedStages : stages;
    }

    LogTopics log() {
        return log;
    }

    /** What may go from the shards; null where nobody looks after that. */
    public @Nullable RetentionWorker retention() {
        return retention;
    }

    LoopBroker loop(int index) {
        return loopBrokers[index];
    }

    LoopGroup loops() {
        return loops;
    }

    BrokerConfig config() {
        return config;
    }

    ClientAccess access(ClientIdentity client) {
        return access.open(client);
    }

    Clock clock() {
        return clock;
    }

    RandomSource random() {
        return random;
    }

    MemoryBudget budget() {
        return budget;
    }

    ByteBufAllocator allocator() {
        return allocator;
    }

    public Counters counters() {
        return counters;
    }

    Interest interest() {
        return interest;
    }

    /** Times that a subject had no legal spelling where somebody may have subscribed to it. */
    public long unspellableSubjects() {
        return interest.unspellable();
    }

    /** What tenants, users and clients may use. */
    public QuotaControl quotas() {
        return quotas;
    }

    public Windows windows() {
        return windows;
    }

    public RetainedMessages retained() {
        return retained;
    }

    public DelayedMessages delayed() {
        return delayed;
    }

    public DurableSessions sessions() {
        return sessions;
    }

    Directory directory() {
        return directory;
    }

    InternalTopics internalTopics() {
        return internalTopics;
    }

    Engines engines() {
        return engines;
    }
}
