/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.autoconfigure;

import io.robustmq.access.SourceLimits;
import io.robustmq.access.jwt.JwtOptions;
import io.robustmq.access.jwt.KeySettings;
import io.robustmq.kernel.RmqError;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.FileSystemResource;

/**
 * Tokens (JWT) as a source of users. Immutable.
 *
 * @param from what carries the token: password or user-name
 * @param secret secret that tokens are signed with (HS256, HS384, HS512), 32 bytes at least
 * @param secretFile file with the secret; read again when it changes
 * @param secretBase64 whether the secret is written in base64
 * @param publicKey public keys or certificates as PEM, or a set of keys as JSON (RS, PS, ES)
 * @param publicKeyFile file with such keys; read again when it changes
 * @param jwksUrl address that publishes the keys (JWKS)
 * @param jwksCaFile file with the certificates (PEM) that vouch for that address; unset for those of the JDK
 * @param jwksRefresh after which the keys are asked for again
 * @param jwksPause time between two questions for keys, also when tokens name unknown ones
 * @param algorithms algorithms that are taken, such as RS256; unset for all that fit the key
 * @param clockSkew how far the clock of whoever signs may be off
 * @param issuer what iss must be; unset for anything
 * @param audience one of these must be in aud; unset for anything
 * @param claims claims that must have this value, with %u for the user name and %c for the client id
 * @param requireExpiry whether tokens without exp are refused
 * @param userClaim claim that says who the client is, whatever user name it says; empty for the name that it says
 * @param superuserClaim claim that is true for superusers; unset for none
 * @param aclClaim claim with rules for the connection; empty for none
 * @param tenantClaim claim with the tenant; unset for none
 * @param timeout after which it is too late
 * @param remember how long a right token holds without another look, at most until it expires
 * @param concurrency log-ins that are checked at a time
 * @param onFailure what happens when there are no keys: refuse for now, or ask the next source
 */
@ConfigurationProperties("robustmq.access.sources.jwt")
public record JwtSourceProperties(
        @DefaultValue("password") From from,
        @Nullable String secret,
        @Nullable String secretFile,
        @DefaultValue("false") boolean secretBase64,
        @Nullable String publicKey,
        @Nullable String publicKeyFile,
        @Nullable String jwksUrl,
        @Nullable String jwksCaFile,
        @DefaultValue("5m") Duration jwksRefresh,
        @DefaultValue("10s") Duration jwksPause,
        @DefaultValue List<String> algorithms,
        @DefaultValue("30s") Duration clockSkew,
        @Nullable String issuer,
        @DefaultValue List<String> audience,
        @DefaultValue Map<String, String> claims,
        @DefaultValue("true") boolean requireExpiry,
        @DefaultValue("sub") String userClaim,
        @Nullable String superuserClaim,
        @DefaultValue("acl") String aclClaim,
        @Nullable String tenantClaim,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("1m") Duration remember,
        @DefaultValue("8") int concurrency,
        @DefaultValue("refuse") SourceLimits.OnFailure onFailure) {
    private static final String KEY = "robustmq.access.sources.jwt.";
    private static final int FILE_BYTES_MAX = 1 << 20;
    private static final Set<String> ALGORITHMS = Set.of(
            "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

    /** Where MQTT clients put the token; elsewhere it stands where the protocol says. */
    public enum From {
        PASSWORD,
        USER_NAME
    }

    public JwtSourceProperties {
        algorithms = List.copyOf(algorithms);
        audience = List.copyOf(audience);
        claims = Map.copyOf(claims);
        for (String each : algorithms) {
            if (!ALGORITHMS.contains(each)) {
                throw RmqError.INVALID_CONFIG.exception(
                        KEY + "algorithms has '" + each + "'; known are HS, RS, PS and ES with 256, 384, 512");
            }
        }
        if (clockSkew.isNegative() || jwksRefresh.isNegative() || jwksPause.isNegative()) {
            throw RmqError.INVALID_CONFIG.exception(KEY + "clock-skew, jwks-refresh and jwks-pause are not negative");
        }
        boolean named = claims.values().stream().anyMatch(each -> each.contains("%u"));
        if (userClaim.isEmpty() && (!named || from == From.USER_NAME)) {
            // Else whoever has a token chooses whose rules are his.
            throw RmqError.INVALID_CONFIG.exception(
                    KEY + "user-claim is empty: then claims says which one is %u, and from is password");
        }
    }

    JwtOptions options() {
        return new JwtOptions(
                from == From.USER_NAME,
                Set.copyOf(algorithms),
                clockSkew,
                present(issuer),
                audience,
                claims,
                requireExpiry,
                present(userClaim),
                present(superuserClaim),
                present(aclClaim),
                present(tenantClaim),
                new SourceLimits(timeout, remember, concurrency, onFailure));
    }

    KeySettings keys() {
        return new KeySettings(
                present(secret),
                file(secretFile),
                secretBase64,
                present(publicKey),
                file(publicKeyFile),
                present(jwksUrl),
                Remote.trust("jwt.jwks-ca-file", present(jwksCaFile)),
                jwksRefresh,
                jwksPause);
    }

    static @Nullable String present(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    private static KeySettings.@Nullable NamedFile file(@Nullable String name) {
        if (name == null || name.isBlank()) {
            return null;
        }
        FileSystemResource resource = new FileSystemResource(name);
        return new KeySettings.NamedFile(name, () -> {
            if (resource.contentLength() > FILE_BYTES_MAX) {
                throw new IOException(name + " has more than " + FILE_BYTES_MAX + " bytes");
            }
            return resource.getContentAsByteArray();
        });
    }

    @Override
    public String toString() {
        return "JwtSourceProperties[" + from + "]";
    }
}
