/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.state;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.Tenants;
import io.robustmq.meta.client.Kinds;
import io.robustmq.rpc.meta.Change;
import io.robustmq.rpc.meta.CheckKind;
import io.robustmq.rpc.meta.Delete;
import io.robustmq.rpc.meta.Put;
import io.robustmq.rpc.meta.Transaction;
import java.util.List;

/** Transactions of documents: all changes or none. Stateless; runs on the apply thread. */
final class DocumentCommands {
    static final int CHANGES_MAX = 1024;
    static final int VALUE_BYTES_MAX = 1 << 20;
    static final int KINDS_MAX = 128;
    private static final long ANY = -1;

    private final String group;

    DocumentCommands(String group) {
        this.group = group;
    }

    void apply(Transaction transaction, Transactional state) {
        if (transaction.getChangesCount() > CHANGES_MAX) {
            throw RmqError.INVALID_REQUEST.exception("a transaction has at most " + CHANGES_MAX + " changes");
        }
        for (Change change : transaction.getChangesList()) {
            switch (change.getKindCase()) {
                case PUT -> put(change.getPut(), state);
                case DELETE -> delete(change.getDelete(), state);
                case CHECK_KIND -> check(change.getCheckKind(), state);
                case KIND_NOT_SET -> throw RmqError.NOT_SUPPORTED.exception("a change that this node does not know");
            }
        }
    }

    private void put(Put put, Transactional state) {
        DocKey key = changeable(DocKey.of(put.getKey()), state);
        if (put.getValue().size() > VALUE_BYTES_MAX) {
            throw RmqError.PAYLOAD_TOO_LARGE.exception(
                    key + " has " + put.getValue().size() + " bytes, more than " + VALUE_BYTES_MAX);
        }
        if (key.kind().equals(Kinds.TENANT)) {
            Names.checkTenant(key);
        }
        List<String> kinds = state.store().kinds();
        if (kinds.size() >= KINDS_MAX && !kinds.contains(key.kind())) {
            throw RmqError.QUOTA_EXCEEDED.exception("a group keeps at most " + KINDS_MAX + " kinds of documents");
        }
        expect(key, put.getExpectedRevision(), state.stored(key));
        state.put(key, put.getValue().toByteArray());
    }

    private void delete(Delete delete, Transactional state) {
        DocKey key = changeable(DocKey.of(delete.getKey()), state);
        Stored stored = state.stored(key);
        expect(key, delete.getExpectedRevision(), stored);
        if (stored == null) {
            return;
        }
        if (key.kind().equals(Kinds.TENANT)) {
            refuseWhileUsed(key, state);
        }
        state.delete(key);
    }

    private static void check(CheckKind check, Transactional state) {
        long revision = state.kindRevision(check.getKind(), check.getTenant());
        if (revision > check.getUnchangedSinceRevision()) {
            throw RmqError.REVISION_MISMATCH.exception("kind " + check.getKind() + " of tenant '" + check.getTenant()
                    + "' changed at revision " + revision + ", after " + check.getUnchangedSinceRevision());
        }
    }

    private DocKey changeable(DocKey key, Transactional state) {
        key.checked();
        if (Kinds.isCommandOnly(key.kind())) {
            throw RmqError.POLICY_VIOLATION.exception("kind " + key.kind() + " is changed by cluster commands only");
        }
        if (!Kinds.groupOf(key.kind()).equals(group)) {
            throw RmqError.INVALID_REQUEST.exception("kind " + key.kind() + " does not live in group " + group);
        }
        if (state.touches(key)) {
            throw RmqError.INVALID_REQUEST.exception("a transaction changes " + key + " twice");
        }
        return key;
    }

    private static void expect(DocKey key, long expected, @org.jspecify.annotations.Nullable Stored stored) {
        long actual = stored == null ? 0 : stored.revision();
        if (expected != ANY && expected != actual) {
            throw RmqError.REVISION_MISMATCH.exception(
                    key + (stored == null ? " does not exist" : " has revision " + actual) + ", not " + expected);
        }
    }

    private static void refuseWhileUsed(DocKey tenant, Transactional state) {
        if (tenant.name().equals(Tenants.DEFAULT)) {
            throw RmqError.POLICY_VIOLATION.exception("the tenant default always exists");
        }
        state.store().scan(Kinds.TOPIC, DocKey.bytes(tenant.name(), ""), topic -> {
            throw RmqError.POLICY_VIOLATION.exception("tenant " + tenant.name() + " still has topics");
        });
    }
}
