/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.sim.SimLoopGroup;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.protocol.AccessListener;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.AccessRule.Effect;
import io.robustmq.protocol.AccessRule.Who;
import io.robustmq.protocol.Admission;
import io.robustmq.protocol.Admission.Verdict;
import io.robustmq.protocol.BanPort.Ban;
import io.robustmq.protocol.ClientAccess;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Grants;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Users that others know, and what comes with a log-in. */
class AccessSourcesTest {
    private static final String TENANT = "default";

    private final SimScheduler scheduler = new SimScheduler(1);
    private final SimLoopGroup loops = scheduler.loops("net", 1);
    private final InMemoryMeta meta = new InMemoryMeta();
    private AccessControl access = opened(AccessConfig.DEFAULTS, List.of());
    private int rules;

    private AccessControl opened(AccessConfig config, List<CredentialSource> others) {
        AccessControl control =
                new AccessControl(config, scheduler.clock(), scheduler.random("access"), Runnable::run, others);
        done(control.open(meta.documents(), loops.get(0)));
        return control;
    }

    /** Answers what it is told to. */
    private record Source(String name, CompletionStage<Answer> says) implements CredentialSource {
        @Override
        public CompletionStage<Answer> verify(ClientIdentity client, byte[] password) {
            return says;
        }
    }

    @Test
    void sourcesAreAskedInTurnAndOneThatFailsRefuses() {
        CredentialSource.Answer yes = new CredentialSource.Answer(CredentialSource.Outcome.ACCEPTED, "door:1", 1_000);
        Source unsure = new Source("unsure", CompletableFuture.completedStage(CredentialSource.Answer.UNKNOWN));
        Source door = new Source("door", CompletableFuture.completedStage(yes));
        Source down = new Source("down", CompletableFuture.failedStage(new IllegalStateException("down")));
        Source slow = new Source("slow", new CompletableFuture<>());
        access = opened(AccessConfig.DEFAULTS, List.of(unsure, door));
        assertThat(access.allowsAll()).isFalse();
        assertThat(admit(client("x", "eve"), "any")).isEqualTo(Verdict.ALLOWED);
        access = opened(AccessConfig.DEFAULTS, List.of(down, door));
        assertThat(admit(client("x", "eve"), "any")).isEqualTo(Verdict.BUSY);
        access = opened(AccessConfig.DEFAULTS, List.of(unsure));
        assertThat(admit(client("x", "eve"), "any")).isEqualTo(Verdict.BAD_CREDENTIALS);
        access = opened(AccessConfig.DEFAULTS, List.of(slow, door));
        CompletableFuture<Admission> waiting =
                access.admit(client("x", "eve"), bytes("any")).toCompletableFuture();
        scheduler.runForMillis(4_900);
        assertThat(waiting).isNotDone();
        scheduler.runForMillis(200);
        assertThat(waiting.join().verdict()).isEqualTo(Verdict.BUSY);
    }

    @Test
    void theOrderIsTheConfiguredOne() {
        Source no = new Source("no", CompletableFuture.completedStage(CredentialSource.Answer.REFUSED));
        Source yes = new Source("yes", granting(Grants.NONE, 1_000));
        addUser("ann", "sesame", false);
        access = ordered(List.of("no", "users", "yes"), no, yes);
        assertThat(admit(client("x", "ann"), "sesame")).isEqualTo(Verdict.BAD_CREDENTIALS);
        access = ordered(List.of("users", "yes", "no"), no, yes);
        assertThat(admit(client("x", "ann"), "sesame")).isEqualTo(Verdict.ALLOWED);
        assertThat(admit(client("x", "ann"), "any")).isEqualTo(Verdict.BAD_CREDENTIALS);
        assertThat(admit(client("x", "eve"), "any")).isEqualTo(Verdict.ALLOWED);
        assertThat(access.scram(TENANT, "ann", Scram.SHA_256)).isNotNull();
        access = ordered(List.of("yes", "no"), no, yes);
        assertThat(admit(client("x", "ann"), "any")).isEqualTo(Verdict.ALLOWED);
        assertThat(access.scram(TENANT, "ann", Scram.SHA_256)).isNull();
        for (List<String> wrong : List.of(List.of("yes"), List.of("yes", "no", "yes"), List.of("yes", "no", "door"))) {
            assertThatThrownBy(() -> ordered(wrong, no, yes)).isInstanceOf(RmqException.class);
        }
        assertThatThrownBy(() -> opened(AccessConfig.DEFAULTS, List.of(yes, yes)))
                .isInstanceOf(RmqException.class);
    }

