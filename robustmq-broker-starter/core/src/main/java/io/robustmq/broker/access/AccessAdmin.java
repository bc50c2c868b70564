/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.kernel.Clock;
import io.robustmq.kernel.RandomSource;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.Tenants;
import io.robustmq.meta.client.Documents;
import io.robustmq.meta.client.Documents.Change;
import io.robustmq.meta.client.Documents.Document;
import io.robustmq.meta.client.Documents.Event;
import io.robustmq.meta.client.Documents.Key;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.AclPort;
import io.robustmq.protocol.BanPort;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.TenantPort;
import io.robustmq.protocol.UserPort;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Users and rules for administrators: checked, written as documents, and known here before the answer. Thread-safe. */
public final class AccessAdmin implements UserPort, AclPort, BanPort {
    private static final Pattern RULE_NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final long ANY_REVISION = -1;
    private static final int BANS_MAX = 20_000;
    private static final int BAN_CHARS_MAX = 512;

    private final AccessConfig config;
    private final AccessBook book;
    private final Clock clock;
    private final RandomSource random;
    private final Executor passwords;
    private final AccessControl control;
    private volatile @Nullable Documents documents;

    AccessAdmin(
            AccessConfig config,
            AccessBook book,
            Clock clock,
            RandomSource random,
            Executor passwords,
            AccessControl control) {
        this.config = config;
        this.book = book;
        this.clock = clock;
        this.random = random;
        this.passwords = passwords;
        this.control = control;
    }

    void open(Documents cluster) {
        documents = cluster;
    }

    // --- users

    @Override
    public List<User> users(String tenant, @Nullable String after, int limit) {
        return book.users(tenant, after, limit).stream().map(StoredUser::seen).toList();
    }

    @Override
    public @Nullable User user(String tenant, String name) {
        StoredUser user = book.user(tenant, name);
        return user == null ? null : user.seen();
    }

    @Override
    public int count(String tenant) {
        return book.users(tenant, null, Integer.MAX_VALUE).size();
    }

    @Override
    public CompletionStage<User> addUser(String tenant, String name, byte[] password, boolean superuser) {
        return checked(() -> {
                    requireNew(tenant, name);
                    requirePassword(password);
                    return hashed(() -> {
                        long now = clock.millis();
                        return withPassword(tenant, name, password, superuser, now, now);
                    });
                })
                .thenCompose(user -> put(user, 0));
    }

    @Override
    public CompletionStage<User> importUser(String tenant, String name, String hash, boolean superuser) {
        return checked(() -> {
            requireNew(tenant, name);
            Passwords.kindOf(hash);
            long now = clock.millis();
            return put(new StoredUser(tenant, name, superuser, hash, null, null, now, now), 0);
        });
    }

    @Override
    public CompletionStage<User> changePassword(String tenant, String name, byte[] password) {
        return checked(() -> {
                    requirePassword(password);
                    return documents().get(key(AccessDocuments.USERS, tenant, name));
                })
                .thenCompose(found -> {
                    if (found == null) {
                        throw new CompletionException(RmqError.NOT_FOUND.exception("there is no user '" + name + "'"));
                    }
                    StoredUser old = AccessDocuments.user(tenant, name, found.value());
                    return hashed(() -> withPassword(
                                    tenant, name, password, old.superuser(), old.createdMillis(), clock.millis()))
                            .thenCompose(user -> put(user, found.revision()));
                });
    }

    @Override
    public CompletionStage<Void> deleteUser(String tenant, String name) {
        return checked(() -> delete(key(AccessDocuments.USERS, tenant, name), "user"));
    }

    private void requireTenant(String tenant) {
        if (!control.isTenant(tenant)) {
            throw RmqError.NOT_FOUND.exception("there is no tenant '" + tenant + "'");
        }
    }

    private void requireNew(String tenant, String name) {
        requireTenant(tenant);
        int at = name.indexOf(TenantPort.SEPARATOR);
        if (tenant.equals(Tenants.DEFAULT) && at > 0 && control.isTenant(name.substring(0, at))) {
            throw RmqError.INVALID_NAME.exception(
                    "'" + name + "' is what a user of the tenant '" + name.substring(0, at) + "' says: add it there");
        }
        boolean legal = !name.isEmpty()
                && name.length() <= Logins.NAME_CHARS_MAX
                && name.chars().noneMatch(Character::isISOControl);
        if (!legal) {
            throw RmqError.INVALID_NAME.exception(
                    "the name of a user has 1 to " + Logins.NAME_CHARS_MAX + " characters, and no control characters");
        }
        if (book.userCount() >= config.usersMax()) {
            throw RmqError.QUOTA_EXCEEDED.exception(
                    "there are " + book.userCount() + " users, and no more are allowed");
        }
    }

    private static void requirePassword(byte[] password) {
        if (password.length == 0 || password.length > BuiltInUsers.PASSWORD_BYTES_MAX) {
            throw RmqError.INVALID_CONFIG.exception(
                    "a password has 1 to " + BuiltInUsers.PASSWORD_BYTES_MAX + " bytes");
        }
    }

    private StoredUser withPassword(
            String tenant, String name, byte[] password, boolean superuser, long createdMillis, long changedMillis) {
        return new StoredUser(
                tenant,
                name,
                superuser,
                Passwords.hash(password, random),
                Scram.secret(Scram.SHA_256, password, random),
                Scram.secret(Scram.SHA_512, password, random),
                createdMillis,
                changedMillis);
    }

