/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.meta.client.Documents;
import io.robustmq.meta.client.Documents.Change;
import io.robustmq.meta.client.Documents.Document;
import io.robustmq.meta.client.Documents.Event;
import io.robustmq.meta.client.Documents.Key;
import io.robustmq.meta.client.Kinds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The accounts and tokens of the cluster: documents in meta, followed by every node, so that logging in works while meta
 * does not. Thread-safe: concurrent maps and volatile fields.
 */
public final class Accounts {
    static final String ACCOUNT = "admin.account";
    static final String TOKEN = "admin.token";
    /** Administrators belong to the cluster, not to one of its tenants. */
    static final String TENANT = "";

    static final int ACCOUNTS_MAX = 1_000;
    static final int TOKENS_MAX = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._@-]{1,64}");
    private static final long NEW = 0;
    private static final long SEEN_SECONDS_MAX = 5;

    private final Clock clock;
    private final JsonMapper json = JsonMapper.shared();
    private final ConcurrentSkipListMap<String, Known<Account>> accounts = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<String, Known<ApiToken>> tokens = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Long, CompletableFuture<Void>> waiting = new ConcurrentSkipListMap<>();
    private volatile long seenRevision;
    private volatile @Nullable Documents documents;
    private volatile @Nullable Cancellable watch;

    public Accounts(Clock clock) {
        this.clock = clock;
    }

    private record Known<T>(T value, long revision) {}

    /** Follows the documents from now on. */
    public void open(Documents kept) {
        documents = kept;
        watch = kept.watch(Kinds.METADATA_GROUP, List.of(ACCOUNT, TOKEN), 0, this::changed);
    }

    public void close() {
        documents = null;
        Cancellable following = watch;
        watch = null;
        if (following != null) {
            following.cancel();
        }
    }

    private void changed(long revision, List<Event> events) {
        for (Event event : events) {
            boolean account = event.key().kind().equals(ACCOUNT);
            Document document = event.document();
            if (document == null) {
                (account ? accounts : tokens).remove(event.key().name());
                continue;
            }
            try {
                if (account) {
                    accounts.put(
                            event.key().name(),
                            new Known<>(json.readValue(document.value(), Account.class), document.revision()));
                } else {
                    tokens.put(
                            event.key().name(),
                            new Known<>(json.readValue(document.value(), ApiToken.class), document.revision()));
                }
            } catch (JacksonException e) {
                // Fails closed; a newer node's account is nobody here.
                (account ? accounts : tokens).remove(event.key().name());
                LOG.warn(
                        "{} {} cannot be read by this version",
                        event.key().kind(),
                        event.key().name());
            }
        }
        seenRevision = revision;
        waiting.headMap(revision, true).values().removeIf(waiter -> {
            waiter.complete(null);
            return true;
        });
    }

    /** Whoever changed something finds it changed on this node; on others within moments. */
    private CompletableFuture<Void> seen(long revision) {
        CompletableFuture<Void> waiter = waiting.computeIfAbsent(revision, each -> new CompletableFuture<Void>());
        if (seenRevision >= revision) {
            waiting.remove(revision);
            waiter.complete(null);
        }
        return waiter.completeOnTimeout(null, SEEN_SECONDS_MAX, TimeUnit.SECONDS);
    }

    /** Whether accounts can be known at all: not before the node has reached meta. */
    public boolean isOpen() {
        return documents != null;
    }

    public @Nullable Account account(String name) {
        Known<Account> known = accounts.get(name);
        return known == null ? null : known.value();
    }

    /** In the order of their names. */
    public List<Account> accounts() {
        return accounts.values().stream().map(Known::value).toList();
    }

    /** The token, unless its time is over. */
    public @Nullable ApiToken token(String id) {
        Known<ApiToken> known = tokens.get(id);
        return known == null || known.value().expired(clock.millis()) ? null : known.value();
    }

    /** In the order of their ids, those whose time is over included. */
    public List<ApiToken> tokens() {
        return tokens.values().stream().map(Known::value).toList();
    }

    /** Whether anybody has an account, as meta knows it now. */
    CompletionStage<Boolean> anybody() {
        return documents().list(ACCOUNT, TENANT, "", 1).thenApply(found -> !found.isEmpty());
    }

    static String checkedName(@Nullable String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw RmqError.INVALID_NAME.exception(
                    "an account's name is 1 to 64 letters, digits, dots, dashes, underscores or @");
        }
        return name;
    }

    CompletionStage<Account> add(String name, AdminRole role, String passwordHash) {
        if (accounts.size() >= ACCOUNTS_MAX) {
            throw RmqError.QUOTA_EXCEEDED.exception("there are " + ACCOUNTS_MAX + " accounts; delete one first");
        }
        Account account = new Account(checkedName(name), role, passwordHash, clock.millis());
        return put(key(ACCOUNT, name), account, NEW, "there is an account " + name)
                .thenApply(done -> account);
    }

    /** @param role null leaves it, as it does the other one */
    CompletionStage<Account> change(String name, @Nullable AdminRole role, @Nullable String passwordHash) {
        Known<Account> known = known(name);
        Account before = known.value();
        Account after = new Account(
                name,
                role == null ? before.role() : role,
                passwordHash == null ? before.passwordHash() : passwordHash,
                before.createdMillis());
        List<Change> changes = new ArrayList<>();
        if (after.role() != AdminRole.ADMIN) {
            changes.addAll(keepsAnAdmin(name));
        }
        changes.add(new Change.Put(key(ACCOUNT, name), json.writeValueAsBytes(after), known.revision()));
        return transact(changes, "account " + name + " was changed meanwhile: look, and try again")
                .thenApply(done -> after);
    }

    CompletionStage<Void> delete(String name) {
        Known<Account> known = known(name);
        List<Change> changes = new ArrayList<>(keepsAnAdmin(name));
        changes.add(new Change.Delete(key(ACCOUNT, name), known.revision()));
        return transact(changes, "account " + name + " was changed meanwhile: look, and try again");
    }

    /** The last administrator stays; that no other one goes at the same time is checked by the transaction. */
    private List<Change> keepsAnAdmin(String name) {
        long revision = seenRevision;
        boolean another = accounts().stream()
                .anyMatch(each -> each.role() == AdminRole.ADMIN && !each.name().equals(name));
        if (!another) {
            throw RmqError.INVALID_REQUEST.exception(
                    name + " is the last account with role admin: give another one the role first");
        }
        return List.of(new Change.CheckKind(ACCOUNT, TENANT, revision));
    }

    private Known<Account> known(String name) {
        Known<Account> known = accounts.get(name);
        if (known == null) {
            throw RmqError.NOT_FOUND.exception("there is no account " + name);
        }
        return known;
    }

    CompletionStage<ApiToken> add(ApiToken token) {
        if (tokens.size() >= TOKENS_MAX) {
            throw RmqError.QUOTA_EXCEEDED.exception("there are " + TOKENS_MAX + " tokens; revoke one first");
        }
        return put(key(TOKEN, token.id()), token, NEW, "there is a token " + token.id())
                .thenApply(done -> token);
    }

    CompletionStage<Void> revoke(String id) {
        Known<ApiToken> known = tokens.get(id);
        if (known == null) {
            throw RmqError.NOT_FOUND.exception("there is no token " + id);
        }
        return transact(
                List.of(new Change.Delete(key(TOKEN, id), known.revision())), "token " + id + " was revoked meanwhile");
    }

    private CompletionStage<Void> put(Key key, Object value, long revision, String conflict) {
        return transact(List.of(new Change.Put(key, json.writeValueAsBytes(value), revision)), conflict);
    }

    private CompletionStage<Void> transact(List<Change> changes, String conflict) {
        return documents()
                .transact(changes)
                .handle((revision, failure) -> {
                    if (failure == null) {
                        return seen(revision);
                    }
                    boolean other = RmqException.causeOf(failure) instanceof RmqException refused
                            && refused.error() == RmqError.REVISION_MISMATCH;
                    return CompletableFuture.<Void>failedFuture(
                            other ? RmqError.REVISION_MISMATCH.exception(conflict) : failure);
                })
                .thenCompose(stage -> stage);
    }

    private static Key key(String kind, String name) {
        return new Key(kind, TENANT, name);
    }

    private Documents documents() {
        Documents open = documents;
        if (open == null) {
            throw RmqError.UNAVAILABLE.exception("the node has not reached meta: ask again later");
        }
        return open;
    }
}
