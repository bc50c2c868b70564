/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.app.access.AdminProperties.Loopback;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.meta.client.InMemoryMeta;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

/** The door without a server: what time, address and the mode of the loopback decide. */
class LoginCheckTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private final Passwords passwords = new Passwords();
    private final Accounts accounts = new Accounts(SystemClock.INSTANCE);

    @AfterEach
    void close() {
        accounts.close();
        passwords.close();
    }

    private AdminDoor door(Loopback loopback) {
        return new AdminDoor(
                new LoginCheck(
                        accounts,
                        passwords,
                        new FailedAttempts(nanos::get),
                        loopback,
                        new ConsoleSessions(accounts, nanos::get),
                        login -> wrong.incrementAndGet()),
                new AccessRules("/actuator"),
                (exchange, chain) -> chain.filter(exchange));
    }

    private static <T> T done(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private void addAda() throws Exception {
        accounts.open(new InMemoryMeta().documents());
        String hash = passwords.hash("correct horse").block(PATIENCE);
        assertThat(hash).isNotNull();
        done(accounts.add("ada", AdminRole.ADMIN, hash));
    }

    private static MockServerWebExchange exchange(String address, String password) {
        MockServerHttpRequest.BaseBuilder<?> request = MockServerHttpRequest.get("/actuator/topics")
                .header("Host", "127.0.0.1")
                .remoteAddress(new InetSocketAddress(address, 1000));
        if (!password.isEmpty()) {
            byte[] pair = ("ada:" + password).getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
        }
        return MockServerWebExchange.from(request);
    }

    private static HttpStatusCode pass(AdminDoor door, MockServerWebExchange exchange) {
        door.filter(exchange, passed -> {
                    passed.getResponse().setStatusCode(HttpStatus.OK);
                    return passed.getResponse().setComplete();
                })
                .block(PATIENCE);
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        assertThat(status).isNotNull();
        return status;
    }

    @Test
    void theLoopbackIsOpenOrSecured() {
        assertThat(pass(door(Loopback.OPEN), exchange("127.0.0.1", ""))).isEqualTo(HttpStatus.OK);
        assertThat(pass(door(Loopback.OPEN), exchange("127.0.0.2", ""))).isEqualTo(HttpStatus.OK);
        assertThat(pass(door(Loopback.OPEN), exchange("::1", ""))).isEqualTo(HttpStatus.OK);
        assertThat(pass(door(Loopback.OPEN), exchange("192.0.2.1", ""))).isEqualTo(HttpStatus.UNAUTHORIZED);
        assertThat(pass(door(Loopback.SECURED), exchange("127.0.0.1", ""))).isEqualTo(HttpStatus.UNAUTHORIZED);
        assertThat(pass(door(Loopback.SECURED), exchange("::1", ""))).isEqualTo(HttpStatus.UNAUTHORIZED);
    }

    @Test
    void beforeMetaIsReachedNobodyIsWrong() {
        MockServerWebExchange early = exchange("192.0.2.1", "correct horse");
        assertThat(pass(door(Loopback.OPEN), early)).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
        assertThat(early.getResponse().getHeaders().getFirst("Retry-After")).isEqualTo("1");
    }

    @Test
    void guessingIsSlowedForTheAddressThatGuesses() throws Exception {
        addAda();
        AdminDoor door = door(Loopback.OPEN);
        for (int i = 0; i < FailedAttempts.FREE; i++) {
            assertThat(pass(door, exchange("192.0.2.1", "guess-" + i))).isEqualTo(HttpStatus.UNAUTHORIZED);
        }
        MockServerWebExchange slowed = exchange("192.0.2.1", "correct horse");
        assertThat(pass(door, slowed)).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
        assertThat(slowed.getResponse().getHeaders().getFirst("Retry-After")).isEqualTo("1");
        assertThat(pass(door, exchange("192.0.2.2", "correct horse"))).isEqualTo(HttpStatus.OK);
        assertThat(wrong).hasValue(FailedAttempts.FREE);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(pass(door, exchange("192.0.2.1", "correct horse"))).isEqualTo(HttpStatus.OK);
    }
}
