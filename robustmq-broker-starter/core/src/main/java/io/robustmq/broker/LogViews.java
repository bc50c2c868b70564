/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.broker.index.SubjectFilter;
import io.robustmq.broker.index.SubjectMatcher;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.subject.SubjectBinding;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.protocol.LogPort.ViewEnd;
import io.robustmq.protocol.LogTopic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The views that somebody has asked for. A name is looked for in the shards where records of that subject would lie: first where it
 * would go now, then where it may have gone before other topics bound it. Thread-safe.
 */
final class LogViews {
    private static final Logger LOG = LoggerFactory.getLogger(LogViews.class);

    /** What is forgotten beyond that is found again when its clients ask for metadata. */
    private static final int VIEWS_MAX = 100_000;

    private static final int SEARCHES_MAX = 10_000;

    /** Of one list; it is looked for again when it is so old. */
    private static final int LISTED_MAX = 10_000;

    private static final long LIST_MILLIS = 2_000;

    private final Broker broker;
    private final Map<Directory.TopicName, LogView> byName = new ConcurrentHashMap<>();
    private final Map<TopicId, LogView> byId = new ConcurrentHashMap<>();
    private final Map<Directory.TopicName, CompletableFuture<@Nullable LogView>> searches = new ConcurrentHashMap<>();
    private final Map<String, Listed> lists = new ConcurrentHashMap<>();
    private final ViewNames names = new ViewNames();
    private final List<ViewEnd> listeners = new CopyOnWriteArrayList<>();

    LogViews(Broker broker) {
        this.broker = broker;
    }

    @Nullable
    LogView known(Directory.TopicName name) {
        return byName.get(name);
    }

    @Nullable
    LogView known(TopicId id) {
        return byId.get(id);
    }

