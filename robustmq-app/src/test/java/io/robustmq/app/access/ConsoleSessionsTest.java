/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.system.SystemClock;
import io.robustmq.meta.client.InMemoryMeta;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long somebody stays logged in, and how many can be. */
class ConsoleSessionsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Accounts accounts = new Accounts(SystemClock.INSTANCE);
    private final ConsoleSessions sessions = new ConsoleSessions(accounts, nanos::get);
    private Account ada;

    @BeforeEach
    void open() throws Exception {
        accounts.open(new InMemoryMeta().documents());
        accounts.add("root", AdminRole.ADMIN, "hash").toCompletableFuture().get(30, TimeUnit.SECONDS);
        ada = accounts.add("ada", AdminRole.VIEWER, "first")
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() {
        accounts.close();
    }

    @Test
    void aSessionEndsWhenNobodyUsesIt() {
        String id = sessions.open(ada);
        nanos.addAndGet(ConsoleSessions.IDLE_NANOS - 1);
        assertThat(sessions.account(id, true)).isEqualTo(ada);
        nanos.addAndGet(ConsoleSessions.IDLE_NANOS - 1);
        assertThat(sessions.account(id, false)).as("a page that looks for news").isEqualTo(ada);
        nanos.addAndGet(1);
        assertThat(sessions.account(id, true)).as("news are no use").isNull();
        assertThat(sessions.size()).isZero();
    }

    @Test
    void aSessionEndsAfterADay() {
        String id = sessions.open(ada);
        for (long left = ConsoleSessions.LIFE_NANOS - 1; left > 0; left -= ConsoleSessions.IDLE_NANOS - 1) {
            nanos.addAndGet(Math.min(left, ConsoleSessions.IDLE_NANOS - 1));
            assertThat(sessions.account(id, true)).isEqualTo(ada);
        }
        nanos.incrementAndGet();
        assertThat(sessions.account(id, true)).isNull();
    }

    @Test
    void theOneThatWasUsedLongestAgoMakesRoom() {
        String first = sessions.open(ada);
        String second = sessions.open(ada);
        for (int i = 2; i < ConsoleSessions.SESSIONS_MAX; i++) {
            sessions.open(ada);
        }
        assertThat(sessions.account(first, true)).as("as many as there may be").isEqualTo(ada);
        sessions.open(ada);
        assertThat(sessions.size()).isEqualTo(ConsoleSessions.SESSIONS_MAX);
        assertThat(sessions.account(second, true)).isNull();
        assertThat(sessions.account(first, true)).isEqualTo(ada);
    }

    @Test
    void itIsOfTheAccountAsItWas() throws Exception {
        String id = sessions.open(ada);
        Account operator = accounts.change("ada", AdminRole.OPERATOR, null)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        assertThat(sessions.account(id, true)).as("with the role of now").isEqualTo(operator);
        accounts.change("ada", null, "second").toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(sessions.account(id, true)).as("another password").isNull();
        assertThat(sessions.account("nonsense", true)).isNull();
        assertThat(sessions.account(null, true)).isNull();
        String other = sessions.open(accounts.account("root"));
        sessions.close(other);
        assertThat(sessions.account(other, true)).isNull();
    }
}
