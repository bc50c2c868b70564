/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.state;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.robustmq.meta.client.Kinds;
import io.robustmq.rpc.meta.Document;
import io.robustmq.rpc.meta.WatchedChange;
import io.robustmq.rpc.meta.WatchedEvent;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one command reads and wants to change; nothing is stored before {@link #writeTo}. Confined to the apply thread. */
final class Transactional {
    /** When the kind last changed in the tenant: key {@code kind 0x00 tenant}, value 8 bytes. */
    static final String KIND_REVISIONS = "~kind-revisions";

    /** Next id of each sequence. */
    static final String SEQUENCES = "~sequences";

    private final StateStore store;
    private final long revision;
    private final Map<DocKey, Optional<byte[]>> changes = new LinkedHashMap<>();
    private final Map<String, Long> sequences = new LinkedHashMap<>();

    /** @param revision the revision that the change will have */
    Transactional(StateStore store, long revision) {
        this.store = store;
        this.revision = revision;
    }

    StateStore store() {
        return store;
    }

    /** The document as stored, without this transaction's own changes. */
    @Nullable
    Stored stored(DocKey key) {
        return store.get(key);
    }

    void put(DocKey key, MessageLite value) {
        put(key, value.toByteArray());
    }

    void put(DocKey key, byte[] value) {
        changes.put(key, Optional.of(value));
    }

    void delete(DocKey key) {
        changes.put(key, Optional.empty());
    }

    boolean touches(DocKey key) {
        return changes.containsKey(key);
    }

    long kindRevision(String kind, String tenant) {
        byte[] bytes = store.get(KIND_REVISIONS, DocKey.bytes(kind, tenant));
        return bytes == null ? 0 : ByteBuffer.wrap(bytes).getLong();
    }

    /** Takes the next ids of the sequence; answers with the first, which is 1 or more. */
    long allocate(String sequence, int count) {
        byte[] bytes = store.get(SEQUENCES, DocKey.bytes(sequence, ""));
        long first = bytes == null ? 1 : ByteBuffer.wrap(bytes).getLong();
        sequences.put(sequence, Math.addExact(first, count));
        return first;
    }

    boolean changesDocuments() {
        return !changes.isEmpty();
    }

    boolean changesImage() {
        return changes.keySet().stream().anyMatch(key -> Kinds.isImage(key.kind()));
    }

    void writeTo(StateStore.Batch batch) {
        changes.forEach((key, value) -> {
            if (value.isPresent()) {
                batch.put(key.kind(), key.bytes(), StateStore.encode(revision, value.get()));
            } else {
                batch.delete(key.kind(), key.bytes());
            }
            batch.put(KIND_REVISIONS, DocKey.bytes(key.kind(), key.tenant()), longBytes(revision));
        });
        sequences.forEach((name, next) -> batch.put(SEQUENCES, DocKey.bytes(name, ""), longBytes(next)));
    }

    /** What watchers are told. */
    WatchedChange toChange() {
        WatchedChange.Builder change = WatchedChange.newBuilder().setRevision(revision);
        changes.forEach((key, value) -> {
            WatchedEvent.Builder event = change.addEventsBuilder().setKey(key.toProto());
            value.ifPresent(bytes -> event.setDocument(Document.newBuilder()
                    .setKey(key.toProto())
                    .setValue(ByteString.copyFrom(bytes))
                    .setRevision(revision)));
        });
        return change.build();
    }

    static byte[] longBytes(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }
}
