/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpCookie;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Who has logged in to the console with a browser: in the memory of this node, and only as long as the account has the password that
 * it had then. Thread-safe: guarded by this.
 */
final class ConsoleSessions {
    static final String COOKIE = "robustmq-console";
    static final int SESSIONS_MAX = 1000;
    static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(30);
    static final long LIFE_NANOS = TimeUnit.HOURS.toNanos(12);

    private final Accounts accounts;
    private final LongSupplier nanos;
    private final Secrets secrets = new Secrets();
    /** The one that was used longest ago first. */
    private final LinkedHashMap<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

    private record Session(String account, String passwordHash, long bornNanos, long lastNanos) {}

    ConsoleSessions(Accounts accounts, LongSupplier nanos) {
        this.accounts = accounts;
        this.nanos = nanos;
    }

    /** Opens a session under an identifier that nobody has seen before. */
    synchronized String open(Account account) {
        String id = secrets.tokenSecret();
        long now = nanos.getAsLong();
        sessions.put(Secrets.sha256(id), new Session(account.name(), account.passwordHash(), now, now));
        Iterator<Map.Entry<String, Session>> oldest = sessions.entrySet().iterator();
        if (sessions.size() > SESSIONS_MAX) {
            oldest.next();
            oldest.remove();
        }
        return id;
    }

    /**
     * The account whose session it is; null for none.
     *
     * @param used whether a person asks, and not a page that looks for news by itself
     */
    @Nullable
    Account account(@Nullable String id, boolean used) {
        Session session = id == null ? null : session(Secrets.sha256(id), used);
        Account account = session == null ? null : accounts.account(session.account);
        return account != null && account.passwordHash().equals(session.passwordHash) ? account : null;
    }

    private synchronized @Nullable Session session(String key, boolean used) {
        Session session = sessions.get(key);
        long now = nanos.getAsLong();
        if (session == null) {
            return null;
        }
        if (now - session.lastNanos >= IDLE_NANOS || now - session.bornNanos >= LIFE_NANOS) {
            sessions.remove(key);
            return null;
        }
        if (used) {
            sessions.put(key, new Session(session.account, session.passwordHash, session.bornNanos, now));
        }
        return session;
    }

    synchronized void close(@Nullable String id) {
        if (id != null) {
            sessions.remove(Secrets.sha256(id));
        }
    }

    synchronized int size() {
        return sessions.size();
    }

    static @Nullable String id(ServerHttpRequest request) {
        HttpCookie cookie = request.getCookies().getFirst(COOKIE);
        return cookie == null || cookie.getValue().isEmpty() ? null : cookie.getValue();
    }
}