    Cancellable onEnd(ViewEnd listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Null when there is none; nobody has looked whether there is a topic of that name. */
    CompletionStage<@Nullable LogView> find(Directory.TopicName name) {
        if (!isName(name.name())) {
            return CompletableFuture.completedStage(null);
        }
        List<ServedTopic> places = places(broker.directory(), name);
        LogView known = byName.get(name);
        if (places.isEmpty() || known != null && known.isIn(places.get(0))) {
            return CompletableFuture.completedStage(places.isEmpty() ? null : known);
        }
        CompletableFuture<@Nullable LogView> search = new CompletableFuture<>();
        CompletableFuture<@Nullable LogView> running = searches.putIfAbsent(name, search);
        if (running != null) {
            return running;
        }
        if (searches.size() > SEARCHES_MAX) {
            searches.remove(name);
            return CompletableFuture.failedStage(
                    RmqError.OVERLOADED.exception("too many names are looked for at once"));
        }
        search(name, places, 0).whenComplete((found, failure) -> {
            if (found != null) {
                remember(name, found);
            }
            searches.remove(name);
            if (failure != null) {
                search.completeExceptionally(failure);
            } else {
                search.complete(found);
            }
        });
        return search;
    }

    /** What was looked for at some time. */
    private record Listed(long millis, CompletableFuture<List<LogTopic>> views) {}

    /** Views of the tenant by name, up to a bound, as of a moment ago. */
    CompletionStage<List<LogTopic>> list(String tenant) {
        long now = broker.clock().millis();
        return lists.compute(tenant, (key, before) -> {
                    boolean recent = before != null
                            && now - before.millis() < LIST_MILLIS
                            && !before.views().isCompletedExceptionally();
                    boolean running = before != null && !before.views().isDone();
                    return recent || running ? before : new Listed(now, look(tenant));
                })
                .views();
    }

    private CompletableFuture<List<LogTopic>> look(String tenant) {
        Directory directory = broker.directory();
        Map<String, ServedTopic> places = new ConcurrentHashMap<>();
        List<CompletableFuture<?>> reads = new ArrayList<>();
        for (ServedTopic topic : directory.byName().values()) {
            if (!topic.wildcard()
                    || topic.info().internal()
                    || !topic.info().tenant().equals(tenant)) {
                continue;
            }
            for (ShardHandle shard : topic.shards()) {
                if (shard.problem() == null) {
                    reads.add(broker.indexes()
                            .subjects(shard.store(), shard.loop(), broker.subjectRule(topic), LISTED_MAX)
                            .thenAccept(subjects -> subjects.forEach(subject -> places.merge(
                                    subject,
                                    topic,
                                    (one, other) -> directory.bound(tenant, subject) == other ? other : one)))
                            .toCompletableFuture());
                }
            }
        }
        return CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new)).thenApply(read -> {
            Map<String, LogTopic> listed = new TreeMap<>();
            places.entrySet().stream().limit(LISTED_MAX).forEach(place -> {
                LogView view = listed(directory, new Directory.TopicName(tenant, place.getKey()), place.getValue());
                if (view != null) {
                    listed.put(view.name(), view);
                }
            });
            return List.copyOf(listed.values());
        });
    }

    private @Nullable LogView listed(Directory directory, Directory.TopicName name, ServedTopic topic) {
        if (directory.byName().containsKey(name) || !isName(name.name())) {
            return null;
        }
        LogView known = byName.get(name);
        if (known != null && known.isIn(topic)) {
            return known;
        }
        SubjectMatcher matcher = new SubjectMatcher(List.of(new SubjectFilter(Spelling.DOT, name.name())));
        LogView view = new LogView(broker, topic, topic.shardOf(name.name()), name, matcher);
        remember(name, view);
        return view;
    }

    private static boolean isName(String name) {
        return Subjects.crossingProblem(Spelling.DOT, name) == null && Subjects.isLegalSubject(Spelling.DOT, name);
    }

    /** Where records of the subject go now, and then the others where they may lie. */
    private static List<ServedTopic> places(Directory directory, Directory.TopicName name) {
        List<ServedTopic> places = new ArrayList<>();
        for (ServedTopic topic : directory.byName().values()) {
            if (topic.wildcard()
                    && !topic.info().internal()
                    && topic.info().tenant().equals(name.tenant())
                    && mayHold(topic, name.name())) {
                places.add(topic);
            }
        }
        ServedTopic bound = directory.bound(name.tenant(), name.name());
        places.sort(Comparator.<ServedTopic, Boolean>comparing(topic -> topic != bound)
                .thenComparing(topic -> topic.info().bindings().isEmpty())
                .thenComparing(topic -> topic.info().name()));
        return places;
    }

    private static boolean mayHold(ServedTopic topic, String subject) {
        List<String> bindings = topic.info().bindings();
        return bindings.isEmpty()
                || bindings.stream()
                        .anyMatch(binding -> SubjectBinding.parse(binding).matches(subject));
    }

    private CompletionStage<@Nullable LogView> search(Directory.TopicName name, List<ServedTopic> places, int next) {
        if (next == places.size()) {
            return CompletableFuture.completedStage(null);
        }
        ServedTopic topic = places.get(next);
        ShardHandle shard = topic.shardOf(name.name());
        LogView known = byName.get(name);
        if (known != null && known.isIn(topic)) {
            return CompletableFuture.completedStage(known);
        }
        if (shard.problem() != null) {
            return CompletableFuture.failedStage(shard.problem());
        }
        SubjectMatcher matcher = new SubjectMatcher(List.of(new SubjectFilter(Spelling.DOT, name.name())));
        return broker.indexes()
                .last(shard.store(), shard.loop(), broker.subjectRule(topic), matcher)
                .thenCompose(last -> isThere(shard, name, last))
                .thenCompose(there -> there
                        ? CompletableFuture.completedStage(new LogView(broker, topic, shard, name, matcher))
                        : search(name, places, next + 1));
    }

    /** A shard that holds no record of it may have held one. */
    private CompletionStage<Boolean> isThere(ShardHandle shard, Directory.TopicName name, long last) {
        if (last < 0) {
            return names.contains(shard, name.name());
        }
        names.add(shard, name.name());
        return CompletableFuture.completedStage(true);
    }

    private void remember(Directory.TopicName name, LogView view) {
        LogView before = byName.put(name, view);
        byId.put(view.id(), view);
        if (before != null && !before.id().equals(view.id())) {
            byId.remove(before.id());
        }
        if (byName.size() > VIEWS_MAX) {
            byName.values().stream().filter(each -> each != view).findAny().ifPresent(this::forget);
        }
        // Its directory may have been replaced meanwhile.
        directoryChanged(view, broker.directory());
    }

    private void forget(LogView view) {
        byName.remove(view.fullName(), view);
        byId.remove(view.id(), view);
    }

    void directoryChanged(Directory now) {
        byName.values().forEach(view -> directoryChanged(view, now));
    }

    private void directoryChanged(LogView view, Directory now) {
        ServedTopic shadow = now.byName().get(view.fullName());
        if (shadow != null) {
            if (byName.remove(view.fullName(), view)) {
                byId.remove(view.id(), view);
                LOG.info(
                        "topic '{}' was created: the view of that name on topic '{}' ends, and its groups' offsets go",
                        view.name(),
                        view.source().info().name());
                listeners.forEach(each -> each.ended(view.fullName().tenant(), view.name(), view.id()));
            }
            return;
        }
        ServedTopic source =
                now.topic(view.fullName().tenant(), view.source().info().name());
        if (source == null || source.shards() != view.source().shards()) {
            forget(view);
        }
    }
}
