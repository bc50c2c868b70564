/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.robustmq.access.HttpCalls;
import io.robustmq.access.LocalServer;
import io.robustmq.access.SourceLimits;
import io.robustmq.access.lookup.Secret;
import io.robustmq.broker.access.CredentialSource;
import io.robustmq.broker.access.CredentialSource.Answer;
import io.robustmq.broker.access.CredentialSource.Outcome;
import io.robustmq.broker.access.CredentialSourceContract;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.ClientIdentity;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

class HttpSourceTest extends CredentialSourceContract {
    private static final ClientIdentity ANN =
            new ClientIdentity("default", "mqtt", "d1", "ann", "192.0.2.1").showing("CN=ann");
    private final List<LocalServer> servers = new ArrayList<>();

    @AfterEach
    void close() {
        servers.forEach(LocalServer::close);
    }

    @Override
    protected CredentialSource sourceOf(String password) {
        return source(server((request, body) -> {
            Map<?, ?> question = JsonMapper.builder().build().readValue(body, Map.class);
            String result = !"ann".equals(question.get("username"))
                    ? "ignore"
                    : password.equals(question.get("password")) ? "allow" : "deny";
            return new LocalServer.Answer(200, "{\"result\":\"" + result + "\"}");
        }));
    }

    private LocalServer server(LocalServer.Answers answers) {
        LocalServer server = new LocalServer(answers);
        servers.add(server);
        return server;
    }

    private HttpSource source(LocalServer server) {
        return new HttpSource(options(server.url(), Duration.ofSeconds(5), null));
    }

    private static HttpOptions options(String url, Duration timeout, @Nullable Secret password) {
        return new HttpOptions(
                URI.create(url),
                trust(),
                Map.of("X-Site", "plant"),
                password == null ? null : "broker",
                password == null ? Secret.NONE : password,
                new SourceLimits(timeout, Duration.ofMinutes(1), 8, SourceLimits.OnFailure.REFUSE));
    }

    private static SSLContext trust() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Answer answerTo(int status, @Nullable String body) {
        return ask(source(server((request, question) -> new LocalServer.Answer(status, body))), "sesame");
    }

    private static Answer ask(HttpSource source, String password) {
        return source.verify(ANN, password.getBytes(StandardCharsets.UTF_8))
                .toCompletableFuture()
                .join();
    }

