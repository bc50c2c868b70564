/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RandomSource;
import io.robustmq.kernel.Tenants;
import io.robustmq.meta.client.Documents;
import io.robustmq.protocol.AccessListener;
import io.robustmq.protocol.AccessPort;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.AclPort;
import io.robustmq.protocol.AclPort.Decision;
import io.robustmq.protocol.AclPort.Question;
import io.robustmq.protocol.Admission;
import io.robustmq.protocol.ClientAccess;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Grants;
import io.robustmq.protocol.ScramSecret;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may connect and do what, by the users and rules of the cluster. Everybody may do everything as long as there are none.
 * Thread-safe: what connections read is immutable behind one volatile field.
 */
public final class AccessControl implements AccessPort {
    private static final Logger LOG = LoggerFactory.getLogger(AccessControl.class);
    private static final int VIEWS_MAX = 4096;

    private volatile AccessConfig config;
    private final Clock clock;
    private final AccessBook book;
    private final Logins logins;
    private final Attendance attendance;
    private final AccessAdmin admin;
    private final List<CredentialSource> others;
    private final ConcurrentHashMap<String, LongAdder> denials = new ConcurrentHashMap<>();
    private volatile State state;
    private volatile @Nullable Flapping flapping;
    private volatile Supplier<Collection<String>> tenants = () -> List.of(Tenants.DEFAULT);

    /**
     * What is decided with. Immutable; another one for every change.
     *
     * @param open whether nothing needs to be asked
     * @param views of clients that have asked lately; emptied when they are too many
     */
    record State(
            RuleSet rules,
            boolean open,
            boolean anonymousAllowed,
            boolean unmatchedAllowed,
            ConcurrentHashMap<ClientIdentity, RuleSet.View> views) {}

    /**
     * @param passwords runs what takes long: hashes of passwords, and sources that wait
     * @param others whom to ask about users that the cluster does not know
     */
    public AccessControl(
            AccessConfig config, Clock clock, RandomSource random, Executor passwords, List<CredentialSource> others) {
        this(config, clock, random, passwords, new SourceChain.Wanted(others, List.of(), source -> passwords));
    }

    /**
     * @param hashing runs hashes of passwords
     * @param others whom to ask about users that the cluster does not know
     * @param order in which all are asked, {@code users} the cluster's own; empty for the usual one
     * @param threads where each of the others is asked; one that waits must not keep the others waiting
     */
    public AccessControl(
            AccessConfig config,
            Clock clock,
            RandomSource random,
            Executor hashing,
            List<CredentialSource> others,
            List<String> order,
            Function<CredentialSource, Executor> threads) {
        this(config, clock, random, hashing, new SourceChain.Wanted(others, order, threads));
    }

    private AccessControl(
            AccessConfig config, Clock clock, RandomSource random, Executor passwords, SourceChain.Wanted wanted) {
        this.config = config;
        this.clock = clock;
        this.others = List.copyOf(wanted.others());
        this.book = new AccessBook(this::changed);
        this.state = stateNow();
        this.logins = new Logins(config, book, clock, random, passwords, wanted);
        this.attendance = new Attendance(this::welcome, clock);
        this.admin = new AccessAdmin(config, book, clock, random, passwords, this);
    }

    /**
     * Follows the cluster's users and rules; completes when those that are there hold.
     *
     * @param timers delays answers and changes
     */
    public CompletionStage<Void> open(Documents documents, Loop timers) {
        return open(documents, timers, () -> List.of(Tenants.DEFAULT));
    }

    /** @param cluster the tenants that there are */
    public CompletionStage<Void> open(Documents documents, Loop timers, Supplier<Collection<String>> cluster) {
        tenants = cluster;
        logins.open(timers);
        attendance.open(timers);
        admin.open(documents);
        return book.follow(documents, timers, cluster.get());
    }

    /** Whether there is such a tenant. */
    boolean isTenant(String name) {
        return tenants.get().contains(name);
    }

    /** What holds from now on for clients without a name and for what no rule is about; of the config nothing else changes. */
    public void unsaid(AccessConfig.Unsaid anonymous, AccessConfig.Unsaid unmatched) {
        config = config.with(anonymous, unmatched);
        changed();
    }

    public void close() {
        book.close();
    }

    /** Users and rules for administrators. */
    public AccessAdmin admin() {
        return admin;
    }

    private State stateNow() {
        boolean anyUsers = book.userCount() > 0 || !others.isEmpty();
        boolean anonymous = config.anonymous().allows(anyUsers);
        boolean unmatched = config.unmatched().allows(anyUsers);
        RuleSet rules = book.rules();
        boolean open = !anyUsers && rules.size() == 0 && anonymous && unmatched;
        return new State(rules, open, anonymous, unmatched, new ConcurrentHashMap<>());
    }

    /** One after the other: the last one to come must see the newest. */
    private synchronized void changed() {
        state = stateNow();
        attendance.changed();
    }

    State state() {
        return state;
    }

    RuleSet.View view(State now, ClientIdentity client) {
        return now.rules.of(client, isSuperuser(client), now.unmatchedAllowed);
    }

    private RuleSet.View kept(State now, ClientIdentity client) {
        RuleSet.View known = now.views.get(client);
        if (known == null) {
            known = view(now, client);
            if (now.views.size() >= VIEWS_MAX) {
                now.views.clear();
            }
            now.views.put(client, known);
        }
        return known;
    }

    /** Who vouches for a client says that, too: a name that is also a user's here is not that user. */
    private boolean isSuperuser(ClientIdentity client) {
        if (client.grants() != Grants.NONE) {
            return client.grants().superuser();
        }
        String name = client.userName();
        StoredUser user = name == null ? null : book.user(client.tenant(), name);
        return user != null && user.superuser();
    }

