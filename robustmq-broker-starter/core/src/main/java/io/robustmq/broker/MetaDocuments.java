/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.RmqError;
import io.robustmq.meta.client.Documents;
import io.robustmq.meta.client.Documents.Change;
import io.robustmq.meta.client.Documents.Key;
import io.robustmq.meta.client.Kinds;
import io.robustmq.meta.client.MetaClient;
import io.robustmq.protocol.DocumentPort;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Documents of protocols in the cluster's metadata. Thread-safe: immutable. */
final class MetaDocuments implements DocumentPort {
    private static final int LIST_MAX = 10_000;
    private static final long ANY_REVISION = -1;

    private final MetaClient meta;

    MetaDocuments(MetaClient meta) {
        this.meta = meta;
    }

    @Override
    public CompletionStage<List<Document>> list(String kind, String tenant) {
        return meta.documents()
                .list(kind, tenant, "", LIST_MAX)
                .thenApply(
                        documents -> documents.stream().map(MetaDocuments::seen).toList());
    }

    private static Document seen(Documents.Document document) {
        Key key = document.key();
        return new Document(key.kind(), key.tenant(), key.name(), document.value());
    }

    @Override
    public CompletionStage<Void> add(Document document) {
        Key key = new Key(document.kind(), document.tenant(), document.name());
        return meta.documents()
                .transact(List.of(new Change.Put(key, document.value(), 0)))
                .thenAccept(revision -> {});
    }

    @Override
    public CompletionStage<Void> delete(String kind, String tenant, String name) {
        Key key = new Key(kind, tenant, name);
        return meta.documents()
                .get(key)
                .thenCompose(found -> found == null
                        ? CompletableFuture.failedStage(
                                RmqError.NOT_FOUND.exception("there is no " + kind + " " + name))
                        : meta.documents().transact(List.of(new Change.Delete(key, ANY_REVISION))))
                .thenAccept(revision -> {});
    }

    @Override
    public Cancellable watch(List<String> kinds, Listener listener) {
        String group = Kinds.groupOf(kinds.get(0));
        return meta.documents()
                .watch(
                        group,
                        kinds,
                        0,
                        (revision, events) -> events.forEach(event -> {
                            Key key = event.key();
                            Documents.Document document = event.document();
                            listener.changed(
                                    key.kind(), key.tenant(), key.name(), document == null ? null : document.value());
                        }));
    }
}
