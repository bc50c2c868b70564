/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.robustmq.access.SourceLimits;
import io.robustmq.access.lookup.FailureLog;
import io.robustmq.access.lookup.Secret;
import io.robustmq.broker.access.AccessConfig;
import io.robustmq.broker.access.AccessControl;
import io.robustmq.broker.access.CredentialSource;
import io.robustmq.broker.access.CredentialSource.Answer;
import io.robustmq.broker.access.CredentialSource.Outcome;
import io.robustmq.broker.access.CredentialSourceContract;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.protocol.Admission.Verdict;
import io.robustmq.protocol.ClientIdentity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a source that asks a server must keep to when the server is down, slow, wrong or has changed its mind. */
public abstract class RemoteSourceContract extends CredentialSourceContract {
    /** How long a right password is remembered by the sources under test. */
    protected static final long REMEMBER_MILLIS = 2_000;

    /** What the sources that a test makes wait for a connection and for an answer: long, where they are to get one. */
    protected static int connectMillisMax;

    protected static int answerMillisMax;

    protected static final SourceLimits LIMITS = new SourceLimits(
            Duration.ofSeconds(5), Duration.ofMillis(REMEMBER_MILLIS), 2, SourceLimits.OnFailure.REFUSE);

    private static final int PATIENCE_SECONDS_MAX = 10;
    private final List<CredentialSource> opened = new ArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final AtomicLong nanos = new AtomicLong();

    /** Where the server listens. */
    protected abstract int serverPort();

    /** The node's own password with the server. */
    protected abstract String servicePassword();

    /** A source that asks a server there. */
    protected abstract CredentialSource sourceAt(int port, Secret servicePassword);

    /** Makes the user, or gives it another password. */
    protected abstract void user(String name, String password);

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @BeforeEach
    void listen() {
        connectMillisMax = 5_000;
        answerMillisMax = 5_000;
        log.start();
        root().addAppender(log);
    }

    @AfterEach
    void nothingSecretIsLogged() throws Exception {
        root().detachAppender(log);
        for (CredentialSource each : opened) {
            if (each instanceof AutoCloseable closeable) {
                closeable.close();
            }
        }
        for (ILoggingEvent each : List.copyOf(log.list)) {
            String text = each.getFormattedMessage()
                    + (each.getThrowableProxy() == null
                            ? ""
                            : each.getThrowableProxy().getMessage());
            assertThat(text).doesNotContain(servicePassword(), "sesame", "wrong-secret", "new-secret");
        }
    }

    /** What sources have said at level WARN. */
    protected List<String> warnings() {
        return List.copyOf(log.list).stream()
                .filter(each -> each.getLevel() == Level.WARN)
                .filter(each -> each.getLoggerName().equals(FailureLog.class.getName()))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** For what is not going to be answered. */
    protected static void impatient() {
        connectMillisMax = 300;
        answerMillisMax = 500;
    }

    /** For what is answered now and then. */
    private static void undecided() {
        connectMillisMax = 1_000;
        answerMillisMax = 1_000;
    }

    @Override
    protected CredentialSource sourceOf(String password) {
        user("ann", password);
        return at(serverPort());
    }

    protected CredentialSource at(int port) {
        return open(sourceAt(port, Secret.of(servicePassword())));
    }

    protected <T extends CredentialSource> T open(T source) {
        opened.add(source);
        return source;
    }

    protected static ClientIdentity client(String user) {
        return new ClientIdentity("default", "mqtt", "c1", user, "192.0.2.1");
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    protected static Answer ask(CredentialSource source, String user, String password) {
        return source.verify(client(user), bytes(password))
                .toCompletableFuture()
                .join();
    }

    protected static Outcome outcome(CredentialSource source, String user, String password) {
        return ask(source, user, password).outcome();
    }

    private static void failsInTime(CredentialSource source) {
        long begun = System.nanoTime();
        assertThat(outcome(source, "ann", "sesame")).isEqualTo(Outcome.FAILED);
        assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS_MAX));
    }

    @Test
    void whereNothingListensNobodyIsRefusedForGoodAndTheLogSaysWhy() {
        impatient();
        CredentialSource source = at(Program.freePort());
        failsInTime(source);
        failsInTime(source);
        assertThat(warnings()).hasSize(1);
        assertThat(warnings().get(0)).startsWith("source " + source.name() + " cannot be asked");
    }