    // --- who is let in

    @Override
    public CompletionStage<Boolean> connect(ClientIdentity client, byte @Nullable [] password) {
        return admit(client, password).thenApply(Admission::allowed);
    }

    @Override
    public CompletionStage<Admission> admit(ClientIdentity client, byte @Nullable [] password) {
        return logins.admit(client, password, state);
    }

    @Override
    public boolean takesTokens() {
        return logins.chain().takesTokens();
    }

    @Override
    public CompletionStage<Admission> admitToken(ClientIdentity client, byte[] token) {
        return logins.admitToken(client, token);
    }

    @Override
    public CompletionStage<Admission> admitProven(ClientIdentity client) {
        return logins.admitProven(client);
    }

    @Override
    public CompletionStage<Admission> refuseUnproven(ClientIdentity client) {
        return logins.refuse(client);
    }

    @Override
    public @Nullable ScramSecret scram(String tenant, String userName, String mechanism) {
        StoredUser user = logins.chain().asksUsers() ? book.user(tenant, userName) : null;
        if (user == null) {
            return null;
        }
        return switch (mechanism) {
            case Scram.SHA_256 -> user.scram256();
            case Scram.SHA_512 -> user.scram512();
            default -> null;
        };
    }

    @Override
    public Cancellable attend(ClientIdentity client, Admission admission, AccessListener listener) {
        Cancellable leaving = attendance.add(client, admission, listener);
        Flapping watching = flapping;
        return watching == null
                ? leaving
                : () -> {
                    leaving.cancel();
                    watching.left(client);
                };
    }

    /** Keeps those of MQTT's clients outside for a while who come and go too often; before the first one comes. */
    public void watchFlapping(FlappingConfig wanted) {
        flapping = Flapping.of(wanted, clock, ban -> {
            LOG.warn("{} '{}' comes and goes too often, and is banned for a while", ban.who(), ban.value());
            admin.ban(ban).exceptionally(failure -> {
                LOG.warn("'{}' comes and goes too often, and cannot be banned: {}", ban.value(), failure.getMessage());
                return ban;
            });
        });
    }

    /** How many were banned for that since the node started. */
    public long flappingBans() {
        Flapping watching = flapping;
        return watching == null ? 0 : watching.banned();
    }

    /** Whether the client, who has proven that, would be let in now; null when it would, else why not. */
    private @Nullable String welcome(ClientIdentity client, String proof) {
        String name = client.userName();
        State now = state;
        if (book.bans().holds(client, clock.millis())) {
            return "it is banned";
        }
        if (!isTenant(client.tenant())) {
            return "its tenant is not there any more";
        }
        if (client.certified() || now.open) {
            return null;
        }
        if (name == null) {
            return now.anonymousAllowed ? null : "clients say who they are now";
        }
        if (!proof.isEmpty() && !proof.startsWith(BuiltInUsers.NAME + ":")) {
            return null;
        }
        StoredUser user = book.user(client.tenant(), name);
        if (user == null) {
            boolean nobodyAsks = book.userCount() == 0 && others.isEmpty() && now.anonymousAllowed;
            return nobodyAsks ? null : "the user is not there any more";
        }
        return user.proof().equals(proof) ? null : "the password is another one now";
    }

    // --- who may do what

    @Override
    public boolean mayPublish(ClientIdentity client, String canonicalSubject) {
        State now = state;
        return now.open || kept(now, client).mayPublish(canonicalSubject, 0, false);
    }

    @Override
    public boolean maySubscribe(ClientIdentity client, String canonicalFilter) {
        State now = state;
        return now.open || kept(now, client).maySubscribe(canonicalFilter, 0);
    }

    @Override
    public ClientAccess open(ClientIdentity client) {
        return new CachedAccess(this, client);
    }

    @Override
    public boolean may(ClientIdentity client, AccessRule.Action action, AccessRule.Resource resource, String name) {
        State now = state;
        return now.open || kept(now, client).may(action, resource, name);
    }

    @Override
    public AclPort acls() {
        return admin;
    }

    @Override
    public boolean mayUseGroup(ClientIdentity client, String group) {
        return may(client, AccessRule.Action.SUBSCRIBE, AccessRule.Resource.GROUP, group);
    }

    Decision decide(ClientIdentity client, Question question) {
        State now = state;
        return now.open
                ? new Decision(true, null, "there are no users and no rules: everybody may do everything")
                : view(now, client).decide(question);
    }

    @Override
    public void denied(ClientIdentity client) {
        denials.computeIfAbsent(client.protocol(), protocol -> new LongAdder()).increment();
    }

    @Override
    public boolean allowsAll() {
        return state.open;
    }

    // --- what metrics show

    /** Wrong passwords so far. */
    public long failedLogins() {
        return logins.guard().failed.sum();
    }

    /** Attempts that were refused without a look at the password. */
    public long refusedLogins() {
        return logins.guard().refused.sum();
    }

    /** What clients of a protocol wanted and were not allowed to do. */
    public long denied(String protocol) {
        LongAdder count = denials.get(protocol);
        return count == null ? 0 : count.sum();
    }

    /** The sources in their order, the cluster's own users among them. */
    public List<Source> sources() {
        return logins.chain().sources().stream()
                .map(each -> new Source(each.source().name(), each.counters(), each::isResting))
                .toList();
    }

    /**
     * A source as administrators see it. Immutable.
     *
     * @param resting whether it has failed so often that it is left alone for now
     */
    public record Source(String name, SourceCounters counters, BooleanSupplier resting) {}

    /** Log-ins that cost no hash. */
    public long rememberedLogins() {
        return logins.remembered();
    }

    public int userCount() {
        return book.userCount();
    }

    public int ruleCount() {
        return state.rules.size();
    }
}
