/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.RmqError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Documents of {@link InMemoryMeta}; listeners are told within the transaction. Thread-safe: every method holds its lock. */
final class InMemoryDocuments implements Documents {
    private final Map<Key, Document> documents = new TreeMap<>(
            Comparator.comparing(Key::kind).thenComparing(Key::tenant).thenComparing(Key::name));
    private final List<Watcher> watchers = new ArrayList<>();
    private long revision;

    private record Watcher(List<String> kinds, WatchListener listener) {}

    @Override
    public synchronized CompletionStage<@Nullable Document> get(Key key) {
        return CompletableFuture.completedStage(documents.get(key));
    }

    @Override
    public synchronized CompletionStage<List<Document>> list(String kind, String tenant, String namePrefix, int limit) {
        return CompletableFuture.completedStage(documents.values().stream()
                .filter(each -> each.key().kind().equals(kind)
                        && each.key().tenant().equals(tenant)
                        && each.key().name().startsWith(namePrefix))
                .limit(limit)
                .toList());
    }

    @Override
    public synchronized CompletionStage<Long> transact(List<Change> changes) {
        for (Change change : changes) {
            if (!holds(change)) {
                return CompletableFuture.failedStage(
                        RmqError.REVISION_MISMATCH.exception("not as expected: " + change));
            }
        }
        revision++;
        List<Event> events = new ArrayList<>();
        for (Change change : changes) {
            if (change instanceof Change.Put put) {
                Document document = new Document(put.key(), put.value(), revision);
                documents.put(put.key(), document);
                events.add(new Event(put.key(), document));
            } else if (change instanceof Change.Delete delete && documents.remove(delete.key()) != null) {
                events.add(new Event(delete.key(), null));
            }
        }
        watchers.forEach(watcher -> tell(watcher, events));
        return CompletableFuture.completedStage(revision);
    }

    private boolean holds(Change change) {
        if (change instanceof Change.Put put) {
            return isAt(put.key(), put.expectedRevision());
        } else if (change instanceof Change.Delete delete) {
            return isAt(delete.key(), delete.expectedRevision());
        }
        Change.CheckKind check = (Change.CheckKind) change;
        return documents.values().stream()
                .noneMatch(each -> each.key().kind().equals(check.kind())
                        && each.key().tenant().equals(check.tenant())
                        && each.revision() > check.unchangedSinceRevision());
    }

    private boolean isAt(Key key, long expectedRevision) {
        Document document = documents.get(key);
        return expectedRevision == -1 || (document == null ? 0 : document.revision()) == expectedRevision;
    }

    private void tell(Watcher watcher, List<Event> events) {
        List<Event> wanted = events.stream()
                .filter(event -> watcher.kinds.contains(event.key().kind()))
                .toList();
        if (!wanted.isEmpty()) {
            watcher.listener.changed(revision, wanted);
        }
    }

    @Override
    public synchronized Cancellable watch(String group, List<String> kinds, long fromRevision, WatchListener listener) {
        Watcher watcher = new Watcher(List.copyOf(kinds), listener);
        watchers.add(watcher);
        tell(
                watcher,
                documents.values().stream()
                        .filter(each -> each.revision() >= fromRevision)
                        .map(each -> new Event(each.key(), each))
                        .toList());
        return () -> forget(watcher);
    }

    private synchronized void forget(Watcher watcher) {
        watchers.remove(watcher);
    }
}
