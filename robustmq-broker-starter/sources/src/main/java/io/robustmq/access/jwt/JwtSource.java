/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import io.robustmq.access.ConfiguredSource;
import io.robustmq.access.GrantedRules;
import io.robustmq.access.SourceLimits;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Tenants;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Grants;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads signed tokens (RFC 7519): what is signed by one of the keys, still holds and says what it must is a log-in, and what
 * else it says is granted. What is no token at all is for other sources. Thread-safe: immutable.
 */
public final class JwtSource implements ConfiguredSource {
    private static final Logger LOG = LoggerFactory.getLogger(JwtSource.class);
    public static final String NAME = "jwt";
    private static final int NAME_CHARS_MAX = 256;

    private final JwtOptions options;
    private final TokenKeys keys;
    private final Clock clock;

    JwtSource(JwtOptions options, TokenKeys keys, Clock clock) {
        this.options = options;
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SourceLimits limits() {
        return options.limits();
    }

    @Override
    public boolean takesTokens() {
        return true;
    }

    @Override
    public boolean readsUserName() {
        return options.inUserName();
    }

    @Override
    public String revision(ClientIdentity client) {
        // All that a claim is compared with; the name is part of the key anyway.
        return client.clientId();
    }

    /** Its tokens are for the tenant that they name, or for the default one. */
    @Override
    public boolean knowsTenants() {
        return true;
    }

    @Override
    public CompletionStage<Answer> verify(ClientIdentity client, byte[] password) {
        return CompletableFuture.completedStage(check(client, tokenOf(client, password)));
    }

    private String tokenOf(ClientIdentity client, byte[] password) {
        String name = client.userName();
        return options.inUserName() && name != null ? name : new String(password, StandardCharsets.ISO_8859_1);
    }

    private Answer check(ClientIdentity client, String token) {
        JWT parsed;
        try {
            parsed = JWTParser.parse(token);
        } catch (ParseException | IllegalArgumentException e) {
            return Answer.UNKNOWN;
        }
        // Neither "none" nor encrypted ones, whatever they say.
        if (!(parsed instanceof SignedJWT signed) || !isTaken(signed.getHeader())) {
            return Answer.REFUSED;
        }
        try {
            if (!isSigned(signed)) {
                return Answer.REFUSED;
            }
            JWTClaimsSet claims = signed.getJWTClaimsSet();
            return holds(claims) && saysWhatItMust(claims, client) ? granted(claims, client) : Answer.REFUSED;
        } catch (IOException e) {
            return Answer.FAILED;
        } catch (ParseException e) {
            return Answer.REFUSED;
        }
    }

    private boolean isTaken(JWSHeader header) {
        JOSEObjectType type = header.getType();
        // Tokens of other kinds are signed by the same keys for other ends (RFC 8725, 3.11).
        String kind = type == null ? "jwt" : type.getType().toLowerCase(Locale.ROOT);
        boolean isAccess = List.of("jwt", "at+jwt", "application/at+jwt").contains(kind);
        return isAccess
                && (options.algorithms().isEmpty()
                        || options.algorithms().contains(header.getAlgorithm().getName()));
    }

    private boolean isSigned(SignedJWT token) throws IOException {
        for (JWK key : keys.of(token.getHeader())) {
            try {
                if (token.verify(verifier(key))) {
                    return true;
                }
            } catch (JOSEException e) {
                LOG.debug("a token cannot be checked with a key that it names", e);
            }
        }
        return false;
    }

    private static JWSVerifier verifier(JWK key) throws JOSEException {
        if (key instanceof RSAKey rsa) {
            return new RSASSAVerifier(rsa);
        }
        if (key instanceof ECKey ec) {
            return new ECDSAVerifier(ec);
        }
        return new MACVerifier((OctetSequenceKey) key);
    }

    private boolean holds(JWTClaimsSet claims) {
        long now = clock.millis();
        long skew = options.clockSkew().toMillis();
        Date ends = claims.getExpirationTime();
        Date begins = claims.getNotBeforeTime();
        boolean inTime = ends == null ? !options.requireExpiry() : now - skew < ends.getTime();
        return inTime && (begins == null || begins.getTime() <= now + skew);
    }

    private boolean saysWhatItMust(JWTClaimsSet claims, ClientIdentity client) {
        if (options.issuer() != null && !options.issuer().equals(claims.getIssuer())) {
            return false;
        }
        if (!options.audience().isEmpty() && claims.getAudience().stream().noneMatch(options.audience()::contains)) {
            return false;
        }
        for (Map.Entry<String, String> each : options.requiredClaims().entrySet()) {
            String wanted = filled(each.getValue(), client);
            if (wanted == null || !says(claims.getClaim(each.getKey()), wanted)) {
                return false;
            }
        }
        return true;
    }

    /** Null when it is about something that the client has not said. */
    private @Nullable String filled(String pattern, ClientIdentity client) {
        String name = client.userName();
        boolean noName = name == null || options.inUserName();
        if (noName && pattern.contains("%u")) {
            return null;
        }
        StringBuilder filled = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            // In one go: what a name has in it is not filled in again.
            if (pattern.startsWith("%u", i) || pattern.startsWith("%c", i)) {
                filled.append(pattern.charAt(++i) == 'u' ? name : client.clientId());
            } else {
                filled.append(pattern.charAt(i));
            }
        }
        return filled.toString();
    }

    private static boolean says(@Nullable Object claim, String wanted) {
        return claim instanceof Collection<?> several
                ? several.stream().anyMatch(each -> wanted.equals(String.valueOf(each)))
                : claim != null && wanted.equals(String.valueOf(claim));
    }

    private Answer granted(JWTClaimsSet claims, ClientIdentity client) {
        Grants.Builder grants = Grants.builder();
        if (options.userClaim() != null) {
            String name = text(claims.getClaim(options.userClaim()));
            if (name == null) {
                return Answer.REFUSED;
            }
            grants.userName(name);
        }
        String tenant = options.tenantClaim() == null ? Tenants.DEFAULT : text(claims.getClaim(options.tenantClaim()));
        boolean elsewhere =
                !client.tenant().equals(Tenants.DEFAULT) && !client.tenant().equals(tenant);
        if (tenant == null || elsewhere) {
            return Answer.REFUSED;
        }
        grants.tenant(tenant);
        grants.superuser(
                options.superuserClaim() != null && Boolean.TRUE.equals(claims.getClaim(options.superuserClaim())));
        if (options.aclClaim() != null) {
            try {
                GrantedRules.read(claims.getClaim(options.aclClaim())).forEach(grants::rule);
            } catch (IllegalArgumentException e) {
                // Its message is about shapes only.
                LOG.warn("a token that is signed well is refused: {}", e.getMessage());
                return Answer.REFUSED;
            }
        }
        Date ends = claims.getExpirationTime();
        if (ends != null) {
            grants.expiresAtMillis(ends.getTime() + options.clockSkew().toMillis());
        }
        return Answer.accepted(NAME + ":", options.limits().remember().toMillis(), grants.build());
    }

    /** What can be a name; null for anything else. */
    private static @Nullable String text(@Nullable Object claim) {
        return claim instanceof String name
                        && !name.isBlank()
                        && name.length() <= NAME_CHARS_MAX
                        && name.chars().noneMatch(Character::isISOControl)
                ? name
                : null;
    }
}
