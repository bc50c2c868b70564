/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.broker.producer.ProducerScope;
import io.robustmq.broker.producer.ShardProducers;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.subject.BindingConflict;
import io.robustmq.kernel.subject.BindingTable;
import io.robustmq.kernel.subject.SubjectBinding;
import io.robustmq.meta.client.MetaClient;
import io.robustmq.meta.client.MetaCommand;
import io.robustmq.meta.client.MetaImage;
import io.robustmq.meta.client.ShardInfo;
import io.robustmq.meta.client.TopicInfo;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.ShardStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims and opens the shards of every topic this node may own, again and again while that may help, tells them how their topic was altered, adds those of
 * partitions that a topic gets, closes and destroys
 * those of topics that are gone, and publishes the directory of what is open. Thread-safe: state is guarded by this object's
 * monitor, which is never held across a wait.
 */
final class ShardManager {
    private static final Logger LOG = LoggerFactory.getLogger(ShardManager.class);

    private final BrokerConfig config;
    private final MetaClient meta;
    private final Engines engines;
    private final LoopGroup loops;
    private final Counters counters;
    private final ShardRetentions retentions;
    private final Consumer<Directory> published;
    private final Map<Directory.TopicName, Opening> topics = new HashMap<>();
    private Directory directory = Directory.EMPTY;
    private int nextLoop;
    private boolean closed;

    /** A topic on its way to being served, and from then on. What changes is guarded by the manager's monitor. */
    private static final class Opening {
        final CompletableFuture<ServedTopic> served = new CompletableFuture<>();
        /** As it was when its first shards were opened. */
        final TopicInfo first;

        TopicInfo info;
        /** Of how many partitions the shards are open, or on their way. */
        int partitions;
        /** Completes when the partitions that were added last are served. */
        CompletableFuture<?> grown = served;

        Opening(TopicInfo info) {
            this.first = info;
            this.info = info;
            this.partitions = info.partitions();
        }

        Directory.TopicName name() {
            return new Directory.TopicName(info.tenant(), info.name());
        }
    }

    ShardManager(
            BrokerConfig config,
            MetaClient meta,
            Engines engines,
            LoopGroup loops,
            Counters counters,
            ShardRetentions retentions,
            Consumer<Directory> published) {
        this.config = config;
        this.meta = meta;
        this.engines = engines;
        this.loops = loops;
        this.counters = counters;
        this.retentions = retentions;
        this.published = published;
    }

    /** Brings what is open into line with the image. */
    void follow(MetaImage image) {
        List<Opening> gone = new ArrayList<>();
        List<Opening> added = new ArrayList<>();
        List<Runnable> growths = new ArrayList<>();
        synchronized (this) {
            if (closed) {
                return;
            }
            Set<Directory.TopicName> present = new HashSet<>();
            for (TopicInfo info : image.topics()) {
                Directory.TopicName name = new Directory.TopicName(info.tenant(), info.name());
                present.add(name);
                Opening known = topics.get(name);
                if (known != null && known.info.id().equals(info.id())) {
                    alter(known, info);
                    if (known.partitions < info.partitions()) {
                        growths.add(growth(image, known));
                    }
                    continue;
                }
                if (known != null) {
                    gone.add(known);
                }
                Opening opening = new Opening(info);
                topics.put(name, opening);
                added.add(opening);
            }
            topics.entrySet().removeIf(entry -> {
                boolean deleted = !present.contains(entry.getKey());
                if (deleted) {
                    gone.add(entry.getValue());
                }
                return deleted;
            });
        }
        gone.forEach(this::remove);
        added.forEach(opening -> open(image, opening));
        growths.forEach(Runnable::run);
    }

