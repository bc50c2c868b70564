/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import io.robustmq.meta.client.Documents;
import io.robustmq.meta.client.Documents.Key;
import io.robustmq.meta.client.Kinds;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.BanPort.Ban;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users and rules as the cluster has them, followed by watching its documents. Thread-safe: users are in a concurrent map; rules
 * are guarded by this and published as an immutable set.
 */
final class AccessBook {
    private static final Logger LOG = LoggerFactory.getLogger(AccessBook.class);
    private static final int LIST_MAX = 1_000_000;
    private static final long CATCH_UP_MILLIS = 20;

    private final Runnable changed;
    private final ConcurrentSkipListMap<Name, StoredUser> users = new ConcurrentSkipListMap<>();
    private final NavigableMap<Name, CompiledRule> compiled = new TreeMap<>();
    /** Of its own, because the map counts by walking. */
    private volatile int userCount;

    private volatile long watchedRevision;
    private volatile RuleSet rules = RuleSet.EMPTY;
    private final NavigableMap<Name, Ban> banned = new TreeMap<>();
    private volatile BanList bans = BanList.EMPTY;
    private @Nullable Cancellable watching;

    /** A name in its tenant. Immutable. */
    record Name(String tenant, String name) implements Comparable<Name> {
        @Override
        public int compareTo(Name other) {
            int byTenant = tenant.compareTo(other.tenant);
            return byTenant != 0 ? byTenant : name.compareTo(other.name);
        }
    }

    AccessBook(Runnable changed) {
        this.changed = changed;
    }

    /** Completes when everything that is there now is known. What was deleted before is never seen, so nothing is read twice. */
    CompletionStage<Void> follow(Documents documents, Loop timers, Collection<String> tenants) {
        Cancellable started = documents.watch(
                Kinds.groupOf(AccessDocuments.USERS),
                List.of(AccessDocuments.USERS, AccessDocuments.RULES, AccessDocuments.BANS),
                0,
                (revision, events) -> learn(revision, true, events));
        synchronized (this) {
            watching = started;
        }
        CompletableFuture<Void> caughtUp = new CompletableFuture<>();
        catchUp(documents, timers, List.copyOf(tenants), caughtUp);
        return caughtUp;
    }

    private void catchUp(Documents documents, Loop timers, List<String> tenants, CompletableFuture<Void> caughtUp) {
        newest(documents, AccessDocuments.RULES, tenants)
                .thenCombine(newest(documents, AccessDocuments.USERS, tenants), Math::max)
                .thenCombine(newest(documents, AccessDocuments.BANS, tenants), Math::max)
                .whenComplete((newest, failure) -> {
                    if (failure != null) {
                        caughtUp.completeExceptionally(failure);
                    } else if (newest <= watchedRevision) {
                        caughtUp.complete(null);
                    } else {
                        timers.schedule(CATCH_UP_MILLIS, () -> catchUp(documents, timers, tenants, caughtUp));
                    }
                });
    }

    private static CompletionStage<Long> newest(Documents documents, String kind, List<String> tenants) {
        CompletionStage<Long> newest = CompletableFuture.completedStage(0L);
        for (String tenant : tenants) {
            newest = newest.thenCombine(
                    documents.list(kind, tenant, "", LIST_MAX),
                    (before, found) -> found.stream()
                            .mapToLong(Documents.Document::revision)
                            .reduce(before, Math::max));
        }
        return newest;
    }

    /** What this node has changed itself is known at once, unless the watch has been there before. */
    void learn(long revision, List<Documents.Event> events) {
        learn(revision, false, events);
    }

    private void learn(long revision, boolean watched, List<Documents.Event> events) {
        boolean anyRules = false;
        boolean anyBans = false;
        synchronized (this) {
            if (!watched && revision <= watchedRevision) {
                return;
            }
            for (Documents.Event event : events) {
                Documents.Document document = event.document();
                byte[] value = document == null ? null : document.value();
                boolean isRule = event.key().kind().equals(AccessDocuments.RULES);
                boolean isBan = event.key().kind().equals(AccessDocuments.BANS);
                anyRules |= isRule;
                anyBans |= isBan;
                if (isBan) {
                    learnBan(event.key(), value);
                } else {
                    learn(event.key(), isRule, value);
                }
            }
            if (anyRules) {
                rules = new RuleSet(compiled.values());
            }
            if (anyBans) {
                bans = new BanList(banned.values());
            }
            if (watched) {
                watchedRevision = revision;
            }
        }
        changed.run();
    }

    private void learnBan(Key key, byte @Nullable [] value) {
        Name name = new Name(key.tenant(), key.name());
        if (value == null) {
            banned.remove(name);
            return;
        }
        try {
            Ban ban = AccessDocuments.ban(name.tenant, value);
            if (ban.who() == AccessRule.Who.ADDRESS) {
                AddressRange.of(ban.value());
            }
            banned.put(name, ban);
        } catch (RmqException e) {
            LOG.error("ban {} of tenant {} is not applied: {}", name.name, name.tenant, e.getMessage());
        }
    }

    private void learn(Key key, boolean isRule, byte @Nullable [] value) {
        Name name = new Name(key.tenant(), key.name());
        try {
            if (isRule && value == null) {
                compiled.remove(name);
            } else if (isRule) {
                compiled.put(name, new CompiledRule(AccessDocuments.rule(name.tenant, name.name, value)));
            } else if (value == null) {
                userCount -= users.remove(name) == null ? 0 : 1;
            } else {
                StoredUser user = AccessDocuments.user(name.tenant, name.name, value);
                userCount += users.put(name, user) == null ? 1 : 0;
            }
        } catch (RmqException e) {
            // A rule that denies something is lost here, so it is said loudly; a user that cannot be read cannot log
            // in.
            LOG.error("{} {} of tenant {} is not applied: {}", key.kind(), name.name, name.tenant, e.getMessage());
        }
    }

    @Nullable
    StoredUser user(String tenant, String name) {
        return users.get(new Name(tenant, name));
    }

    int userCount() {
        return userCount;
    }

    RuleSet rules() {
        return rules;
    }

    BanList bans() {
        return bans;
    }

    synchronized List<Ban> bans(String tenant) {
        return banned.values().stream()
                .filter(each -> each.tenant().equals(tenant))
                .toList();
    }

    synchronized int banCount() {
        return banned.size();
    }

    List<StoredUser> users(String tenant, @Nullable String after, int limit) {
        return users.tailMap(new Name(tenant, after == null ? "" : after), false).values().stream()
                .takeWhile(each -> each.tenant().equals(tenant))
                .limit(limit)
                .toList();
    }

    synchronized List<CompiledRule> rules(String tenant) {
        return compiled.values().stream()
                .filter(each -> each.rule.tenant().equals(tenant))
                .toList();
    }

    synchronized @Nullable CompiledRule rule(String tenant, String name) {
        return compiled.get(new Name(tenant, name));
    }

    synchronized void close() {
        Cancellable registration = watching;
        watching = null;
        if (registration != null) {
            registration.cancel();
        }
    }
}
