/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.quota;

import io.robustmq.broker.quota.Account.Name;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.meta.client.Documents;
import io.robustmq.meta.client.Documents.Change;
import io.robustmq.meta.client.Documents.Document;
import io.robustmq.meta.client.Documents.Event;
import io.robustmq.meta.client.Documents.Key;
import io.robustmq.meta.client.Kinds;
import io.robustmq.protocol.QuotaAdminPort;
import io.robustmq.protocol.QuotaLimits;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Quotas as documents of the cluster: followed, checked, written, and known here before the answer. Thread-safe: what is known is
 * guarded by this and published as an immutable book.
 */
public final class QuotaAdmin implements QuotaAdminPort {
    private static final Logger LOG = LoggerFactory.getLogger(QuotaAdmin.class);
    private static final int QUOTAS_MAX = 20_000;
    private static final int NAME_CHARS_MAX = 256;
    private static final long LIMIT_MAX = 1L << 50;
    private static final long ANY_REVISION = -1;
    private static final long CATCH_UP_MILLIS = 20;

    private final QuotaControl control;
    private final Map<Name, Quota> known = new HashMap<>();
    private volatile @Nullable Documents documents;
    private @Nullable Cancellable watching;
    private volatile long watchedRevision;

    QuotaAdmin(QuotaControl control) {
        this.control = control;
    }

    /**
     * Follows the cluster's quotas; completes when those that are there hold.
     *
     * @param tenants whose quotas are there now
     * @param timers where to wait for them
     */
    public CompletionStage<Void> open(Documents cluster, Collection<String> tenants, Loop timers) {
        documents = cluster;
        Cancellable started = cluster.watch(
                Kinds.groupOf(QuotaDocuments.KIND),
                List.of(QuotaDocuments.KIND),
                0,
                (revision, events) -> learn(revision, true, events));
        synchronized (this) {
            watching = started;
        }
        CompletionStage<Long> newest = CompletableFuture.completedStage(0L);
        for (String tenant : tenants) {
            newest = newest.thenCombine(newest(cluster, tenant), Math::max);
        }
        CompletableFuture<Void> caughtUp = new CompletableFuture<>();
        newest.whenComplete((revision, failure) -> {
            if (failure != null) {
                caughtUp.completeExceptionally(failure);
            } else {
                catchUp(revision, timers, caughtUp);
            }
        });
        return caughtUp;
    }

    private void catchUp(long revision, Loop timers, CompletableFuture<Void> caughtUp) {
        if (revision <= watchedRevision) {
            caughtUp.complete(null);
        } else {
            timers.schedule(CATCH_UP_MILLIS, () -> catchUp(revision, timers, caughtUp));
        }
    }

    private static CompletionStage<Long> newest(Documents cluster, String tenant) {
        return cluster.list(QuotaDocuments.KIND, tenant, "", QUOTAS_MAX)
                .thenApply(found ->
                        found.stream().mapToLong(Document::revision).max().orElse(0));
    }

    public synchronized void close() {
        if (watching != null) {
            watching.cancel();
        }
    }

    private synchronized void learn(long revision, boolean watched, List<Event> events) {
        if (!watched && revision <= watchedRevision) {
            return;
        }
        for (Event event : events) {
            Document document = event.document();
            Name name = name(event.key());
            if (name == null) {
                LOG.error(
                        "quota {} of tenant {} is not applied: it is nobody's",
                        event.key().name(),
                        event.key().tenant());
            } else if (document == null) {
                known.remove(name);
            } else {
                learn(name, document.value());
            }
        }
        if (watched) {
            watchedRevision = revision;
        }
        control.changed(known.isEmpty() ? QuotaBook.EMPTY : new QuotaBook(known));
    }

    private void learn(Name name, byte[] value) {
        try {
            known.put(name, new Quota(name.tenant(), name.whom(), name.name(), QuotaDocuments.limits(value)));
        } catch (RmqException e) {
            LOG.error("quota {} of tenant {} is not applied: {}", name.name(), name.tenant(), e.getMessage());
        }
    }

    private static Key key(String tenant, Whom whom, String name) {
        return new Key(QuotaDocuments.KIND, tenant, whom.name() + ":" + name);
    }