    /** Completes when the topic's shards are open here, or have turned out not to be; fails when there is no such topic. */
    CompletableFuture<ServedTopic> served(String tenant, String name) {
        synchronized (this) {
            Opening opening = topics.get(new Directory.TopicName(tenant, name));
            if (opening == null) {
                return CompletableFuture.failedFuture(RmqError.UNKNOWN_TOPIC.exception(
                        "there is no topic '" + name + "' in tenant '" + tenant + "'"));
            }
            ServedTopic current = directory.topic(tenant, name);
            return opening.served.isDone() && current != null
                    ? CompletableFuture.completedFuture(current)
                    : opening.served;
        }
    }

    /** Completes when the partitions that the topic has now are open, or have turned out not to be. */
    CompletableFuture<?> grown(String tenant, String name) {
        synchronized (this) {
            Opening opening = topics.get(new Directory.TopicName(tenant, name));
            return opening == null ? served(tenant, name) : opening.grown;
        }
    }

    /** Completes when every topic that is known now is open or has failed. */
    CompletableFuture<Void> settled() {
        synchronized (this) {
            return CompletableFuture.allOf(topics.values().stream()
                    .map(opening -> opening.served.exceptionally(failure -> null))
                    .toArray(CompletableFuture[]::new));
        }
    }

    private void open(MetaImage image, Opening opening) {
        TopicInfo info = opening.first;
        openShards(image, info, 0, info.partitions())
                .thenAccept(handles -> serve(opening, ServedTopic.of(info, handles)));
    }

    /** Opens the shards of some partitions; those that cannot be opened have handles that say why. */
    private CompletableFuture<ShardHandle[]> openShards(MetaImage image, TopicInfo info, int from, int to) {
        ShardEngine engine = engines.get(info.engine());
        List<CompletableFuture<ShardHandle>> shards = new ArrayList<>();
        for (int partition = from; partition < to; partition++) {
            ShardId shard = new ShardId(info.id(), partition);
            Loop loop = nextLoop();
            CompletableFuture<ShardHandle> opened = engine == null
                    ? CompletableFuture.failedFuture(RmqError.UNAVAILABLE.exception(engines.absent(info.engine())))
                    : openShard(image, info, engine, shard, loop);
            shards.add(opened.exceptionally(failure -> {
                ShardHandle refused = unavailable(info, shard, loop, failure);
                complain(refused, failure);
                return refused;
            }));
        }
        return CompletableFuture.allOf(shards.toArray(CompletableFuture[]::new)).thenApply(v -> {
            ShardHandle[] handles = shards.stream().map(CompletableFuture::join).toArray(ShardHandle[]::new);
            for (ShardHandle handle : handles) {
                retentions.opened(info, handle);
            }
            return handles;
        });
    }

    // --- partitions that are added

    /** Under the monitor; the rest, to be run outside of it, opens the shards behind those that were added before. */
    private Runnable growth(MetaImage image, Opening opening) {
        TopicInfo info = opening.info;
        int from = opening.partitions;
        CompletableFuture<?> before = opening.grown;
        CompletableFuture<Void> grown = new CompletableFuture<>();
        opening.partitions = info.partitions();
        opening.grown = grown;
        return () -> before.thenCompose(v -> openShards(image, info, from, info.partitions()))
                .thenAccept(handles -> grow(opening, info, handles))
                .whenComplete((v, failure) -> {
                    if (failure == null) {
                        grown.complete(null);
                    } else {
                        grown.completeExceptionally(failure);
                    }
                });
    }

    private void grow(Opening opening, TopicInfo opened, ShardHandle[] added) {
        ServedTopic topic;
        boolean deleted;
        synchronized (this) {
            ServedTopic current = directory.byName().get(opening.name());
            deleted = !closed && (current == null || topics.get(opening.name()) != opening);
            if (closed || deleted) {
                topic = null;
            } else {
                ShardHandle[] shards = Arrays.copyOf(current.shards(), current.shards().length + added.length);
                System.arraycopy(added, 0, shards, current.shards().length, added.length);
                topic = ServedTopic.of(opening.info, shards);
                put(topic);
            }
        }
        if (topic == null) {
            for (ShardHandle handle : added) {
                release(opened, handle, deleted);
            }
            throw RmqError.CLOSED.exception("the topic went away");
        }
        begin(opening, opened, topic.info(), added);
    }

