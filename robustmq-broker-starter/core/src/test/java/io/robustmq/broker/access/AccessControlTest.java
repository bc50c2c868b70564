/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.robustmq.broker.access.AccessConfig.Unsaid;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.RmqError;
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
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AccessControlTest {
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

    // --- nobody said anything

    @Test
    void withoutUsersAndRulesEverybodyMayDoEverything() {
        assertThat(access.allowsAll()).isTrue();
        assertThat(admit(client("x", null), null)).isEqualTo(Verdict.ALLOWED);
        assertThat(admit(client("x", "anybody"), "whatever")).isEqualTo(Verdict.ALLOWED);
        assertThat(access.open(client("x", null)).mayPublish("a.b", 1, true)).isTrue();
        assertThat(access.maySubscribe(client("x", null), "#")).isTrue();
    }

    @Test
    void withAFirstUserWhatNothingAllowsIsDenied() {
        addUser("ann", "sesame", false);
        assertThat(access.allowsAll()).isFalse();
        assertThat(admit(client("x", null), null)).isEqualTo(Verdict.NOT_AUTHORIZED);
        assertThat(admit(client("x", "ann"), null)).isEqualTo(Verdict.BAD_CREDENTIALS);
        assertThat(admit(client("x", "ann"), "")).isEqualTo(Verdict.BAD_CREDENTIALS);
        assertThat(admit(client("x", "ann"), "sesamE")).isEqualTo(Verdict.BAD_CREDENTIALS);
        assertThat(admit(client("x", "bob"), "sesame")).isEqualTo(Verdict.BAD_CREDENTIALS);
        assertThat(admit(client("x", "ann"), "sesame")).isEqualTo(Verdict.ALLOWED);
        assertThat(access.mayPublish(client("x", "ann"), "a.b")).isFalse();
        allow(Who.USER, "ann", Action.PUBLISH, "a/+");
        assertThat(access.mayPublish(client("x", "ann"), "a.b")).isTrue();
        assertThat(access.mayPublish(client("x", "ann"), "a.b.c")).isFalse();
        assertThat(access.maySubscribe(client("x", "ann"), "a.b")).isFalse();
        assertThat(access.mayPublish(client("x", "bob"), "a.b")).isFalse();
    }

    @Test
    void rulesWithoutUsersTakeAwayOnly() {
        deny(Who.ALL, "", Action.ALL, "secret/#");
        assertThat(access.allowsAll()).isFalse();
        assertThat(admit(client("x", null), null)).isEqualTo(Verdict.ALLOWED);
        assertThat(access.mayPublish(client("x", null), "open")).isTrue();
        assertThat(access.mayPublish(client("x", null), "secret.a")).isFalse();
        assertThat(access.maySubscribe(client("x", null), "open.#")).isTrue();
        assertThat(access.maySubscribe(client("x", null), "#")).isFalse();
    }

    @Test
    void theConfigurationMaySayOtherwise() {
        access = opened(AccessConfig.DEFAULTS.with(Unsaid.ALLOW, Unsaid.DENY), List.of());
        assertThat(admit(client("x", null), null)).isEqualTo(Verdict.ALLOWED);
        assertThat(access.mayPublish(client("x", null), "a")).isFalse();
        addUser("ann", "sesame", false);
        assertThat(admit(client("x", null), null)).isEqualTo(Verdict.ALLOWED);
        assertThat(admit(client("x", "ann"), "wrong")).isEqualTo(Verdict.BAD_CREDENTIALS);
        access = opened(AccessConfig.DEFAULTS.with(Unsaid.DENY, Unsaid.ALLOW), List.of());
        assertThat(admit(client("x", null), null)).isEqualTo(Verdict.NOT_AUTHORIZED);
        assertThat(access.mayPublish(client("x", "ann"), "a")).isTrue();
    }

    // --- rules

    @Test
    void denyWinsInWhateverSpellingAndOrder() {
        addUser("ann", "sesame", false);
        deny(Who.ALL, "", Action.PUBLISH, "plant.*.valve");
        allow(Who.USER, "ann", Action.ALL, "plant/#");
        ClientIdentity ann = client("x", "ann");
        assertThat(access.mayPublish(ann, "plant.1.valve")).isFalse();
        assertThat(access.mayPublish(ann, "plant.1.temp")).isTrue();
        assertThat(access.maySubscribe(ann, "plant.1.valve")).isTrue();
        deny(Who.USER, "ann", Action.SUBSCRIBE, "plant/9/#");
        assertThat(access.maySubscribe(ann, "plant.1.#")).isTrue();
        assertThat(access.maySubscribe(ann, "plant.#")).isFalse();
        assertThat(access.maySubscribe(ann, "plant.+.temp")).isFalse();
    }

    @Test
    void placeholdersAreTheClientsOwnNamesAndNeverWildcards() {
        addUser("ann", "sesame", false);
        allow(Who.ALL, "", Action.ALL, "dev/%c/#");
        allow(Who.ALL, "", Action.ALL, "home.%u.in");
        assertThat(access.mayPublish(client("d1", "ann"), "dev.d1.x")).isTrue();
        assertThat(access.mayPublish(client("d1", "ann"), "dev.d2.x")).isFalse();
        assertThat(access.mayPublish(client("d1", "ann"), "home.ann.in")).isTrue();
        assertThat(access.mayPublish(client("d1", null), "home..in")).isFalse();
        for (String wild : List.of("+", "#", "*", ">", "d1/x", "d1.x")) {
            assertThat(access.mayPublish(client(wild, "ann"), "dev.d1.x"))
                    .as(wild)
                    .isFalse();
            assertThat(access.maySubscribe(client(wild, "ann"), "dev." + wild + ".#"))
                    .as(wild)
                    .isFalse();
        }
        assertThat(access.mayPublish(client("%u", "ann"), "dev.ann.x")).isFalse();
        assertThat(access.mayPublish(client("d1", "ann.smith"), "home.ann.smith.in"))
                .isTrue();
    }

    @Test
    void conditionsOfQualityAndRetainHold() {
        addUser("ann", "sesame", false);
        allow(Who.USER, "ann", Action.ALL, "a/#");
        add(new AccessRule(
                TENANT,
                "noretain",
                Effect.DENY,
                Who.ALL,
                "",
                Action.PUBLISH,
                AccessRule.Resource.SUBJECT,
                AccessRule.Match.FILTER,
                "a/#",
                AccessRule.ANY_QOS,
                true));
        add(new AccessRule(
                TENANT,
                "noqos2",
                Effect.DENY,
                Who.ALL,
                "",
                Action.ALL,
                AccessRule.Resource.SUBJECT,
                AccessRule.Match.FILTER,
                "a/#",
                0b100,
                null));
        ClientAccess ann = access.open(client("x", "ann"));
        for (int round = 0; round < 2; round++) {
            assertThat(ann.mayPublish("a.b", 0, false)).isTrue();
            assertThat(ann.mayPublish("a.b", 0, true)).isFalse();
            assertThat(ann.mayPublish("a.b", 1, false)).isTrue();
            assertThat(ann.mayPublish("a.b", 2, false)).isFalse();
        }
        assertThat(ann.maySubscribe("a.b", 1)).isTrue();
        assertThat(ann.maySubscribe("a.b", 2)).isFalse();
    }

    @Test
    void rulesAreAboutAddressesAndClientIds() {
        deny(Who.ADDRESS, "10.1.0.0/16", Action.ALL, "#");
        deny(Who.ADDRESS, "2001:db8::/32", Action.ALL, "#");
        deny(Who.CLIENT_ID, "bad", Action.ALL, "#");
        assertThat(access.mayPublish(from("10.1.2.3"), "a")).isFalse();
        assertThat(access.mayPublish(from("::ffff:10.1.2.3"), "a")).isFalse();
        assertThat(access.mayPublish(from("10.2.0.1"), "a")).isTrue();
        assertThat(access.mayPublish(from("2001:db8::1"), "a")).isFalse();
        assertThat(access.mayPublish(from("2001:db9::1"), "a")).isTrue();
        assertThat(access.mayPublish(client("bad", null), "a")).isFalse();
    }

    @Test
    void aSuperuserMayDoEverythingAndAWildcardIsNotTheSystems() {
        addUser("root", "sesame", true);
        addUser("ann", "sesame", false);
        deny(Who.ALL, "", Action.ALL, "secret/#");
        allow(Who.USER, "ann", Action.ALL, "#");
        assertThat(access.mayPublish(client("x", "root"), "secret.a")).isTrue();
        assertThat(access.maySubscribe(client("x", "root"), "$SYS.#")).isTrue();
        assertThat(access.maySubscribe(client("x", "ann"), "$SYS.#")).isFalse();
        allow(Who.USER, "ann", Action.SUBSCRIBE, "$SYS/#");
        assertThat(access.maySubscribe(client("x", "ann"), "$SYS.#")).isTrue();
    }

    @Test
    void whatIsNoRuleIsRefused() {
        assertRefused(Who.ALL, "", "a/#/b", RmqError.INVALID_CONFIG);
        assertRefused(Who.ALL, "", "a/b#", RmqError.INVALID_CONFIG);
        assertRefused(Who.ALL, "", "", RmqError.INVALID_CONFIG);
        assertRefused(Who.ALL, "ann", "a", RmqError.INVALID_CONFIG);
        assertRefused(Who.USER, "", "a", RmqError.INVALID_CONFIG);
        assertRefused(Who.ADDRESS, "10.0.0.0/33", "a", RmqError.INVALID_CONFIG);
        assertRefused(Who.ADDRESS, "host", "a", RmqError.INVALID_CONFIG);
        allow(Who.ALL, "", Action.ALL, "a");
        AccessRule again = AccessRule.ofSubject(TENANT, "r0", Effect.DENY, Who.ALL, "", Action.ALL, "a");
        assertFails(access.admin().add(again), RmqError.TOPIC_EXISTS);
        assertFails(access.admin().deleteRule(TENANT, "nothing"), RmqError.NOT_FOUND);
    }

    @Test
    void limitsAreKept() {
        AccessConfig small = new AccessConfig(Unsaid.AUTO, Unsaid.AUTO, 1, 1, 10, 10, 10);
        access = opened(small, List.of());
        addUser("ann", "sesame", false);
        assertFails(access.admin().addUser(TENANT, "bob", bytes("x"), false), RmqError.QUOTA_EXCEEDED);
        allow(Who.ALL, "", Action.ALL, "a");
        AccessRule second = AccessRule.ofSubject(TENANT, "second", Effect.DENY, Who.ALL, "", Action.ALL, "a");
        assertFails(access.admin().add(second), RmqError.QUOTA_EXCEEDED);
        assertFails(access.admin().addUser(TENANT, "x".repeat(257), bytes("x"), false), RmqError.INVALID_NAME);
        assertFails(access.admin().addUser(TENANT, "", bytes("x"), false), RmqError.INVALID_NAME);
        assertFails(access.admin().changePassword(TENANT, "ann", new byte[1025]), RmqError.INVALID_CONFIG);
        assertFails(access.admin().changePassword(TENANT, "ann", new byte[0]), RmqError.INVALID_CONFIG);
        done(access.admin().changePassword(TENANT, "ann", new byte[1024]));
    }

    @Test
    void aRepeatedDecisionAllocatesNothing() {
        addUser("ann", "sesame", false);
        for (int i = 0; i < 100; i++) {
            allow(Who.USER, "ann", Action.PUBLISH, "a/" + i + "/#");
        }
        ClientAccess ann = access.open(client("x", "ann"));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int i = 0; i < 100_000; i++) {
            if (i == 1_000) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            if (!ann.mayPublish(i % 2 == 0 ? "a.7.x" : "a.99.y", i & 1, false)) {
                throw new AssertionError("denied");
            }
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(50_000);
    }

    // --- changes

    @Test
    void anotherNodeAndAnotherLifeKnowTheSame() {
        addUser("ann", "sesame", false);
        allow(Who.USER, "ann", Action.ALL, "a/#");
        AccessControl other = opened(AccessConfig.DEFAULTS, List.of());
        assertThat(other.admin().user(TENANT, "ann")).isNotNull();
        assertThat(other.mayPublish(client("x", "ann"), "a.b")).isTrue();
        done(access.admin().deleteRule(TENANT, "r0"));
        assertThat(other.mayPublish(client("x", "ann"), "a.b")).isFalse();
        done(access.admin().deleteUser(TENANT, "ann"));
        assertThat(other.allowsAll()).isTrue();
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

    @Test
    void connectionsAreToldWhatChangesAboutThem() {
        Told nobody = attend(client("n", null), null);
        addUser("ann", "sesame", false);
        addUser("bob", "sesame", false);
        scheduler.runForMillis(100);
        assertThat(nobody.events).containsExactly("clients say who they are now");
        Told ann = attend(client("a", "ann"), "sesame");
        Told bob = attend(client("b", "bob"), "sesame");
        allow(Who.USER, "ann", Action.ALL, "a/#");
        allow(Who.USER, "ann", Action.ALL, "b/#");
        scheduler.runForMillis(100);
        assertThat(ann.events).containsExactly("rules");
        done(access.admin().changePassword(TENANT, "ann", bytes("other")));
        done(access.admin().deleteUser(TENANT, "bob"));
        scheduler.runForMillis(100);
        assertThat(ann.events).last().isEqualTo("the password is another one now");
        assertThat(bob.events).last().isEqualTo("the user is not there any more");
        assertThat(admit(client("a", "ann"), "sesame")).isEqualTo(Verdict.BAD_CREDENTIALS);
        assertThat(admit(client("a", "ann"), "other")).isEqualTo(Verdict.ALLOWED);
    }

    private Told attend(ClientIdentity client, @Nullable String password) {
        Told told = new Told();
        Admission admission = done(access.admit(client, password == null ? null : bytes(password)));
        Cancellable registration = access.attend(client, admission, told);
        assertThat(registration).isNotNull();
        return told;
    }

    // --- passwords

    @Test
    void aRightPasswordIsHashedOnce() {
        addUser("ann", "sesame", false);
        assertThat(admit(client("x", "ann"), "sesame")).isEqualTo(Verdict.ALLOWED);
        assertThat(access.rememberedLogins()).isZero();
        assertThat(admit(client("y", "ann"), "sesame")).isEqualTo(Verdict.ALLOWED);
        assertThat(access.rememberedLogins()).isOne();
        assertThat(admit(client("y", "ann"), "sesame2")).isEqualTo(Verdict.BAD_CREDENTIALS);
        assertThat(access.rememberedLogins()).isOne();
    }

    @Test
    void aCertificateNeedsNoPasswordAndNoUser() {
        addUser("ann", "sesame", false);
        allow(Who.USER, "meter-7", Action.PUBLISH, "meters/%u/#");
        ClientIdentity meter = new ClientIdentity(TENANT, "mqtt", "x", "meter-7", "192.0.2.1", true);
        assertThat(admit(meter, null)).isEqualTo(Verdict.ALLOWED);
        assertThat(access.mayPublish(meter, "meters.meter-7.kwh")).isTrue();
        assertThat(access.mayPublish(meter, "meters.meter-8.kwh")).isFalse();
        assertThat(admit(client("x", "meter-7"), "sesame")).isEqualTo(Verdict.BAD_CREDENTIALS);
        Told told = new Told();
        access.attend(meter, done(access.admit(meter, null)), told);
        addUser("bob", "sesame", false);
        scheduler.runForMillis(100);
        assertThat(told.events).containsExactly("rules");
    }

    @Test
    void importedHashesLogInWithoutScram() {
        String hash = "{SSHA256}46Cw5/t2CJz8AJRRuioD8+2V1UO2w/oW4rAkdvmNXnlzYWx0c2FsdHNhbHQxMjM0";
        done(access.admin().importUser(TENANT, "old", hash, false));
        assertThat(admit(client("x", "old"), "sesame")).isEqualTo(Verdict.ALLOWED);
        assertThat(access.scram(TENANT, "old", Scram.SHA_256)).isNull();
        done(access.admin().changePassword(TENANT, "old", bytes("new")));
        assertThat(access.scram(TENANT, "old", Scram.SHA_256)).isNotNull();
        assertThat(access.scram(TENANT, "old", Scram.SHA_512)).isNotNull();
        assertThat(access.scram(TENANT, "nobody", Scram.SHA_512)).isNull();
        assertFails(access.admin().importUser(TENANT, "other", "plain", false), RmqError.INVALID_CONFIG);
    }

    @Test
    void whoTriesPasswordsIsSlowedDownAndTheOthersAreNot() {
        addUser("ann", "sesame", false);
        addUser("bob", "sesame", false);
        ClientIdentity thief = client("x", "ann");
        for (int i = 0; i < LoginGuard.PAIR_FAILURES_MAX; i++) {
            CompletableFuture<Admission> answer =
                    access.admit(thief, bytes("wrong" + i)).toCompletableFuture();
            assertThat(answer.isDone()).isEqualTo(i < LoginGuard.FREE_FAILURES);
            scheduler.runForMillis(LoginGuard.DELAY_MILLIS_MAX);
            assertThat(answer.join().verdict()).isEqualTo(Verdict.BAD_CREDENTIALS);
        }
        assertThat(access.failedLogins()).isEqualTo(LoginGuard.PAIR_FAILURES_MAX);
        // The last delay was longer than the first refusal, so one more wrong one begins the next.
        CompletableFuture<Admission> last = access.admit(thief, bytes("wrong")).toCompletableFuture();
        assertThat(access.admit(thief, bytes("sesame"))
                        .toCompletableFuture()
                        .join()
                        .verdict())
                .isEqualTo(Verdict.BUSY);
        assertThat(access.refusedLogins()).isOne();
        assertThat(admit(client("x", "bob"), "sesame")).isEqualTo(Verdict.ALLOWED);
        ClientIdentity elsewhere = new ClientIdentity(TENANT, "mqtt", "x", "ann", "10.0.0.7");
        assertThat(admit(elsewhere, "sesame")).isEqualTo(Verdict.ALLOWED);
        scheduler.runForMillis(LoginGuard.REFUSE_MILLIS_MAX);
        assertThat(last).isCompleted();
        assertThat(admit(thief, "sesame")).isEqualTo(Verdict.ALLOWED);
    }

    // --- bans

    @Test
    void whoIsBannedStaysOutsideForAsLongAsWasSaid() {
        Told there = attend(client("bad", null), null);
        done(access.admin()
                .ban(new Ban(TENANT, Who.CLIENT_ID, "bad", scheduler.clock().millis() + 60_000, "loud")));
        scheduler.runForMillis(100);
        assertThat(there.events).containsExactly("it is banned");
        assertThat(admit(client("bad", null), null)).isEqualTo(Verdict.BANNED);
        assertThat(admit(client("good", null), null)).isEqualTo(Verdict.ALLOWED);
        addUser("ann", "sesame", true);
        done(access.admin().ban(new Ban(TENANT, Who.USER, "ann", 0, "")));
        done(access.admin().ban(new Ban(TENANT, Who.ADDRESS, "192.0.2.0/24", 0, "")));
        assertThat(admit(client("x", "ann"), "sesame")).isEqualTo(Verdict.BANNED);
        done(access.admin().pardon(TENANT, Who.ADDRESS, "192.0.2.0/24"));
        assertThat(admit(client("x", "ann"), "sesame")).isEqualTo(Verdict.BANNED);
        done(access.admin().pardon(TENANT, Who.USER, "ann"));
        assertThat(admit(client("x", "ann"), "sesame")).isEqualTo(Verdict.ALLOWED);
        assertThat(admit(client("bad", "ann"), "sesame")).isEqualTo(Verdict.BANNED);
        scheduler.runForMillis(60_000);
        assertThat(admit(client("bad", "ann"), "sesame")).isEqualTo(Verdict.ALLOWED);
        assertThat(access.admin().bans(TENANT)).isEmpty();
        assertFails(access.admin().pardon(TENANT, Who.USER, "ann"), RmqError.NOT_FOUND);
        assertFails(access.admin().ban(new Ban(TENANT, Who.ALL, "x", 0, "")), RmqError.INVALID_CONFIG);
        assertFails(access.admin().ban(new Ban(TENANT, Who.ADDRESS, "x", 0, "")), RmqError.INVALID_CONFIG);
        assertFails(access.admin().ban(new Ban(TENANT, Who.USER, "", 0, "")), RmqError.INVALID_CONFIG);
    }

    @Test
    void nothingOfAPasswordIsShown() {
        addUser("ann", "sesame", false);
        assertThat(access.admin().user(TENANT, "ann").toString()).doesNotContain("sesame", "$argon2id$");
        StoredUser stored = new StoredUser(TENANT, "ann", false, "hash", null, null, 0, 0);
        assertThat(stored.toString()).doesNotContain("hash");
    }

    // --- helpers

    private void addUser(String name, String password, boolean superuser) {
        done(access.admin().addUser(TENANT, name, bytes(password), superuser));
    }

    private void allow(Who who, String value, Action action, String filter) {
        add(AccessRule.ofSubject(TENANT, "r" + rules++, Effect.ALLOW, who, value, action, filter));
    }

    private void deny(Who who, String value, Action action, String filter) {
        add(AccessRule.ofSubject(TENANT, "r" + rules++, Effect.DENY, who, value, action, filter));
    }

    private void add(AccessRule rule) {
        assertThat(done(access.admin().add(rule))).isEqualTo(rule);
    }

    private void assertRefused(Who who, String value, String filter, RmqError error) {
        AccessRule rule = AccessRule.ofSubject(TENANT, "bad", Effect.ALLOW, who, value, Action.ALL, filter);
        assertThatThrownBy(() -> done(access.admin().add(rule)))
                .rootCause()
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    private static void assertFails(CompletionStage<?> stage, RmqError error) {
        assertThat(stage.toCompletableFuture().handle((v, failure) -> failure).join())
                .satisfies(failure -> assertThat(RmqException.errorOf(failure)).isEqualTo(error));
    }

    private Verdict admit(ClientIdentity client, @Nullable String password) {
        CompletionStage<Admission> stage = access.admit(client, password == null ? null : bytes(password));
        scheduler.runForMillis(LoginGuard.DELAY_MILLIS_MAX);
        return done(stage).verdict();
    }

    private static ClientIdentity client(String clientId, @Nullable String user) {
        return new ClientIdentity(TENANT, "mqtt", clientId, user, "192.0.2.1");
    }

    private static ClientIdentity from(String address) {
        return new ClientIdentity(TENANT, "mqtt", "x", null, address);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