    private static @Nullable Name name(Key key) {
        int colon = key.name().indexOf(':');
        for (Whom whom : Whom.values()) {
            if (colon > 0 && key.name().substring(0, colon).equals(whom.name())) {
                return new Name(key.tenant(), whom, key.name().substring(colon + 1));
            }
        }
        return null;
    }

    @Override
    public List<Quota> quotas(String tenant) {
        return control.book().all().stream()
                .filter(each -> each.tenant().equals(tenant))
                .toList();
    }

    @Override
    public Use use(String tenant) {
        return control.use(tenant);
    }

    @Override
    public CompletionStage<Quota> set(Quota quota) {
        try {
            check(quota);
        } catch (RmqException e) {
            return CompletableFuture.failedStage(e);
        }
        Key key = key(quota.tenant(), quota.whom(), quota.name());
        byte[] value = QuotaDocuments.of(quota.limits());
        return documents()
                .transact(List.of(new Change.Put(key, value, ANY_REVISION)))
                .thenApply(revision -> {
                    learn(revision, false, List.of(new Event(key, new Document(key, value, revision))));
                    return quota;
                });
    }

    @Override
    public CompletionStage<Void> unset(String tenant, Whom whom, String name) {
        Key key = key(tenant, whom, name);
        Documents cluster;
        try {
            cluster = documents();
        } catch (RmqException e) {
            return CompletableFuture.failedStage(e);
        }
        return cluster.get(key)
                .thenCompose(found -> found == null
                        ? CompletableFuture.failedStage(RmqError.NOT_FOUND.exception(
                                "there is no quota of " + whom(whom) + (name.isEmpty() ? "" : " '" + name + "'")))
                        : cluster.transact(List.of(new Change.Delete(key, ANY_REVISION))))
                .thenAccept(revision -> learn(revision, false, List.of(new Event(key, null))));
    }

    private void check(Quota quota) {
        boolean named = quota.whom() == Whom.USER || quota.whom() == Whom.CLIENT;
        if (named == quota.name().isEmpty() || quota.name().length() > NAME_CHARS_MAX) {
            throw RmqError.INVALID_NAME.exception(
                    named
                            ? "a quota of a " + whom(quota.whom()) + " names it, with 1 to " + NAME_CHARS_MAX
                                    + " characters"
                            : "a quota of " + whom(quota.whom()) + " has no name");
        }
        QuotaLimits limits = quota.limits();
        checkCount("connections", limits.connections(), 0);
        checkCount("connectionsPerSecond", limits.connectionsPerSecond(), 1);
        checkCount("sessions", limits.sessions(), 0);
        checkCount("topics", limits.topics(), 0);
        checkCount("messagesPerSecond", limits.messagesPerSecond(), 1);
        checkCount("bytesPerSecond", limits.bytesPerSecond(), 1);
        checkCount("bytesOutPerSecond", limits.bytesOutPerSecond(), 1);
        if (limits.equals(QuotaLimits.NONE)) {
            throw RmqError.INVALID_CONFIG.exception("a quota limits something");
        }
        if (quota.whom() != Whom.TENANT && (limits.sessions() >= 0 || limits.topics() >= 0)) {
            throw RmqError.INVALID_CONFIG.exception("sessions and topics belong to a tenant, and so do their limits");
        }
        boolean ofClient = quota.whom() == Whom.CLIENT || quota.whom() == Whom.EACH_CLIENT;
        if (ofClient && (limits.connections() >= 0 || limits.connectionsPerSecond() >= 0)) {
            throw RmqError.INVALID_CONFIG.exception("connections of tenants and users are limited, not of clients");
        }
        int quotas = control.count();
        if (quotas >= QUOTAS_MAX) {
            throw RmqError.QUOTA_EXCEEDED.exception("there are " + quotas + " quotas, and no more are allowed");
        }
    }

    private static void checkCount(String field, long limit, long least) {
        if (limit != QuotaLimits.UNLIMITED && (limit < least || limit > LIMIT_MAX)) {
            throw RmqError.INVALID_CONFIG.exception(field + " is " + least + " to " + LIMIT_MAX + ", not " + limit);
        }
    }

    private static String whom(Whom whom) {
        return whom.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private Documents documents() {
        Documents cluster = documents;
        if (cluster == null) {
            throw RmqError.UNAVAILABLE.exception("the node has not started yet");
        }
        return cluster;
    }
}