    /** Shards that the directory has got; the topic may have been altered since they began to open. */
    private void begin(Opening opening, TopicInfo opened, TopicInfo now, ShardHandle... shards) {
        if (now != opened) {
            update(now, shards);
        }
        for (ShardHandle handle : shards) {
            retentions.served(handle);
            tryAgain(opening, handle, Reopening.FIRST_DELAY_MILLIS);
        }
    }

    private CompletableFuture<ShardHandle> openShard(
            MetaImage image, TopicInfo info, ShardEngine engine, ShardId shard, Loop loop) {
        ShardInfo known = image.shard(shard);
        int epoch = known == null ? 0 : known.epoch();
        if (known != null && known.owner() != null && !known.owner().equals(config.node())) {
            // Engines whose shards cannot move keep them on the node that has their bytes, even while it is away.
            return CompletableFuture.failedFuture(RmqError.NOT_OWNER.exception(
                    "it lies on node " + known.owner().value()));
        }
        return meta.submit(new MetaCommand.ClaimShard(shard, config.node(), config.incarnation(), epoch))
                .toCompletableFuture()
                .thenCompose(claimed -> engine.open(shard, TopicSettings.shardConfig(info), claimed.epoch(), loop)
                        .thenApply(store -> own(info, store, claimed.epoch(), loop))
                        .thenApply(owner -> ShardHandle.of(
                                shard, owner, Engines.isVolatile(engine), TopicSettings.appendRules(info))));
    }

    private ShardOwner own(TopicInfo info, ShardStore store, int epoch, Loop loop) {
        ProducerScope scope = ServedTopic.isWildcard(info) ? ProducerScope.bySubject() : ProducerScope.whole();
        ShardProducers producers = new ShardProducers(store, loop, config.producers(), counters.producers, scope);
        return new ShardOwner(loop, store, epoch, counters, producers);
    }

