/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.access.lookup.HashKind.Salt;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.AccessRule.Effect;
import io.robustmq.protocol.ClientIdentity;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What sources that look users up have in common, without a server. */
class LookupTest {

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ClientIdentity client(String user, String clientId) {
        return new ClientIdentity("acme", "mqtt", clientId, user, "192.0.2.1");
    }

    @ParameterizedTest
    @CsvSource({
        "SHA256, 0123",
        "SHA256, zz",
        "SHA512, 0123",
        "AUTO, sesame",
        "AUTO, $1$salt$hash",
        "AUTO, ''",
    })
    void aHashThatCannotBeReadIsToldWithoutTheHash(HashKind kind, String hash) {
        assertThatThrownBy(() -> kind.matches(hash, "", Salt.NONE, bytes("sesame")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(hash.isEmpty() ? "sesame" : hash);
        String letters = "z".repeat(64);
        assertThatThrownBy(() -> HashKind.SHA256.matches(letters, "", Salt.NONE, bytes("sesame")))
                .hasMessageContaining("hexadecimal")
                .hasMessageNotContaining("z");
    }

    @Test
    void hexadecimalDigitsMayBeLarge() {
        // printf sesame | sha256sum
        String hash = "d0c04f4b1951e4aeaaec8223ed2039e542f3aae805a6fa7f6d794e5afff5d272";
        for (String each : new String[] {hash, hash.toUpperCase(java.util.Locale.ROOT)}) {
            assertThat(HashKind.SHA256.matches(each, "unused", Salt.NONE, bytes("sesame")))
                    .isTrue();
            assertThat(HashKind.SHA256.matches(each, "x", Salt.PREFIX, bytes("sesame")))
                    .isFalse();
        }
    }

    @Test
    void aRuleIsThreeWords() {
        RuleReader rules = new RuleReader("ldap-ops");
        rules.add("deny publish plant/secret/#");
        rules.add("  ALLOW  all  a topic with spaces ");
        assertThat(rules.rules()).extracting(AccessRule::name).containsExactly("ldap-ops-1", "ldap-ops-2");
        assertThat(rules.rules()).extracting(AccessRule::effect).containsExactly(Effect.DENY, Effect.ALLOW);
        assertThat(rules.rules()).extracting(AccessRule::action).containsExactly(Action.PUBLISH, Action.ALL);
        assertThat(rules.rules())
                .extracting(AccessRule::filter)
                .containsExactly("plant/secret/#", "a topic with spaces");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "allow", "allow all", "permit all x", "allow everything x", "allow all eq x"})
    void whatIsNoRuleIsNotLeftOut(String text) {
        assertThatThrownBy(() -> new RuleReader("x").add(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"3,", "1;2,", ",maybe"})
    void qosAndRetainAreUnderstoodOrRefused(String qos, String retain) {
        assertThatThrownBy(() -> new RuleReader("x").add("allow", "all", null, "t", qos, retain))
                .isInstanceOf(IllegalArgumentException.class);
        RuleReader rules = new RuleReader("x");
        rules.add(null, "all", null, "t", "0, 2", "ALL");
        assertThat(rules.rules().get(0).qosMask()).isEqualTo(0b101);
        assertThat(rules.rules().get(0).retain()).isNull();
    }

    @Test
    void whatAnAnswerDependsOnIsKeptApart() {
        Set<Placeholder> both = EnumSet.of(Placeholder.USER, Placeholder.CLIENT_ID);
        assertThat(Placeholder.all(both, client("a", "bc"))).isNotEqualTo(Placeholder.all(both, client("ab", "c")));
        assertThat(Placeholder.all(EnumSet.of(Placeholder.USER), client("a", "b")))
                .isEqualTo(Placeholder.all(EnumSet.of(Placeholder.USER), client("a", "c")));
        assertThat(Placeholder.areTexts(both, client("a", "b\u0000"))).isFalse();
        assertThat(Placeholder.areTexts(EnumSet.of(Placeholder.USER), client("a", "b\u0000")))
                .isTrue();
    }

    @Test
    void aPlaceholderIsNotLookedForInWhatItStandsFor() {
        Template template = Template.personal("x", "%u|%c|%a|%t|%x|%");
        assertThat(template.of(client("%c", "%u"), text -> text)).isEqualTo("%c|%u|192.0.2.1|acme|%x|%");
        assertThatThrownBy(() -> Template.personal("x", "%a")).hasMessageContaining("neither %u nor %c");
    }

    @Test
    void proofsAreOfOneProcessAndTellPartsApart() {
        Proofs proofs = new Proofs(SystemRandom.INSTANCE);
        String proof = proofs.of("redis", bytes("ann"), bytes("sesame"));
        assertThat(proof).startsWith("redis:").doesNotContain("ann", "sesame");
        assertThat(proofs.of("redis", bytes("ann"), bytes("sesame"))).isEqualTo(proof);
        assertThat(proofs.of("redis", bytes("anns"), bytes("esame"))).isNotEqualTo(proof);
        assertThat(new Proofs(SystemRandom.INSTANCE).of("redis", bytes("ann"), bytes("sesame")))
                .isNotEqualTo(proof);
    }

    @Test
    void aReasonIsOfAllCausesAndSaysNothingTwice() {
        Exception failure =
                new IllegalStateException("pool is empty", new IllegalArgumentException("pool", new Exception()));
        assertThat(FailureLog.reason(failure)).isEqualTo("pool is empty; Exception");
    }
}