    @Test
    void aSourceGrantsRulesForItsLogInOnly() {
        deny(Who.ALL, "", Action.ALL, "plant/secret/#");
        Grants grants = Grants.builder()
                .allow(Action.ALL, "plant/%c/#")
                .allow(Action.ALL, "plant/secret/#")
                .deny(Action.PUBLISH, "plant/%c/valve")
                .build();
        access = opened(AccessConfig.DEFAULTS, List.of(new Source("door", granting(grants, 1_000))));
        ClientIdentity eve = letIn(client("d1", "eve"));
        assertThat(access.mayPublish(eve, "plant.d1.temp")).isTrue();
        assertThat(access.mayPublish(eve, "plant.d1.valve")).isFalse();
        assertThat(access.maySubscribe(eve, "plant.d1.valve")).isTrue();
        assertThat(access.mayPublish(eve, "plant.d2.temp")).isFalse();
        assertThat(access.mayPublish(eve, "plant.secret.x")).isFalse();
        assertThat(access.mayPublish(client("d1", "eve"), "plant.d1.temp")).isFalse();
        ClientAccess own = access.open(eve);
        assertThat(own.mayPublish("plant.d1.temp", 1, false)).isTrue();
        deny(Who.USER, "eve", Action.PUBLISH, "plant/d1/#");
        assertThat(own.mayPublish("plant.d1.temp", 1, false)).isFalse();
    }

    @Test
    void whoVouchesForAClientSaysWhoAndWhatItIs() {
        addUser("root", "sesame", true);
        Grants plain = Grants.builder().userName("root").build();
        access = opened(AccessConfig.DEFAULTS, List.of(new Source("door", granting(plain, 1_000))));
        ClientIdentity eve = letIn(client("x", "eve"));
        assertThat(eve.userName()).isEqualTo("root");
        assertThat(access.mayPublish(eve, "a")).as("the name of a superuser").isFalse();
        done(access.admin().ban(new Ban(TENANT, Who.USER, "root", 0, "")));
        assertThat(admit(client("x", "eve"), "any")).as("remembered").isEqualTo(Verdict.BANNED);
        assertThat(admit(client("x", "eve"), "other")).isEqualTo(Verdict.BANNED);
        Grants mighty = Grants.builder().superuser(true).tenant("t2").build();
        access = opened(AccessConfig.DEFAULTS, List.of(new Source("door", granting(mighty, 1_000))));
        ClientIdentity max = letIn(client("x", "max"));
        assertThat(max.tenant()).isEqualTo("t2");
        assertThat(access.mayPublish(max, "a")).isTrue();
    }

    @Test
    void aLogInEndsWhenItExpires() {
        long expires = scheduler.clock().millis() + 10_000;
        Grants grants = Grants.builder().expiresAtMillis(expires).build();
        access = opened(AccessConfig.DEFAULTS, List.of(new Source("door", granting(grants, Long.MAX_VALUE))));
        Told there = attend(client("a", "eve"), "any");
        Told gone = new Told();
        access.attend(client("b", "eve"), done(access.admit(client("b", "eve"), bytes("any"))), gone)
                .cancel();
        scheduler.runForMillis(9_900);
        assertThat(there.events).isEmpty();
        scheduler.runForMillis(200);
        assertThat(admit(client("a", "eve"), "any")).as("remembered no longer").isEqualTo(Verdict.BAD_CREDENTIALS);
        assertThat(there.events).containsExactly("the log-in has expired");
        assertThat(gone.events).isEmpty();
        assertThat(access.sources().get(1).counters().asked.sum()).isEqualTo(3);
    }