    private static ShardHandle unavailable(TopicInfo info, ShardId shard, Loop loop, Throwable failure) {
        Throwable cause = RmqException.causeOf(failure);
        RmqError error = cause instanceof RmqException known ? known.error() : RmqError.UNAVAILABLE;
        String why = "topic '" + info.name() + "' is unavailable in partition " + shard.partition() + ": "
                + (cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
        return ShardHandle.unavailable(shard, loop, error.exception(why));
    }

    private static void complain(ShardHandle refused, Throwable failure) {
        Throwable cause = RmqException.causeOf(failure);
        LOG.error(String.valueOf(refused.problem().getMessage()), cause instanceof RmqException ? null : cause);
    }

    // --- shards that could not be opened

    /** Tries a shard again after a while, as long as it is wanted and another try may help. */
    private void tryAgain(Opening opening, ShardHandle refused, long delayMillis) {
        RmqException problem = refused.problem();
        if (problem == null || !Reopening.mayHelp(problem.error()) || engines.get(opening.info.engine()) == null) {
            return;
        }
        refused.loop().schedule(delayMillis, () -> reopen(opening, refused, delayMillis));
    }

    private void reopen(Opening opening, ShardHandle refused, long delayMillis) {
        TopicInfo info;
        synchronized (this) {
            if (closed || topics.get(opening.name()) != opening) {
                return;
            }
            info = opening.info;
        }
        ShardEngine engine = engines.get(info.engine());
        openShard(meta.image(), info, engine, refused.shard(), refused.loop()).whenComplete((opened, failure) -> {
            if (failure == null) {
                retentions.opened(info, opened);
                reopened(opening, info, refused, opened);
            } else {
                ShardHandle again = refusedAgain(opening, info, refused, failure);
                tryAgain(opening, again, Reopening.after(delayMillis));
            }
        });
    }

    /** Says so when it is for another reason. */
    private ShardHandle refusedAgain(Opening opening, TopicInfo info, ShardHandle before, Throwable failure) {
        ShardHandle now = unavailable(info, before.shard(), before.loop(), failure);
        if (now.problem().error() == before.problem().error()
                && now.problem().getMessage().equals(before.problem().getMessage())) {
            return before;
        }
        complain(now, failure);
        replace(opening, now);
        return now;
    }

    private void reopened(Opening opening, TopicInfo info, ShardHandle refused, ShardHandle opened) {
        TopicInfo current = replace(opening, opened);
        if (current == null) {
            boolean destroy;
            synchronized (this) {
                destroy = !closed;
            }
            release(info, opened, destroy);
            return;
        }
        begin(opening, info, current, opened);
        LOG.info("partition {} of topic '{}' is open now", refused.shard().partition(), info.name());
    }

    /** Puts the handle in the place of the one before; answers how the topic is now, null when it is gone. */
    private synchronized @Nullable TopicInfo replace(Opening opening, ShardHandle handle) {
        ServedTopic topic = directory.byName().get(opening.name());
        if (closed || topic == null || topics.get(opening.name()) != opening) {
            return null;
        }
        ShardHandle[] shards = topic.shards().clone();
        shards[handle.shard().partition()].markGone();
        shards[handle.shard().partition()] = handle;
        put(ServedTopic.of(opening.info, shards));
        return opening.info;
    }

    private synchronized Loop nextLoop() {
        return loops.get(nextLoop++ % loops.size());
    }

    private void serve(Opening opening, ServedTopic opened) {
        ServedTopic topic;
        boolean deleted;
        boolean wanted;
        synchronized (this) {
            deleted = !closed && topics.get(opening.name()) != opening;
            wanted = !closed && !deleted;
            topic = ServedTopic.of(opening.info, opened.shards());
            if (wanted) {
                put(topic);
            }
        }
        if (!wanted) {
            release(topic, deleted);
            opening.served.completeExceptionally(RmqError.CLOSED.exception("the topic went away"));
            return;
        }
        begin(opening, opened.info(), topic.info(), topic.shards());
        opening.served.complete(topic);
    }

    /** Under the monitor. A topic that is still opening is told when it has opened. */
    private void alter(Opening known, TopicInfo info) {
        if (known.info.revision() == info.revision()) {
            return;
        }
        known.info = info;
        ServedTopic current = directory.byName().get(known.name());
        if (current != null) {
            ServedTopic altered = ServedTopic.of(info, current.shards());
            put(altered);
            update(info, altered.shards());
        }
    }

    private void update(TopicInfo info, ShardHandle... shards) {
        ShardConfig changed = TopicSettings.shardConfig(info);
        AppendRules rules = TopicSettings.appendRules(info);
        for (ShardHandle handle : shards) {
            if (handle.problem() == null) {
                update(info, handle, changed, rules);
            }
        }
    }

    private void update(TopicInfo info, ShardHandle handle, ShardConfig changed, AppendRules rules) {
        handle.rules(rules);
        retentions.altered(info, handle);
        handle.loop()
                .execute(() -> handle.store().update(changed).whenComplete((v, failure) -> {
                    if (failure != null) {
                        LOG.error(
                                "the new settings of topic '{}' do not act on {}",
                                info.name(),
                                handle.shard(),
                                failure);
                    }
                }));
    }

    private void remove(Opening opening) {
        ServedTopic topic;
        synchronized (this) {
            topic = directory.byName().get(opening.name());
            if (topic == null || !topic.info().id().equals(opening.info.id())) {
                // Still opening: released when it has opened.
                return;
            }
            markGone(topic);
            drop(opening.name());
        }
        release(topic, true);
    }

    /** Before a directory without the topic is published: whoever sees that one forgets what is gone. */
    private static void markGone(ServedTopic topic) {
        for (ShardHandle handle : topic.shards()) {
            handle.markGone();
        }
    }

    /** Closes the topic's shards and, if it is gone for good, returns their space. */
    private void release(ServedTopic topic, boolean destroy) {
        for (ShardHandle handle : topic.shards()) {
            release(topic.info(), handle, destroy);
        }
    }

    private void release(TopicInfo info, ShardHandle handle, boolean destroy) {
        ShardEngine engine = engines.get(info.engine());
        CompletableFuture<Void> released = close(handle);
        if (destroy && engine != null) {
            released.thenCompose(v -> engine.destroy(handle.shard())).whenComplete((v, failure) -> {
                if (failure != null) {
                    LOG.error(
                            "the space of {} of the deleted topic '{}' is returned by the next start",
                            handle.shard(),
                            info.name(),
                            failure);
                }
            });
        }
    }

    private CompletableFuture<Void> close(ShardHandle handle) {
        retentions.closing(handle);
        CompletableFuture<Void> done = new CompletableFuture<>();
        handle.loop().execute(() -> {
            if (handle.problem() != null) {
                done.complete(null);
            } else {
                handle.owner().close().whenComplete((v, failure) -> done.complete(null));
            }
        });
        return done;
    }

    /** Under the monitor. A topic that is there already was altered, and binds what it did. */
    private void put(ServedTopic topic) {
        Directory.TopicName name =
                new Directory.TopicName(topic.info().tenant(), topic.info().name());
        Map<Directory.TopicName, ServedTopic> byName = new HashMap<>(directory.byName());
        Map<String, BindingTable<ServedTopic>> bindings = new HashMap<>(directory.bindings());
        if (byName.put(name, topic) == null) {
            bind(bindings, topic);
        } else {
            bindings.clear();
            byName.values().forEach(each -> bind(bindings, each));
        }
        publish(bindings, byName);
    }

    /** Under the monitor. */
    private void drop(Directory.TopicName name) {
        Map<Directory.TopicName, ServedTopic> byName = new HashMap<>(directory.byName());
        byName.remove(name);
        Map<String, BindingTable<ServedTopic>> bindings = new HashMap<>();
        byName.values().forEach(each -> bind(bindings, each));
        publish(bindings, byName);
    }

    private static void bind(Map<String, BindingTable<ServedTopic>> bindings, ServedTopic topic) {
        for (String filter : topic.info().bindings()) {
            SubjectBinding binding = SubjectBinding.parse(filter);
            BindingTable<ServedTopic> table = bindings.getOrDefault(topic.info().tenant(), BindingTable.empty());
            Optional<BindingConflict> conflict = table.conflictWith(binding);
            if (conflict.isPresent()) {
                // Meta refuses ties when a topic is created; whoever finds one keeps serving the first.
                LOG.error("topic '{}': {}", topic.info().name(), conflict.get().describe());
                continue;
            }
            bindings.put(topic.info().tenant(), table.with(binding, topic));
        }
    }

    /** Fails with BINDING_CONFLICT when a topic of that tenant that is open here ties with one of the filters. */
    synchronized void checkBindings(String tenant, List<String> filters) {
        BindingTable<ServedTopic> table = directory.bindings().getOrDefault(tenant, BindingTable.empty());
        for (String filter : filters) {
            table.conflictWith(SubjectBinding.parse(filter)).ifPresent(conflict -> {
                throw RmqError.BINDING_CONFLICT.exception(conflict.describe());
            });
        }
    }

    /** Under the monitor. */
    private void publish(
            Map<String, BindingTable<ServedTopic>> bindings, Map<Directory.TopicName, ServedTopic> byName) {
        directory = Directory.of(directory.version() + 1, bindings, byName);
        published.accept(directory);
    }

    /** Gives up all shards. */
    CompletableFuture<Void> close() {
        List<CompletableFuture<Void>> closing = new ArrayList<>();
        synchronized (this) {
            closed = true;
            for (ServedTopic topic : directory.byName().values()) {
                for (ShardHandle handle : topic.shards()) {
                    closing.add(close(handle));
                }
            }
            directory.byName().values().forEach(ShardManager::markGone);
            publish(Map.of(), Map.of());
        }
        return CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new));
    }
}
