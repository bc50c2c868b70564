/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.jwt;

import com.nimbusds.jose.jwk.JWK;
import io.robustmq.access.HttpCalls;
import io.robustmq.access.WatchedFile;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where the keys are; one of the places is named. Immutable.
 *
 * @param secretBase64 whether the secret is written in base64
 * @param jwksTrust whom to believe that it is that address
 * @param jwksRefresh after which keys are asked for again
 * @param jwksPause between two questions, whatever tokens come
 */
public record KeySettings(
        @Nullable String secret,
        @Nullable NamedFile secretFile,
        boolean secretBase64,
        @Nullable String publicKey,
        @Nullable NamedFile publicKeyFile,
        @Nullable String jwksUrl,
        SSLContext jwksTrust,
        Duration jwksRefresh,
        Duration jwksPause) {
    /** A file that is there while the node runs. Immutable. */
    public record NamedFile(String name, WatchedFile.Content content) {}

    private static final String KEY = "robustmq.access.sources.jwt";

    /** A source that takes what these keys have signed. Fails with INVALID_CONFIG when there are none, or cannot be read. */
    public JwtSource open(JwtOptions options, Clock clock) {
        long places = Stream.of(secret, secretFile, publicKey, publicKeyFile, jwksUrl)
                .filter(Objects::nonNull)
                .count();
        if (places != 1) {
            throw RmqError.INVALID_CONFIG.exception(
                    KEY + ": say one of secret, secret-file, public-key, public-key-file, jwks-url");
        }
        try {
            return new JwtSource(options, keys(options, clock), clock);
        } catch (RmqException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw RmqError.INVALID_CONFIG.exception(KEY + ": the key cannot be read: " + e.getMessage());
        }
    }

    private TokenKeys keys(JwtOptions options, Clock clock) throws IOException {
        if (jwksUrl != null) {
            HttpCalls calls = new HttpCalls(options.limits().timeout(), jwksTrust, RemoteKeys.BYTES_MAX);
            return new RemoteKeys(HttpCalls.address(KEY + ".jwks-url", jwksUrl), calls, clock, jwksRefresh, jwksPause);
        }
        if (secretFile != null) {
            return of(watched(secretFile, bytes -> KeyText.secretFile(bytes, secretBase64), clock));
        }
        if (publicKeyFile != null) {
            return of(watched(publicKeyFile, KeyText::publicKeys, clock));
        }
        List<JWK> fixed = secret != null
                ? KeyText.secret(secret.getBytes(StandardCharsets.UTF_8), secretBase64)
                : KeyText.publicKeys(Objects.requireNonNull(publicKey).getBytes(StandardCharsets.UTF_8));
        return header -> KeyMatch.among(fixed, header);
    }

    private static WatchedFile<List<JWK>> watched(NamedFile file, Function<byte[], List<JWK>> meaning, Clock clock)
            throws IOException {
        return new WatchedFile<>(file.name, file.content, meaning, clock);
    }

    private static TokenKeys of(WatchedFile<List<JWK>> file) {
        return header -> KeyMatch.among(file.get(), header);
    }

    @Override
    public String toString() {
        return "KeySettings[" + (secret == null ? "" : "a secret") + "]";
    }
}
