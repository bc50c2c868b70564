/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.robustmq.access.LocalServer;
import io.robustmq.access.SourceLimits;
import io.robustmq.broker.access.CredentialSource.Answer;
import io.robustmq.broker.access.CredentialSource.Outcome;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Grants;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwtSourceTest {
    private static final String SECRET = "a secret of sixty-four bytes that nobody else will ever guess, x";
    private static final RSAKey RSA = rsa("r1");
    private static final SourceLimits LIMITS =
            new SourceLimits(Duration.ofSeconds(2), Duration.ofMinutes(1), 8, SourceLimits.OnFailure.REFUSE);
    private static final ClientIdentity CLIENT = new ClientIdentity("default", "mqtt", "d1", "ann", "192.0.2.1");

    private final SimScheduler scheduler = new SimScheduler(1);

    // --- signatures

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
                "ES512"
            })
    void everyAlgorithmIsCheckedWithItsOwnKey(String name) throws JOSEException {
        JWSAlgorithm algorithm = JWSAlgorithm.parse(name);
        JWSSigner signer;
        JwtSource source;
        if (name.startsWith("HS")) {
            signer = new MACSigner(SECRET);
            source = withSecret(options());
        } else if (name.startsWith("ES")) {
            ECKey key = new ECKeyGenerator(
                            Curve.forJWSAlgorithm(algorithm).iterator().next())
                    .generate();
            signer = new ECDSASigner(key);
            source = withPublicKey(pem(key.toECPublicKey().getEncoded()), options());
        } else {
            signer = new RSASSASigner(RSA);
            source = withPublicKey(pem(RSA.toRSAPublicKey().getEncoded()), options());
        }
        String token = signed(algorithm, signer, null, claims -> {});
        Answer answer = ask(source, CLIENT, token);
        assertThat(answer.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(answer.grants().userName()).isEqualTo("meter-7");
        assertThat(answer.proof()).isEqualTo("jwt:");
        int signature = token.lastIndexOf('.') + 5;
        String forged = token.substring(0, signature)
                + (token.charAt(signature) == 'A' ? 'B' : 'A')
                + token.substring(signature + 1);
        assertThat(ask(source, CLIENT, forged).outcome()).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void aTokenThatNobodyHasSignedIsRefused() {
        String none = new PlainJWT(claims(all -> {})).serialize();
        assertThat(ask(withSecret(options()), CLIENT, none).outcome()).isEqualTo(Outcome.REFUSED);
        String header = encoded("{\"alg\":\"none\",\"typ\":\"JWT\"}");
        String payload = none.split("\\.")[1];
        assertThat(ask(withSecret(options()), CLIENT, header + "." + payload + ".")
                        .outcome())
                .isEqualTo(Outcome.REFUSED);
        assertThat(ask(withSecret(options()), CLIENT, header + "." + payload + ".AAAA")
                        .outcome())
                .isNotEqualTo(Outcome.ACCEPTED);
        String encrypted = encoded("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}") + "..AAAA.AAAA.AAAA";
        assertThat(ask(withSecret(options()), CLIENT, encrypted).outcome()).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void aPublicKeyIsNoSecret() throws JOSEException, IOException {
        String pem = pem(RSA.toRSAPublicKey().getEncoded());
        JwtSource source = withPublicKey(pem, options());
        for (byte[] known : List.of(
                pem.getBytes(StandardCharsets.UTF_8), RSA.toRSAPublicKey().getEncoded())) {
            String token = signed(JWSAlgorithm.HS256, new MACSigner(known), null, claims -> {});
            assertThat(ask(source, CLIENT, token).outcome()).isEqualTo(Outcome.REFUSED);
        }
        // Nor does a set make a secret of what it publishes.
        JWK published = new OctetSequenceKey.Builder(SECRET.getBytes(StandardCharsets.UTF_8)).build();
        String set = new JWKSet(List.of(published, RSA)).toString(false);
        String token = signed(JWSAlgorithm.HS256, new MACSigner(SECRET), null, claims -> {});
        assertThat(ask(withPublicKey(set, options()), CLIENT, token).outcome()).isEqualTo(Outcome.REFUSED);
        assertThatThrownBy(() -> withPublicKey(new JWKSet(published).toString(false), options()))
                .isInstanceOf(RmqException.class);
    }

    @Test
    void keysAndAlgorithmsAreNotMixed() throws JOSEException {
        RSAKey only256 = new RSAKey.Builder(RSA).algorithm(JWSAlgorithm.RS256).build();
        JwtSource source = withPublicKey(new JWKSet(only256).toString(), options());
        RSASSASigner signer = new RSASSASigner(RSA);
        assertThat(ask(source, CLIENT, signed(JWSAlgorithm.RS256, signer, "r1", claims -> {}))
                        .outcome())
                .isEqualTo(Outcome.ACCEPTED);
        assertThat(ask(source, CLIENT, signed(JWSAlgorithm.RS512, signer, "r1", claims -> {}))
                        .outcome())
                .isEqualTo(Outcome.REFUSED);
        assertThat(ask(source, CLIENT, signed(JWSAlgorithm.RS256, signer, "r2", claims -> {}))
                        .outcome())
                .isEqualTo(Outcome.REFUSED);
        JwtSource taken = withPublicKey(new JWKSet(RSA).toString(), options(Set.of("PS256"), Map.of(), "sub"));
        assertThat(ask(taken, CLIENT, signed(JWSAlgorithm.PS256, signer, "r1", claims -> {}))
                        .outcome())
                .isEqualTo(Outcome.ACCEPTED);
        assertThat(ask(taken, CLIENT, signed(JWSAlgorithm.RS256, signer, "r1", claims -> {}))
                        .outcome())
                .isEqualTo(Outcome.REFUSED);
    }

    @Test
    void secretsHaveTheLengthThatTheirHashNeeds() throws JOSEException {
        assertThatThrownBy(() -> keys("x".repeat(31), null, null).open(options(), scheduler.clock()))
                .hasMessageContaining("32 bytes")
                .hasMessageNotContaining("xxx");
        JwtSource source = keys("x".repeat(32), null, null).open(options(), scheduler.clock());
        String right = signed(JWSAlgorithm.HS256, new MACSigner("x".repeat(32)), null, claims -> {});
        assertThat(ask(source, CLIENT, right).outcome()).isEqualTo(Outcome.ACCEPTED);
        String weak = signed(JWSAlgorithm.HS512, new MACSigner("x".repeat(64)), null, claims -> {});
        assertThat(ask(source, CLIENT, weak).outcome()).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void whatIsNoTokenIsForOthers() {
        for (String other : List.of("sesame", "", "a.b.c", "...", "e30.e30.x", "ä.ö.ü")) {
            assertThat(ask(withSecret(options()), CLIENT, other).outcome())
                    .as(other)
                    .isEqualTo(Outcome.UNKNOWN);
        }
    }

    // --- claims

    @Test
    void aTokenHoldsFromItsBeginToItsEnd() throws JOSEException {
        JwtSource source = withSecret(options());
        long now = scheduler.clock().millis();
        assertThat(ask(source, CLIENT, hs(all -> all.expirationTime(null))).outcome())
                .isEqualTo(Outcome.REFUSED);
        Answer skewed = ask(source, CLIENT, hs(all -> all.expirationTime(new Date(now - 29_000))));
        assertThat(skewed.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(skewed.grants().expiresAtMillis() - now).isBetween(1L, 1_999L);
        assertThat(ask(source, CLIENT, hs(all -> all.expirationTime(new Date(now - 31_000))))
                        .outcome())
                .isEqualTo(Outcome.REFUSED);
        assertThat(ask(source, CLIENT, hs(all -> all.notBeforeTime(new Date(now + 29_000))))
                        .outcome())
                .isEqualTo(Outcome.ACCEPTED);
        assertThat(ask(source, CLIENT, hs(all -> all.notBeforeTime(new Date(now + 32_000))))
                        .outcome())
                .isEqualTo(Outcome.REFUSED);
    }

    @Test
    void aTokenMayHaveNoEndWhereThatIsSaid() throws JOSEException {
        JwtOptions lasting = new JwtOptions(
                false, Set.of(), Duration.ZERO, null, List.of(), Map.of(), false, "sub", null, null, null, LIMITS);
        Answer answer = ask(withSecret(lasting), CLIENT, hs(all -> all.expirationTime(null)));
        assertThat(answer.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(answer.grants().expiresAtMillis()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theIssuerAndTheAudienceMustBeRight() throws JOSEException {
        JwtOptions strict = new JwtOptions(
                false,
                Set.of(),
                Duration.ZERO,
                "https://id",
                List.of("plant", "mine"),
                Map.of(),
                true,
                "sub",
                null,
                null,
                null,
                LIMITS);
        JwtSource source = withSecret(strict);
        assertThat(ask(source, CLIENT, hs(all -> all.issuer("https://id").audience(List.of("x", "mine"))))
                        .outcome())
                .isEqualTo(Outcome.ACCEPTED);
        assertThat(ask(source, CLIENT, hs(all -> all.issuer("https://id").audience("other")))
                        .outcome())
                .isEqualTo(Outcome.REFUSED);
        assertThat(ask(source, CLIENT, hs(all -> all.issuer("https://id"))).outcome())
                .isEqualTo(Outcome.REFUSED);
        assertThat(ask(source, CLIENT, hs(all -> all.issuer("https://ix").audience("mine")))
                        .outcome())
                .isEqualTo(Outcome.REFUSED);
        assertThat(ask(source, CLIENT, hs(all -> all.audience("mine"))).outcome())
                .isEqualTo(Outcome.REFUSED);
    }

    @Test
    void claimsMustBeWhatTheClientSays() throws JOSEException {
        JwtSource source = withSecret(options(Set.of(), Map.of("client", "%c", "user", "u-%u"), null));
        String token = hs(all -> all.claim("client", List.of("d1", "d2")).claim("user", "u-ann"));
        Answer answer = ask(source, CLIENT, token);
        assertThat(answer.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(answer.grants().userName()).isNull();
        assertThat(ask(source, client("d3", "ann"), token).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(ask(source, client("d1", "bob"), token).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(ask(source, client("d1", null), token).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(ask(
                                source,
                                client("ann", "%c"),
                                hs(all -> all.claim("client", "ann").claim("user", "u-ann")))
                        .outcome())
                .as("what a name has in it is not filled in")
                .isEqualTo(Outcome.REFUSED);
        assertThat(ask(source, CLIENT, hs(all -> all.claim("client", "d1"))).outcome())
                .isEqualTo(Outcome.REFUSED);
        assertThat(source.revision(client("d1", "ann"))).isNotEqualTo(source.revision(client("d2", "ann")));
    }

    @Test
    void theNameIsTheTokens() throws JOSEException {
        JwtSource source = withSecret(options());
        assertThat(ask(source, client("d1", "root"), hs(all -> {})).grants().userName())
                .isEqualTo("meter-7");
        assertThat(ask(source, client("d1", null), hs(all -> {})).grants().userName())
                .isEqualTo("meter-7");
        for (Object wrong : new Object[] {"", " ", "n".repeat(257), "a\u0000b", List.of("a")}) {
            assertThat(ask(source, CLIENT, hs(all -> all.claim("sub", wrong))).outcome())
                    .as("%s", wrong)
                    .isEqualTo(Outcome.REFUSED);
        }
        assertThat(ask(source, CLIENT, hs(all -> all.claim("sub", "n".repeat(256))))
                        .outcome())
                .isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void whatElseItSaysIsGranted() throws JOSEException {
        JwtOptions generous = new JwtOptions(
                false, Set.of(), Duration.ZERO, null, List.of(), Map.of(), true, "sub", "admin", "acl", "org", LIMITS);
        JwtSource source = withSecret(generous);
        Answer plain = ask(
                source,
                CLIENT,
                hs(all -> all.claim("org", "t2").claim("acl", Map.of("pub", List.of("a/%c/#"), "sub", List.of("b")))));
        assertThat(plain.grants().superuser()).isFalse();
        assertThat(plain.grants().tenant()).isEqualTo("t2");
        assertThat(plain.grants().rules()).extracting(AccessRule::filter).containsExactlyInAnyOrder("a/%c/#", "b");
        Answer mighty = ask(
                source,
                CLIENT,
                hs(all -> all.claim("org", "t2")
                        .claim("admin", true)
                        .claim(
                                "acl",
                                List.of(Map.of("permission", "deny", "action", "publish", "topic", "c", "qos", 2)))));
        assertThat(mighty.grants().superuser()).isTrue();
        assertThat(mighty.grants().rules()).extracting(AccessRule::effect).containsExactly(AccessRule.Effect.DENY);
        assertThat(ask(source, CLIENT, hs(all -> all.claim("org", "t2").claim("admin", "true")))
                        .grants()
                        .superuser())
                .isFalse();
        assertThat(ask(source, CLIENT, hs(all -> all.claim("org", "t2").claim("acl", "all")))
                        .outcome())
                .isEqualTo(Outcome.REFUSED);
        assertThat(ask(source, CLIENT, hs(all -> {})).outcome()).as("no tenant").isEqualTo(Outcome.REFUSED);
        ClientIdentity there = CLIENT.with(Grants.builder().tenant("t2").build());
        assertThat(ask(source, there, hs(all -> all.claim("org", "t2"))).outcome())
                .isEqualTo(Outcome.ACCEPTED);
        assertThat(ask(source, there, hs(all -> all.claim("org", "t3"))).outcome())
                .isEqualTo(Outcome.REFUSED);
        assertThat(ask(withSecret(options()), there, hs(all -> {})).outcome())
                .as("a token that names no tenant is for the default one")
                .isEqualTo(Outcome.REFUSED);
        assertThat(ask(withSecret(options()), CLIENT, hs(all -> all.claim("admin", true)))
                        .grants()
                        .superuser())
                .as("nobody has said that a claim means that")
                .isFalse();
    }

    @Test
    void tokensForOtherEndsAreRefused() throws JOSEException {
        JwtSource source = withSecret(options());
        for (String kind : List.of("JWT", "at+jwt", "application/at+JWT")) {
            assertThat(ask(source, CLIENT, ofType(kind)).outcome()).as(kind).isEqualTo(Outcome.ACCEPTED);
        }
        for (String kind : List.of("logout+jwt", "dpop+jwt", "JOSE")) {
            assertThat(ask(source, CLIENT, ofType(kind)).outcome()).as(kind).isEqualTo(Outcome.REFUSED);
        }
    }

    private String ofType(String kind) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(new JOSEObjectType(kind))
                        .build(),
                claims(all -> {}));
        token.sign(new MACSigner(SECRET));
        return token.serialize();
    }

    @Test
    void aTokenMayStandInThePlaceOfTheName() throws JOSEException {
        JwtOptions inName = new JwtOptions(
                true, Set.of(), Duration.ZERO, null, List.of(), Map.of(), true, "sub", null, null, null, LIMITS);
        JwtSource source = withSecret(inName);
        String token = hs(all -> {});
        assertThat(source.readsUserName()).isTrue();
        assertThat(ask(source, client("d1", token), "").outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(ask(source, client("d1", "ann"), token).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(ask(source, client("d1", null), token).outcome()).isEqualTo(Outcome.ACCEPTED);
    }

    // --- keys that change

    @Test
    void aKeyFileThatChangesHoldsAsItIsNow(@TempDir Path dir) throws IOException, JOSEException {
        Path file = dir.resolve("secret");
        Files.writeString(file, SECRET + "\n");
        JwtSource source = keys(null, file, null).open(options(), scheduler.clock());
        String before = hs(all -> {});
        String after = signed(JWSAlgorithm.HS256, new MACSigner("y".repeat(64)), null, claims -> {});
        assertThat(ask(source, CLIENT, before).outcome()).isEqualTo(Outcome.ACCEPTED);
        Files.writeString(file, "y".repeat(64));
        scheduler.runForMillis(5_000);
        assertThat(ask(source, CLIENT, before).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(ask(source, CLIENT, after).outcome()).isEqualTo(Outcome.ACCEPTED);
        Files.writeString(file, "short");
        scheduler.runForMillis(5_000);
        assertThat(ask(source, CLIENT, after).outcome())
                .as("what was read before holds")
                .isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void keysOfAnAddressAreRotated() throws JOSEException {
        RSAKey next = rsa("r2");
        AtomicReference<String> published = new AtomicReference<>(new JWKSet(RSA).toString());
        AtomicInteger status = new AtomicInteger(500);
        try (LocalServer server =
                new LocalServer((request, body) -> new LocalServer.Answer(status.get(), published.get()))) {
            JwtSource source = new KeySettings(
                            null,
                            null,
                            false,
                            null,
                            null,
                            server.url(),
                            trust(),
                            Duration.ofMinutes(5),
                            Duration.ofSeconds(10))
                    .open(options(), scheduler.clock());
            String first = signed(JWSAlgorithm.RS256, new RSASSASigner(RSA), "r1", claims -> {});
            String second = signed(JWSAlgorithm.RS256, new RSASSASigner(next), "r2", claims -> {});
            assertThat(ask(source, CLIENT, first).outcome()).as("no keys yet").isEqualTo(Outcome.FAILED);
            status.set(200);
            assertThat(ask(source, CLIENT, first).outcome()).as("not so soon").isEqualTo(Outcome.FAILED);
            assertThat(server.requests).hasValue(1);
            scheduler.runForMillis(10_000);
            assertThat(ask(source, CLIENT, first).outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(ask(source, CLIENT, first).outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(server.requests).hasValue(2);

            published.set(new JWKSet(List.of(RSA, next)).toString());
            assertThat(ask(source, CLIENT, second).outcome()).as("not so soon").isEqualTo(Outcome.REFUSED);
            scheduler.runForMillis(10_000);
            assertThat(ask(source, CLIENT, second).outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(server.requests).hasValue(3);
            for (int i = 0; i < 20; i++) {
                String unknown = signed(JWSAlgorithm.RS256, new RSASSASigner(RSA), "x" + i, claims -> {});
                assertThat(ask(source, CLIENT, unknown).outcome()).isEqualTo(Outcome.REFUSED);
            }
            assertThat(server.requests).as("strangers do not make it ask").hasValue(3);

            published.set(new JWKSet(next).toString());
            scheduler.runForMillis(5 * 60_000);
            assertThat(ask(source, CLIENT, first).outcome()).as("withdrawn").isEqualTo(Outcome.REFUSED);
            status.set(503);
            scheduler.runForMillis(60 * 60_000);
            Answer old = ask(source, CLIENT, signed(JWSAlgorithm.RS256, new RSASSASigner(next), "r2", claims -> {}));
            assertThat(old.outcome()).as("old keys hold while it is down").isEqualTo(Outcome.ACCEPTED);
            status.set(200);
            published.set("{\"keys\":[]}");
            scheduler.runForMillis(10_000);
            assertThat(ask(source, CLIENT, signed(JWSAlgorithm.RS256, new RSASSASigner(next), "r2", claims -> {}))
                            .outcome())
                    .as("nor does an empty set take them")
                    .isEqualTo(Outcome.ACCEPTED);
        }
    }

    @Test
    void onePlaceOfKeysIsNamed() {
        assertThatThrownBy(() -> keys(null, null, null).open(options(), scheduler.clock()))
                .hasMessageContaining("say one of");
        assertThatThrownBy(() -> keys(SECRET, null, "x").open(options(), scheduler.clock()))
                .hasMessageContaining("say one of");
        assertThatThrownBy(() -> keys(null, Path.of("missing"), null).open(options(), scheduler.clock()))
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> keys(null, null, "no key").open(options(), scheduler.clock()))
                .hasMessageContaining("PUBLIC KEY");
        assertThat(keys(SECRET, null, null).toString()).doesNotContain(SECRET);
        assertThatThrownBy(() -> new KeySettings(
                                null, null, false, null, null, "ftp://x/", trust(), Duration.ZERO, Duration.ZERO)
                        .open(options(), scheduler.clock()))
                .hasMessageContaining("jwks-url");
        assertThat(URI.create("http://x/").getHost()).isEqualTo("x");
    }

    // --- helpers

    private static SSLContext trust() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Answer ask(JwtSource source, ClientIdentity client, String token) {
        return source.verify(client, token.getBytes(StandardCharsets.UTF_8))
                .toCompletableFuture()
                .join();
    }

    private static ClientIdentity client(String id, @Nullable String user) {
        return new ClientIdentity("default", "mqtt", id, user, "192.0.2.1");
    }

    private JwtSource withSecret(JwtOptions options) {
        return keys(SECRET, null, null).open(options, scheduler.clock());
    }

    private JwtSource withPublicKey(String text, JwtOptions options) {
        return keys(null, null, text).open(options, scheduler.clock());
    }

    private static KeySettings keys(@Nullable String secret, @Nullable Path secretPath, @Nullable String publicKey) {
        KeySettings.NamedFile secretFile = secretPath == null
                ? null
                : new KeySettings.NamedFile(secretPath.toString(), () -> Files.readAllBytes(secretPath));
        return new KeySettings(
                secret,
                secretFile,
                false,
                publicKey,
                null,
                null,
                trust(),
                Duration.ofMinutes(5),
                Duration.ofSeconds(10));
    }

    private static JwtOptions options() {
        return options(Set.of(), Map.of(), "sub");
    }

    private static JwtOptions options(Set<String> algorithms, Map<String, String> claims, @Nullable String userClaim) {
        return new JwtOptions(
                false,
                algorithms,
                Duration.ofSeconds(30),
                null,
                List.of(),
                claims,
                true,
                userClaim,
                null,
                "acl",
                null,
                LIMITS);
    }

    private String hs(Consumer<JWTClaimsSet.Builder> more) throws JOSEException {
        return signed(JWSAlgorithm.HS256, new MACSigner(SECRET), null, more);
    }

    private String signed(
            JWSAlgorithm algorithm, JWSSigner signer, @Nullable String keyId, Consumer<JWTClaimsSet.Builder> more)
            throws JOSEException {
        SignedJWT token =
                new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), claims(more));
        token.sign(signer);
        return token.serialize();
    }

    private JWTClaimsSet claims(Consumer<JWTClaimsSet.Builder> more) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .subject("meter-7")
                .expirationTime(new Date(scheduler.clock().millis() + 60_000));
        more.accept(claims);
        return claims.build();
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String pem(byte[] der) {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static RSAKey rsa(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
