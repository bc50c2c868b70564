/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.TopicId;
import io.robustmq.protocol.LogPartition;
import io.robustmq.protocol.LogPort;
import io.robustmq.protocol.LogTopic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What is open here, as protocols of whole batches see it. Thread-safe: made anew from each directory, then immutable. */
final class LogTopics implements LogPort {
    private final Broker broker;
    private final ProducerIds producerIds;
    private final LogViews views;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile View view = new View(Directory.EMPTY, Map.of(), Map.of());

    /** Of one directory. Two threads may make the same one; either will do. */
    private record View(Directory directory, Map<Directory.TopicName, Topic> byName, Map<TopicId, Topic> byId) {}

    LogTopics(Broker broker, ProducerIds producerIds) {
        this.broker = broker;
        this.producerIds = producerIds;
        this.views = new LogViews(broker);
    }

    @Override
    public @Nullable LogTopic topic(String tenant, String name) {
        Directory.TopicName fullName = new Directory.TopicName(tenant, name);
        Topic topic = current().byName().get(fullName);
        return topic == null ? views.known(fullName) : topic;
    }

    @Override
    public CompletionStage<@Nullable LogTopic> find(String tenant, String name) {
        Directory.TopicName fullName = new Directory.TopicName(tenant, name);
        Topic topic = current().byName().get(fullName);
        return topic == null ? views.find(fullName).thenApply(view -> view) : CompletableFuture.completedStage(topic);
    }

    @Override
    public CompletionStage<List<LogTopic>> views(String tenant) {
        return views.list(tenant);
    }

    @Override
    public Cancellable onViewEnd(ViewEnd listener) {
        return views.onEnd(listener);
    }

    void directoryChanged(Directory now) {
        views.directoryChanged(now);
    }

    @Override
    public @Nullable LogTopic topic(String tenant, TopicId id) {
        Topic topic = current().byId().get(id);
        if (topic == null) {
            LogView view = views.known(id);
            return view != null && view.fullName().tenant().equals(tenant) ? view : null;
        }
        return topic.served.info().tenant().equals(tenant) ? topic : null;
    }

    @Override
    public List<LogTopic> topics(String tenant) {
        List<LogTopic> topics = new ArrayList<>();
        for (Topic topic : current().byName().values()) {
            if (topic.served.info().tenant().equals(tenant)) {
                topics.add(topic);
            }
        }
        topics.sort(Comparator.comparing(LogTopic::name));
        return topics;
    }

    @Override
    public CompletionStage<Long> newProducerId() {
        return producerIds.next();
    }

    @Override
    public Cancellable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** The directory is another one now. */
    void changed() {
        listeners.forEach(Runnable::run);
    }

    private View current() {
        View known = view;
        Directory directory = broker.directory();
        if (known.directory() == directory) {
            return known;
        }
        Map<Directory.TopicName, Topic> byName = new HashMap<>();
        Map<TopicId, Topic> byId = new HashMap<>();
        directory.byName().forEach((name, served) -> {
            if (served.info().internal()) {
                return;
            }
            Topic before = known.byName().get(name);
            Topic topic = before != null && before.served == served ? before : new Topic(broker, served);
            byName.put(name, topic);
            byId.put(served.info().id(), topic);
        });
        View made = new View(directory, byName, byId);
        view = made;
        return made;
    }

    /** Immutable but for what its partitions remember. */
    private static final class Topic implements LogTopic {
        private final ServedTopic served;
        private final LogPartition[] partitions;
        private final Terms terms;

        Topic(Broker broker, ServedTopic served) {
            this.served = served;
            this.terms = TopicSettings.terms(served.info());
            this.partitions = new LogPartition[served.shards().length];
            for (int i = 0; i < partitions.length; i++) {
                partitions[i] = new LogShard(broker, served.shards()[i], served.boundName(), served.wildcard());
            }
        }

        @Override
        public String name() {
            return served.info().name();
        }

        @Override
        public TopicId id() {
            return served.info().id();
        }

        @Override
        public List<String> bindings() {
            return served.info().bindings();
        }

        @Override
        public boolean wildcard() {
            return served.wildcard();
        }

        @Override
        public boolean isVisibleTo(String protocol) {
            return served.isVisibleTo(protocol);
        }

        @Override
        public boolean keyRequired() {
            return served.needsKey();
        }

        @Override
        public Terms terms() {
            return terms;
        }

        @Override
        public int partitions() {
            return partitions.length;
        }

        @Override
        public LogPartition partition(int partition) {
            return partitions[partition];
        }
    }
}
