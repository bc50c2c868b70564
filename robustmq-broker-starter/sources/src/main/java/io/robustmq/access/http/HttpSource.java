/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.http;

import io.robustmq.access.ConfiguredSource;
import io.robustmq.access.GrantedRules;
import io.robustmq.access.HttpCalls;
import io.robustmq.access.SourceLimits;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Grants;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a service about every log-in: {@code POST} with what the client says, and the service says allow, deny or ignore, and
 * what it grants. Thread-safe: immutable.
 */
public final class HttpSource implements ConfiguredSource {
    private static final Logger LOG = LoggerFactory.getLogger(HttpSource.class);
    public static final String NAME = "http";
    static final int ANSWER_BYTES_MAX = 64 * 1024;
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;

    private final HttpOptions options;
    private final HttpCalls calls;
    private final JsonMapper json = JsonMapper.builder().build();

    public HttpSource(HttpOptions options) {
        this.options = options;
        if ("http".equalsIgnoreCase(options.address().getScheme())) {
            LOG.warn("log-ins are asked about without TLS: whoever is on the way to {} reads passwords", options);
        }
        this.calls = new HttpCalls(options.limits().timeout(), options.trust(), ANSWER_BYTES_MAX);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SourceLimits limits() {
        return options.limits();
    }

    /** It is told. */
    @Override
    public boolean knowsTenants() {
        return true;
    }

    @Override
    public CompletionStage<Answer> verify(ClientIdentity client, byte[] password) {
        String text = text(password);
        if (client.userName() == null || text == null) {
            return CompletableFuture.completedStage(Answer.UNKNOWN);
        }
        byte[] question = json.writeValueAsBytes(question(client, text));
        HttpRequest.Builder request = calls.to(options.address())
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(question));
        options.headers().forEach(request::setHeader);
        String proof = proof();
        if (proof != null) {
            request.setHeader("Authorization", proof);
        }
        return calls.send(request.build()).thenApply(this::answer);
    }

    /** Null when it is no text, which JSON could not carry. */
    private static @Nullable String text(byte[] password) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(password))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static Map<String, @Nullable Object> question(ClientIdentity client, String password) {
        Map<String, @Nullable Object> question = new LinkedHashMap<>();
        question.put("username", client.userName());
        question.put("password", password);
        question.put("clientid", client.clientId());
        question.put("peerhost", client.remoteAddress());
        question.put("protocol", client.protocol());
        question.put("tenant", client.tenant());
        question.put("cert_subject", client.certificate());
        return question;
    }

    private @Nullable String proof() {
        if (options.user() == null) {
            return null;
        }
        String pair = options.user() + ":" + options.password().text();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private Answer answer(HttpResponse<byte[]> response) {
        if (response.statusCode() == NO_CONTENT) {
            return accepted(Grants.builder());
        }
        if (response.statusCode() != OK) {
            // Also 401 and 403: they are about this broker, or come from something in between.
            LOG.warn("the service that is asked about log-ins answers with status {}", response.statusCode());
            return Answer.FAILED;
        }
        try {
            return said(json.readValue(response.body(), Map.class));
        } catch (JacksonException | IllegalArgumentException e) {
            LOG.warn(
                    "the service that is asked about log-ins answers with what is not understood: {}",
                    e instanceof IllegalArgumentException ? e.getMessage() : "no JSON object");
            return Answer.FAILED;
        }
    }

    private Answer said(@Nullable Map<?, ?> body) {
        Object result = body == null ? null : body.get("result");
        if ("ignore".equals(result)) {
            return Answer.UNKNOWN;
        }
        if ("deny".equals(result)) {
            return Answer.REFUSED;
        }
        if (body == null || !"allow".equals(result)) {
            throw new IllegalArgumentException("result is allow, deny or ignore");
        }
        Grants.Builder grants = Grants.builder();
        Object superuser = body.containsKey("superuser") ? body.get("superuser") : body.get("is_superuser");
        if (superuser != null && !(superuser instanceof Boolean)) {
            throw new IllegalArgumentException("superuser is true or false");
        }
        grants.superuser(Boolean.TRUE.equals(superuser));
        GrantedRules.read(body.get("acl")).forEach(grants::rule);
        Object expires = body.containsKey("expires_at") ? body.get("expires_at") : body.get("expire_at");
        if (expires != null) {
            grants.expiresAtMillis(millis(expires));
        }
        grants.userName(name(body.get("username"), "username"));
        grants.tenant(name(body.get("tenant"), "tenant"));
        return accepted(grants);
    }

    private static long millis(Object seconds) {
        if (seconds instanceof Number number && number.longValue() > 0 && number.longValue() < Long.MAX_VALUE / 1000) {
            return (long) (number.doubleValue() * 1000);
        }
        throw new IllegalArgumentException("expires_at is in seconds since 1970");
    }

    private static @Nullable String name(@Nullable Object said, String what) {
        if (said == null || said instanceof String name && !name.isBlank()) {
            return (String) said;
        }
        throw new IllegalArgumentException(what + " is a text");
    }

    private Answer accepted(Grants.Builder grants) {
        return Answer.accepted(NAME + ":", options.limits().remember().toMillis(), grants.build());
    }
}