    private CompletionStage<StoredUser> hashed(Supplier<StoredUser> work) {
        CompletableFuture<StoredUser> result = new CompletableFuture<>();
        passwords.execute(() -> {
            try {
                result.complete(work.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private CompletionStage<User> put(StoredUser user, long expectedRevision) {
        Key key = key(AccessDocuments.USERS, user.tenant(), user.name());
        return put(key, AccessDocuments.of(user), expectedRevision, "user").thenApply(v -> user.seen());
    }

    // --- rules

    @Override
    public List<AccessRule> rules(String tenant) {
        return book.rules(tenant).stream().map(each -> each.rule).toList();
    }

    @Override
    public CompletionStage<AccessRule> add(AccessRule rule) {
        return checked(() -> {
            requireTenant(rule.tenant());
            if (!RULE_NAME.matcher(rule.name()).matches()) {
                throw RmqError.INVALID_NAME.exception(
                        "a rule's name is [a-zA-Z0-9._-]{1,249}, not '" + rule.name() + "'");
            }
            int rules = control.ruleCount();
            if (rules >= config.rulesMax()) {
                throw RmqError.QUOTA_EXCEEDED.exception("there are " + rules + " rules, and no more are allowed");
            }
            AccessRule legal = new CompiledRule(rule).rule;
            return put(key(AccessDocuments.RULES, rule.tenant(), rule.name()), AccessDocuments.of(legal), 0, "rule")
                    .thenApply(v -> legal);
        });
    }

    @Override
    public CompletionStage<Void> deleteRule(String tenant, String name) {
        return checked(() -> delete(key(AccessDocuments.RULES, tenant, name), "rule"));
    }

    @Override
    public Decision decide(ClientIdentity client, Question question) {
        return control.decide(client, question);
    }

    // --- bans

    @Override
    public List<Ban> bans(String tenant) {
        long now = clock.millis();
        return book.bans(tenant).stream()
                .filter(each -> BanList.holds(each, now))
                .toList();
    }

    @Override
    public CompletionStage<Ban> ban(Ban ban) {
        return checked(() -> {
            requireTenant(ban.tenant());
            boolean named = ban.who() == AccessRule.Who.USER || ban.who() == AccessRule.Who.CLIENT_ID;
            if (!named && ban.who() != AccessRule.Who.ADDRESS) {
                throw RmqError.INVALID_CONFIG.exception("a user, a client id or an address can be banned");
            }
            if (ban.value().isEmpty()
                    || ban.value().length() > BAN_CHARS_MAX
                    || ban.reason().length() > BAN_CHARS_MAX) {
                throw RmqError.INVALID_CONFIG.exception(
                        "who is banned has 1 to " + BAN_CHARS_MAX + " characters, and the reason as many at most");
            }
            if (ban.who() == AccessRule.Who.ADDRESS) {
                AddressRange.of(ban.value());
            }
            return forgetOver(ban.tenant()).thenCompose(v -> {
                if (book.banCount() >= BANS_MAX) {
                    throw RmqError.QUOTA_EXCEEDED.exception("there are " + BANS_MAX + " bans, and no more are allowed");
                }
                return put(banKey(ban.tenant(), ban.who(), ban.value()), AccessDocuments.of(ban), ANY_REVISION, "ban")
                        .thenApply(done -> ban);
            });
        });
    }

    /** Those whose time is over go when the next one comes. */
    private CompletionStage<Void> forgetOver(String tenant) {
        long now = clock.millis();
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (Ban each : book.bans(tenant)) {
            if (!BanList.holds(each, now)) {
                all = all.thenCompose(v -> delete(banKey(tenant, each.who(), each.value()), "ban"))
                        .exceptionally(failure -> null);
            }
        }
        return all;
    }

    @Override
    public CompletionStage<Void> pardon(String tenant, AccessRule.Who who, String value) {
        return checked(() -> delete(banKey(tenant, who, value), "ban"));
    }

    private static Key banKey(String tenant, AccessRule.Who who, String value) {
        return key(AccessDocuments.BANS, tenant, who.name() + ":" + value);
    }

    // --- documents

    private static Key key(String kind, String tenant, String name) {
        return new Key(kind, tenant, name);
    }

    private CompletionStage<Void> put(Key key, byte[] value, long expectedRevision, String what) {
        return documents()
                .transact(List.of(new Change.Put(key, value, expectedRevision)))
                .exceptionally(failure -> {
                    boolean mismatch = RmqException.errorOf(failure) == RmqError.REVISION_MISMATCH;
                    if (mismatch && expectedRevision == 0) {
                        throw RmqError.TOPIC_EXISTS.exception("there is a " + what + " '" + key.name() + "'");
                    }
                    throw mismatch
                            ? RmqError.REVISION_MISMATCH.exception(
                                    what + " '" + key.name() + "' was changed by somebody else at the same time")
                            : new CompletionException(failure);
                })
                .thenAccept(revision ->
                        book.learn(revision, List.of(new Event(key, new Document(key, value, revision)))));
    }

    private CompletionStage<Void> delete(Key key, String what) {
        return documents()
                .get(key)
                .thenCompose(found -> found == null
                        ? CompletableFuture.failedStage(
                                RmqError.NOT_FOUND.exception("there is no " + what + " '" + key.name() + "'"))
                        : documents().transact(List.of(new Change.Delete(key, ANY_REVISION))))
                .thenAccept(revision -> book.learn(revision, List.of(new Event(key, null))));
    }

    private static <T> CompletionStage<T> checked(Supplier<CompletionStage<T>> work) {
        try {
            return work.get();
        } catch (RmqException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private Documents documents() {
        Documents cluster = documents;
        if (cluster == null) {
            throw RmqError.UNAVAILABLE.exception("the node has not started yet");
        }
        return cluster;
    }
}
