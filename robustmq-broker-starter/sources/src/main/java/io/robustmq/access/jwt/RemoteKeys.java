/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.jwt;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import io.robustmq.access.HttpCalls;
import io.robustmq.kernel.Clock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that an address publishes (RFC 7517). They are asked for again when they are old, and when a token names one that is not
 * among them, but not more often than every so often, because anybody can send such tokens. Those that are known hold while
 * the address does not answer. Thread-safe: what is known is behind one volatile field, asking is guarded by this.
 */
final class RemoteKeys implements TokenKeys {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteKeys.class);
    static final int BYTES_MAX = 1 << 20;

    private final URI address;
    private final HttpCalls calls;
    private final Clock clock;
    private final long refreshNanos;
    private final long pauseNanos;
    private volatile @Nullable Known known;
    private boolean asked;
    private long askedNanos;

    /** Immutable. */
    private record Known(List<JWK> keys, long sinceNanos) {}

    /**
     * @param refresh after which they are asked for again
     * @param pause between two questions
     */
    RemoteKeys(URI address, HttpCalls calls, Clock clock, Duration refresh, Duration pause) {
        this.address = address;
        this.calls = calls;
        this.clock = clock;
        this.refreshNanos = refresh.toNanos();
        this.pauseNanos = pause.toNanos();
    }

    @Override
    public List<JWK> of(JWSHeader header) throws IOException {
        Known before = known;
        if (before == null || clock.nanos() - before.sinceNanos >= refreshNanos) {
            before = askUnlessNewerThan(before);
        }
        if (before == null) {
            throw new IOException("no keys are known");
        }
        List<JWK> fitting = KeyMatch.among(before.keys, header);
        if (!fitting.isEmpty()) {
            return fitting;
        }
        Known after = askUnlessNewerThan(before);
        return after == null ? List.of() : KeyMatch.among(after.keys, header);
    }

    /** Many want the same new key at once: the first asks, the others wait for what it learns. */
    private synchronized @Nullable Known askUnlessNewerThan(@Nullable Known seen) {
        boolean tooSoon = asked && clock.nanos() - askedNanos < pauseNanos;
        if (known != seen || tooSoon) {
            return known;
        }
        asked = true;
        askedNanos = clock.nanos();
        try {
            known = new Known(ask(), clock.nanos());
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "the keys of tokens at {} cannot be had: {}; {}",
                    address.getHost(),
                    e.getMessage(),
                    known == null ? "no token can be checked" : "those that are known hold");
        }
        return known;
    }

    private List<JWK> ask() throws IOException {
        try {
            HttpResponse<byte[]> answer = calls.send(calls.to(address)
                            .header("Accept", "application/jwk-set+json, application/json")
                            .build())
                    .get();
            if (answer.statusCode() != 200) {
                throw new IOException("status " + answer.statusCode());
            }
            return KeyText.set(new String(answer.body(), StandardCharsets.UTF_8));
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