    @Test
    void itIsToldWhatTheClientSays() {
        AtomicReference<String> said = new AtomicReference<>("");
        AtomicReference<String> headers = new AtomicReference<>("");
        HttpSource source = source(server((request, body) -> {
            said.set(body);
            headers.set(request.getRequestMethod() + " "
                    + request.getRequestHeaders().getFirst("X-Site") + " "
                    + request.getRequestHeaders().getFirst("Authorization"));
            return new LocalServer.Answer(204, null);
        }));
        assertThat(ask(source, "se\"same").outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(JsonMapper.builder().build().readValue(said.get(), Map.class))
                .isEqualTo(Map.of(
                        "username",
                        "ann",
                        "password",
                        "se\"same",
                        "clientid",
                        "d1",
                        "peerhost",
                        "192.0.2.1",
                        "protocol",
                        "mqtt",
                        "tenant",
                        "default",
                        "cert_subject",
                        "CN=ann"));
        assertThat(headers.get()).isEqualTo("POST plant null");
    }

    @Test
    void itGrantsWhatTheAnswerSays() {
        Answer plain = answerTo(200, "{\"result\":\"allow\"}");
        assertThat(plain.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(plain.rememberMillis()).isEqualTo(60_000);
        assertThat(plain.grants().superuser()).isFalse();
        Answer answer = answerTo(
                200,
                "{\"result\":\"allow\",\"is_superuser\":true,\"expire_at\":1700000000,\"username\":\"ann.s\","
                        + "\"tenant\":\"t2\",\"client_attrs\":{},"
                        + "\"acl\":[{\"permission\":\"deny\",\"action\":\"all\",\"topic\":\"a/#\"}]}");
        assertThat(answer.grants().superuser()).isTrue();
        assertThat(answer.grants().expiresAtMillis()).isEqualTo(1_700_000_000_000L);
        assertThat(answer.grants().userName()).isEqualTo("ann.s");
        assertThat(answer.grants().tenant()).isEqualTo("t2");
        assertThat(answer.grants().rules()).extracting(AccessRule::filter).containsExactly("a/#");
        Answer ours = answerTo(200, "{\"result\":\"allow\",\"superuser\":true,\"expires_at\":1700000000.5}");
        assertThat(ours.grants().superuser()).isTrue();
        assertThat(ours.grants().expiresAtMillis()).isEqualTo(1_700_000_000_500L);
    }

    @Test
    void aWrongAnswerIsNoAnswer() {
        for (String wrong : new String[] {
            "",
            "yes",
            "[]",
            "null",
            "{}",
            "{\"result\":true}",
            "{\"result\":\"allowed\"}",
            "{\"result\":\"allow\"",
            "{\"result\":\"allow\",\"superuser\":\"true\"}",
            "{\"result\":\"allow\",\"acl\":\"all\"}",
            "{\"result\":\"allow\",\"expires_at\":\"tomorrow\"}",
            "{\"result\":\"allow\",\"expires_at\":-1}",
            "{\"result\":\"allow\",\"username\":7}"
        }) {
            assertThat(answerTo(200, wrong).outcome()).as(wrong).isEqualTo(Outcome.FAILED);
        }
        for (int status : new int[] {301, 401, 403, 404, 500, 503}) {
            assertThat(answerTo(status, "{\"result\":\"allow\"}").outcome())
                    .as("%s", status)
                    .isEqualTo(Outcome.FAILED);
        }
    }

    @Test
    void anAnswerHasALimit() {
        String fits = "{\"result\":\"allow\"}" + " ".repeat(HttpSource.ANSWER_BYTES_MAX - 18);
        assertThat(answerTo(200, fits).outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThatThrownBy(() -> answerTo(200, fits + " "))
                .isInstanceOf(CompletionException.class)
                .hasRootCauseInstanceOf(IOException.class);
    }

    @Test
    void aServiceThatIsDownOrSlowFails() throws InterruptedException {
        LocalServer gone = server((request, body) -> new LocalServer.Answer(204, null));
        HttpSource source = source(gone);
        assertThat(ask(source, "sesame").outcome()).isEqualTo(Outcome.ACCEPTED);
        gone.close();
        assertThatThrownBy(() -> ask(source, "sesame")).hasRootCauseInstanceOf(IOException.class);
        LocalServer back = new LocalServer(gone.port(), (request, body) -> new LocalServer.Answer(204, null));
        servers.add(back);
        assertThat(ask(source, "sesame").outcome()).as("back again").isEqualTo(Outcome.ACCEPTED);

        CountDownLatch end = new CountDownLatch(1);
        LocalServer slow = server((request, body) -> {
            request.sendResponseHeaders(200, 100);
            request.getResponseBody().write('{');
            request.getResponseBody().flush();
            try {
                end.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("the test is over");
        });
        HttpSource hasty = new HttpSource(options(slow.url(), Duration.ofMillis(200), null));
        assertThatThrownBy(() -> ask(hasty, "sesame")).hasRootCauseInstanceOf(TimeoutException.class);
        end.countDown();
        assertThat(slow.requests).hasValue(1);
    }

    @Test
    void itProvesItselfWithThePasswordOfNow() {
        AtomicReference<String> wanted = new AtomicReference<>("first");
        AtomicReference<String> said = new AtomicReference<>("first");
        LocalServer server = server((request, body) -> {
            String right = "Basic "
                    + Base64.getEncoder().encodeToString(("broker:" + wanted).getBytes(StandardCharsets.UTF_8));
            boolean proven = right.equals(request.getRequestHeaders().getFirst("Authorization"));
            return new LocalServer.Answer(proven ? 204 : 401, null);
        });
        HttpSource source = new HttpSource(options(server.url(), Duration.ofSeconds(5), Secret.from(said::get)));
        assertThat(ask(source, "sesame").outcome()).isEqualTo(Outcome.ACCEPTED);
        wanted.set("second");
        assertThat(ask(source, "sesame").outcome()).isEqualTo(Outcome.FAILED);
        said.set("second");
        assertThat(ask(source, "sesame").outcome()).isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void whatIsNoTextIsForOthers() {
        HttpSource source = source(server((request, body) -> new LocalServer.Answer(204, null)));
        assertThat(source.verify(ANN, new byte[] {(byte) 0xff})
                        .toCompletableFuture()
                        .join()
                        .outcome())
                .isEqualTo(Outcome.UNKNOWN);
        assertThat(servers.get(0).requests).hasValue(0);
    }

    @Test
    void thePasswordIsInNoLog() {
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        Logger root = (Logger) LoggerFactory.getLogger("io.robustmq");
        root.addAppender(logged);
        try {
            answerTo(500, "sesame");
            answerTo(200, "{\"result\":\"sesame\"}");
            answerTo(200, "sesame");
            assertThat(logged.list).hasSizeGreaterThanOrEqualTo(3);
            assertThat(logged.list).noneMatch(each -> each.getFormattedMessage().contains("sesame"));
        } finally {
            root.detachAppender(logged);
        }
        HttpOptions options = options("http://127.0.0.1/", Duration.ofSeconds(1), Secret.of("geheim"));
        assertThat(options.toString()).doesNotContain("geheim");
    }

    @Test
    void addressesAreThoseOfHttpAndHaveNoPasswords() {
        assertThat(HttpCalls.address("key", "https://auth.example/x").getHost()).isEqualTo("auth.example");
        for (String wrong : List.of("", "auth", "ftp://x/", "http:///x", "http://a:b@c/", "http://a b/")) {
            assertThatThrownBy(() -> HttpCalls.address("key", wrong)).as(wrong).hasMessageContaining("key");
        }
    }
}
