/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.quota;

import io.robustmq.broker.quota.Account.Name;
import io.robustmq.kernel.Clock;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.QuotaAdminPort.Use;
import io.robustmq.protocol.QuotaAdminPort.Whom;
import io.robustmq.protocol.QuotaLimits;
import io.robustmq.protocol.QuotaPort;
import io.robustmq.protocol.SessionPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What tenants, users and clients use of this node, and their limits. Without a quota a connection costs a count of its tenant and
 * of its user, and a read costs one comparison. Thread-safe: accounts are in a concurrent map that guards their holders; quotas are
 * an immutable book behind one volatile field.
 */
public final class QuotaControl implements QuotaPort {
    private static final int LEAVES_PER_SWEEP = 4096;

    private final Clock clock;
    private final ConcurrentHashMap<Name, Account> accounts = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Counts> counts = new ConcurrentHashMap<>();
    private final AtomicInteger leaves = new AtomicInteger();
    private final QuotaAdmin admin;
    private volatile QuotaBook book = QuotaBook.EMPTY;

    /** What has happened to the clients of a tenant. */
    static final class Counts {
        final LongAdder paused = new LongAdder();
        final LongAdder refused = new LongAdder();
    }

    public QuotaControl(Clock clock) {
        this.clock = clock;
        this.admin = new QuotaAdmin(this);
    }

    /** Quotas for administrators, and how they get here. */
    @Override
    public QuotaAdmin admin() {
        return admin;
    }

    void changed(QuotaBook now) {
        book = now;
    }

    QuotaBook book() {
        return book;
    }

    long nanos() {
        return clock.nanos();
    }

    // --- connections

    @Override
    public Entrance enter(ClientIdentity client, boolean replaces) {
        QuotaBook now = book;
        Account tenant = hold(new Name(client.tenant(), Whom.TENANT, ""));
        String user = client.userName();
        Account own = user == null ? null : hold(new Name(client.tenant(), Whom.USER, user));
        String problem = problem(tenant, now, replaces);
        if (problem == null && own != null) {
            problem = problem(own, now, replaces);
        }
        if (problem == null) {
            return new Entrance(new CountedPresence(this, client, tenant, own), null);
        }
        counts(client.tenant()).refused.increment();
        letGo(tenant);
        if (own != null) {
            letGo(own);
        }
        return new Entrance(null, problem);
    }

    private @Nullable String problem(Account account, QuotaBook now, boolean replaces) {
        if (now == QuotaBook.EMPTY) {
            return null;
        }
        QuotaLimits limits = account.limits(now, nanos());
        long most = limits.connections() + (replaces ? 1 : 0);
        if (limits.connections() >= 0 && holders(account) > most) {
            return said(account) + " has " + limits.connections() + " connections, and no more are allowed";
        }
        Bucket connects = account.connects();
        return connects == null || connects.tryCharge(1, nanos())
                ? null
                : said(account) + " connects more than " + limits.connectionsPerSecond() + " times a second";
    }

    private static String said(Account account) {
        return account.name.whom() == Whom.TENANT
                ? "tenant '" + account.name.tenant() + "'"
                : "user '" + account.name.name() + "'";
    }

    Account hold(Name name) {
        return accounts.compute(name, (key, known) -> {
            Account account = known == null ? new Account(key) : known;
            account.holders++;
            return account;
        });
    }

    /** What is still to be waited for is not forgotten by connecting anew. */
    void letGo(Account account) {
        long now = nanos();
        accounts.computeIfPresent(account.name, (key, known) -> {
            known.holders--;
            return known.isIdle(now) ? null : known;
        });
        if (leaves.incrementAndGet() % LEAVES_PER_SWEEP == 0) {
            sweep(now);
        }
    }

    private void sweep(long now) {
        for (Name name : accounts.keySet()) {
            accounts.computeIfPresent(name, (key, known) -> known.isIdle(now) ? null : known);
        }
    }

    private int holders(Account account) {
        int[] found = new int[1];
        accounts.computeIfPresent(account.name, (key, known) -> {
            found[0] = known.holders;
            return known;
        });
        return found[0];
    }

    // --- what is kept

    @Override
    public @Nullable String refusesSession(String tenant, String clientId, SessionPort sessions) {
        long max = book.limits(new Name(tenant, Whom.TENANT, "")).sessions();
        if (max < 0 || sessions.mayExist(tenant, clientId) || sessions.count(tenant) < max) {
            return null;
        }
        counts(tenant).refused.increment();
        return "tenant '" + tenant + "' has " + max + " sessions, and no more are allowed";
    }

    /** Null when the tenant may have one more topic beside those that it has, else why not. */
    public @Nullable String refusesTopic(String tenant, long topics) {
        long max = book.limits(new Name(tenant, Whom.TENANT, "")).topics();
        return max < 0 || topics < max
                ? null
                : "tenant '" + tenant + "' has " + topics + " topics, and no more than " + max + " are allowed";
    }

    // --- rates

    /** What of these is limited; null when nothing is. */
    @Nullable
    Meter meter(QuotaBook now, List<Account> of, boolean incoming) {
        List<Bucket> messages = new ArrayList<>();
        List<Bucket> bytes = new ArrayList<>();
        for (Account each : of) {
            each.limits(now, nanos());
            add(incoming ? each.messages() : null, messages);
            add(incoming ? each.bytes() : each.bytesOut(), bytes);
        }
        return messages.isEmpty() && bytes.isEmpty()
                ? null
                : new BucketMeter(
                        clock,
                        messages.toArray(Bucket[]::new),
                        bytes.toArray(Bucket[]::new),
                        counts(of.get(0).name.tenant()).paused);
    }

    private static void add(@Nullable Bucket bucket, List<Bucket> to) {
        if (bucket != null) {
            to.add(bucket);
        }
    }

    // --- what metrics and administrators see

    Counts counts(String tenant) {
        return counts.computeIfAbsent(tenant, name -> new Counts());
    }

    Use use(String tenant) {
        Account account = accounts.get(new Name(tenant, Whom.TENANT, ""));
        Counts counted = counts.get(tenant);
        return new Use(
                account == null ? 0 : holders(account),
                counted == null ? 0 : counted.paused.sum(),
                counted == null ? 0 : counted.refused.sum());
    }

    /** By tenant: those in which a client was paused or refused. */
    public Map<String, Use> uses() {
        Map<String, Use> uses = new java.util.TreeMap<>();
        counts.keySet().forEach(tenant -> uses.put(tenant, use(tenant)));
        return uses;
    }

    /** Quotas that there are. */
    public int count() {
        return book.all().size();
    }

    /** Accounts that are kept, for tests. */
    int accounts() {
        return accounts.size();
    }
}