    @Test
    void whatIsGrantedMustBeRules() {
        Grants wrong = Grants.builder().deny(Action.ALL, "a/#/b").build();
        access = opened(AccessConfig.DEFAULTS, List.of(new Source("door", granting(wrong, 1_000))));
        assertThat(admit(client("x", "eve"), "any")).isEqualTo(Verdict.BUSY);
        Grants.Builder many = Grants.builder();
        for (int i = 0; i < Logins.GRANTED_RULES_MAX; i++) {
            many.allow(Action.ALL, "a/" + i);
        }
        access = opened(AccessConfig.DEFAULTS, List.of(new Source("door", granting(many.build(), 1_000))));
        assertThat(admit(client("x", "eve"), "any")).isEqualTo(Verdict.ALLOWED);
        many.allow(Action.ALL, "a");
        access = opened(AccessConfig.DEFAULTS, List.of(new Source("door", granting(many.build(), 1_000))));
        assertThat(admit(client("x", "eve"), "any")).isEqualTo(Verdict.BUSY);
    }

    /** Takes tokens, in their own place and in that of a name. */
    private record Tokens(String name) implements CredentialSource {
        @Override
        public CompletionStage<Answer> verify(ClientIdentity client, byte[] password) {
            String said = password.length > 0 ? new String(password, StandardCharsets.UTF_8) : client.userName();
            return CompletableFuture.completedStage(
                    "token".equals(said) || said != null && said.length() > Logins.NAME_CHARS_MAX
                            ? Answer.accepted(
                                    "t", 0, Grants.builder().userName("eve").build())
                            : Answer.UNKNOWN);
        }

        @Override
        public boolean takesTokens() {
            return true;
        }

        @Override
        public boolean readsUserName() {
            return true;
        }
    }

    @Test
    void tokensAreForThoseWhoReadThem() {
        Source yes = new Source("yes", granting(Grants.NONE, 1_000));
        assertThat(access.takesTokens()).isFalse();
        assertThat(done(access.admitToken(client("x", null), bytes("token"))).verdict())
                .isEqualTo(Verdict.BAD_CREDENTIALS);
        access = opened(AccessConfig.DEFAULTS, List.of(yes, new Tokens("jwt")));
        assertThat(access.sources()).extracting(AccessControl.Source::name).containsExactly("jwt", "users", "yes");
        assertThat(access.takesTokens()).isTrue();
        Admission admission = done(access.admitToken(client("x", null), bytes("token")));
        assertThat(admission.of(client("x", null)).userName()).isEqualTo("eve");
        assertThat(done(access.admitToken(client("x", null), bytes("other"))).verdict())
                .isEqualTo(Verdict.BAD_CREDENTIALS);
        assertThat(admit(client("x", null), "token"))
                .as("a password without a name")
                .isEqualTo(Verdict.ALLOWED);
        assertThat(admit(client("x", null), null)).isEqualTo(Verdict.NOT_AUTHORIZED);
        assertThat(admit(client("x", "token"), null))
                .as("in the place of the name")
                .isEqualTo(Verdict.ALLOWED);
        String longName = "n".repeat(Logins.NAME_CHARS_MAX + 1);
        assertThat(admit(client("x", longName), null))
                .as("only those who read names")
                .isEqualTo(Verdict.ALLOWED);
        assertThat(access.sources().get(2).counters().asked.sum()).isZero();
        assertThat(admit(client("x", "n".repeat(Logins.CREDENTIAL_BYTES_MAX + 1)), null))
                .isEqualTo(Verdict.BAD_CREDENTIALS);
        assertThat(admit(client("x", "bob"), "p".repeat(Logins.CREDENTIAL_BYTES_MAX + 1)))
                .isEqualTo(Verdict.BAD_CREDENTIALS);
        assertThat(admit(client("x", "bob"), "p".repeat(Logins.CREDENTIAL_BYTES_MAX)))
                .isEqualTo(Verdict.ALLOWED);
    }

