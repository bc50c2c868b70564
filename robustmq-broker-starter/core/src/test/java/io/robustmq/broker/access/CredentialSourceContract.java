/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.broker.access.CredentialSource.Answer;
import io.robustmq.broker.access.CredentialSource.Outcome;
import io.robustmq.protocol.ClientIdentity;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What every source of users must keep to. A source is tested by a class that extends this one. */
public abstract class CredentialSourceContract {

    /** A source that knows the user {@code ann} with this password, and nobody else. */
    protected abstract CredentialSource sourceOf(String password);

    protected static Answer ask(CredentialSource source, String user, byte[] password) {
        ClientIdentity client = new ClientIdentity("default", "mqtt", "c", user, "192.0.2.1");
        return source.verify(client, password).toCompletableFuture().join();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theRightPasswordIsAcceptedWithAProofThatGivesNothingAway() {
        CredentialSource source = sourceOf("sesame");
        Answer answer = ask(source, "ann", bytes("sesame"));
        assertThat(answer.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(answer.proof()).startsWith(source.name() + ":").doesNotContain("sesame");
        assertThat(answer.rememberMillis()).isPositive();
        assertThat(ask(source, "ann", bytes("sesame")).proof()).isEqualTo(answer.proof());
        assertThat(answer.grants().toString()).doesNotContain("sesame");
    }

    @Test
    void whatItGrantsIsRightForTheBroker() {
        Answer answer = ask(sourceOf("sesame"), "ann", bytes("sesame"));
        assertThat(answer.grants().expiresAtMillis()).isPositive();
        answer.grants().rules().forEach(CompiledRule::granted);
        assertThat(answer.grants().rules()).hasSizeLessThanOrEqualTo(Logins.GRANTED_RULES_MAX);
    }

    @Test
    void whoSaysNoNameIsForOtherSources() {
        CredentialSource source = sourceOf("sesame");
        assertThat(source.revision(new ClientIdentity("default", "mqtt", "c", null, "192.0.2.1")))
                .isNotNull();
        ClientIdentity nobody = new ClientIdentity("default", "mqtt", "c", null, "192.0.2.1");
        assertThat(source.verify(nobody, bytes("sesame"))
                        .toCompletableFuture()
                        .join()
                        .outcome())
                .isNotEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void itsLimitsCanBeKept() {
        CredentialSource source = sourceOf("sesame");
        assertThat(source.name()).matches("[a-z][a-z0-9-]*");
        assertThat(source.timeoutMillis()).isPositive();
        assertThat(source.concurrencyMax()).isPositive();
    }

    @Test
    void anyOtherPasswordIsRefused() {
        CredentialSource source = sourceOf("sesame");
        for (String wrong : new String[] {"Sesame", "sesame ", "sesam", "ann"}) {
            assertThat(ask(source, "ann", bytes(wrong)).outcome()).as(wrong).isEqualTo(Outcome.REFUSED);
        }
    }

    @Test
    void otherUsersAreForOtherSources() {
        assertThat(ask(sourceOf("sesame"), "bob", bytes("sesame")).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(ask(sourceOf("sesame"), "Ann", bytes("sesame")).outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void thePasswordStaysTheCallers() {
        byte[] password = bytes("sesame");
        ask(sourceOf("sesame"), "ann", password);
        assertThat(password).isEqualTo(bytes("sesame"));
    }

    @Test
    void whatIsRememberedEndsWithThePassword() {
        ClientIdentity ann = new ClientIdentity("default", "mqtt", "c", "ann", "192.0.2.1");
        CredentialSource before = sourceOf("sesame");
        CredentialSource after = sourceOf("other");
        boolean byRevision = !before.revision(ann).equals(after.revision(ann));
        boolean byTime = ask(before, "ann", bytes("sesame")).rememberMillis() <= 24 * 3600 * 1000L;
        assertThat(byRevision || byTime).isTrue();
    }
}