    @Test
    void aServerThatNeverAnswersIsNotWaitedForAndOneThatComesBackIsAsked() {
        undecided();
        user("ann", "sesame");
        try (Cable cable = new Cable(serverPort())) {
            CredentialSource source = at(cable.port());
            assertThat(outcomeWhenBack(source)).isEqualTo(Outcome.ACCEPTED);
            cable.swallow();
            failsInTime(source);
            cable.cut();
            failsInTime(source);
            cable.mend();
            assertThat(outcomeWhenBack(source)).isEqualTo(Outcome.ACCEPTED);
        }
    }

    /** A pool may find out about its dead connections one by one. */
    private static Outcome outcomeWhenBack(CredentialSource source) {
        Outcome outcome = Outcome.FAILED;
        for (int i = 0; i < 5 && outcome == Outcome.FAILED; i++) {
            outcome = outcome(source, "ann", "sesame");
        }
        return outcome;
    }

    @Test
    void aServerThatWasNeverHeardIsNotWaitedFor() {
        impatient();
        try (Cable cable = new Cable(serverPort())) {
            cable.swallow();
            failsInTime(at(cable.port()));
        }
    }

    @Test
    void withAWrongPasswordOfItsOwnTheNodeRefusesNobodyForGood() {
        impatient();
        user("ann", "sesame");
        CredentialSource source = open(sourceAt(serverPort(), Secret.of("wrong-secret")));
        assertThat(outcome(source, "ann", "sesame")).isEqualTo(Outcome.FAILED);
        assertThat(warnings()).hasSize(1);
    }

    /** For servers that have accounts. */
    protected void aPasswordOfTheNodeIsReadAnew() {
        undecided();
        user("ann", "sesame");
        AtomicReference<String> secret = new AtomicReference<>("wrong-secret");
        CredentialSource source = open(sourceAt(serverPort(), Secret.from(secret::get)));
        assertThat(outcome(source, "ann", "sesame")).isEqualTo(Outcome.FAILED);
        secret.set(servicePassword());
        assertThat(outcomeWhenBack(source)).isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void namesAreOnlyNames() {
        user("ann", "sesame");
        CredentialSource source = at(serverPort());
        for (String name : new String[] {
            "' or '1'='1",
            "ann' --",
            "\"; drop table users; --",
            "ann\\",
            "*",
            "a*",
            "ann)(uid=*",
            "ann)(|(uid=*))",
            "ann,dc=example",
            "ann,ou=people",
            "{\"$ne\":null}",
            "$ne",
            "%u",
            "ann\u0000",
            "ann ",
            " ann",
            "ann\r\nGET x",
            "mqtt_user:ann",
            "",
            "\u00e4nn",
        }) {
            assertThat(outcome(source, name, "sesame")).as(name).isEqualTo(Outcome.UNKNOWN);
        }
        assertThat(outcome(source, "ann", "sesame")).isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void anEmptyPasswordOpensNothing() {
        user("ann", "sesame");
        assertThat(outcome(at(serverPort()), "ann", "")).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void aNewPasswordHoldsAtOnceAndTheOldOneOpensForAsLongAsItIsRemembered() {
        user("ann", "sesame");
        AccessControl access = new AccessControl(
                AccessConfig.DEFAULTS, clock(), SystemRandom.INSTANCE, Runnable::run, List.of(at(serverPort())));
        assertThat(verdict(access, "sesame")).isEqualTo(Verdict.ALLOWED);
        user("ann", "new-secret");
        assertThat(verdict(access, "new-secret")).isEqualTo(Verdict.ALLOWED);
        assertThat(verdict(access, "sesame")).isEqualTo(Verdict.ALLOWED);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(REMEMBER_MILLIS + 1));
        assertThat(verdict(access, "sesame")).isEqualTo(Verdict.BAD_CREDENTIALS);
        assertThat(verdict(access, "new-secret")).isEqualTo(Verdict.ALLOWED);
        access.close();
    }

    private static Verdict verdict(AccessControl access, String password) {
        return access.admit(client("ann"), bytes(password))
                .toCompletableFuture()
                .join()
                .verdict();
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public long millis() {
                return TimeUnit.NANOSECONDS.toMillis(nanos.get());
            }

            @Override
            public long nanos() {
                return nanos.get();
            }
        };
    }
}