    @Test
    void whoKnowsNothingOfTenantsKnowsUsersOfTheDefaultOneOnly() {
        access = opened(AccessConfig.DEFAULTS, List.of(new Source("door", granting(Grants.NONE, 1_000))));
        assertThat(admit(client("x", "eve"), "any")).isEqualTo(Verdict.ALLOWED);
        ClientIdentity elsewhere =
                client("x", "eve").with(Grants.builder().tenant("t2").build());
        assertThat(admit(elsewhere, "any")).isEqualTo(Verdict.BAD_CREDENTIALS);
        assertThat(access.sources().get(1).counters().asked.sum()).isOne();
    }

    @Test
    void oneBadTokenShutsOutNobodyElseBehindTheSameAddress() {
        access = opened(AccessConfig.DEFAULTS, List.of(new Tokens("jwt")));
        ClientIdentity nameless = client("x", null);
        for (int i = 0; i < LoginGuard.PAIR_FAILURES_MAX; i++) {
            access.admitToken(nameless, bytes("bad"));
            scheduler.runForMillis(LoginGuard.DELAY_MILLIS_MAX);
        }
        CompletionStage<Admission> next = access.admitToken(nameless, bytes("bad"));
        assertThat(done(access.admitToken(nameless, bytes("bad"))).verdict()).isEqualTo(Verdict.BUSY);
        assertThat(done(access.admitToken(nameless, bytes("token"))).verdict()).isEqualTo(Verdict.ALLOWED);
        scheduler.runForMillis(LoginGuard.DELAY_MILLIS_MAX);
        assertThat(done(next).verdict()).isEqualTo(Verdict.BAD_CREDENTIALS);
    }

    private static CompletionStage<CredentialSource.Answer> granting(Grants grants, long rememberMillis) {
        return CompletableFuture.completedStage(CredentialSource.Answer.accepted("users:1", rememberMillis, grants));
    }

    private AccessControl ordered(List<String> order, CredentialSource... others) {
        AccessControl control = new AccessControl(
                AccessConfig.DEFAULTS,
                scheduler.clock(),
                scheduler.random("access"),
                Runnable::run,
                List.of(others),
                order,
                source -> Runnable::run);
        done(control.open(meta.documents(), loops.get(0)));
        return control;
    }

    private ClientIdentity letIn(ClientIdentity client) {
        Admission admission = done(access.admit(client, bytes("any")));
        assertThat(admission.verdict()).isEqualTo(Verdict.ALLOWED);
        return admission.of(client);
    }

    /** What a connection is told, in order. */
    private static final class Told implements AccessListener {
        final List<String> events = new ArrayList<>();

        @Override
        public void noLongerWelcome(String why) {
            events.add(why);
        }

        @Override
        public void rulesChanged() {
            events.add("rules");
        }
    }

    private Told attend(ClientIdentity client, @Nullable String password) {
        Told told = new Told();
        Admission admission = done(access.admit(client, password == null ? null : bytes(password)));
        Cancellable registration = access.attend(client, admission, told);
        assertThat(registration).isNotNull();
        return told;
    }

    private void addUser(String name, String password, boolean superuser) {
        done(access.admin().addUser(TENANT, name, bytes(password), superuser));
    }

    private void deny(Who who, String value, Action action, String filter) {
        done(access.admin().add(AccessRule.ofSubject(TENANT, "r" + rules++, Effect.DENY, who, value, action, filter)));
    }

    private Verdict admit(ClientIdentity client, @Nullable String password) {
        CompletionStage<Admission> stage = access.admit(client, password == null ? null : bytes(password));
        scheduler.runForMillis(LoginGuard.DELAY_MILLIS_MAX);
        return done(stage).verdict();
    }

    private static ClientIdentity client(String clientId, @Nullable String user) {
        return new ClientIdentity(TENANT, "mqtt", clientId, user, "192.0.2.1");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
