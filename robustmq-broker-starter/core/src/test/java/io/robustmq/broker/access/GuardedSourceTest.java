/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.broker.access.CredentialSource.Answer;
import io.robustmq.broker.access.CredentialSource.Outcome;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.protocol.ClientIdentity;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class GuardedSourceTest {
    private static final ClientIdentity ANN = new ClientIdentity("default", "mqtt", "c", "ann", "192.0.2.1");
    private static final byte[] PASSWORD = {1};

    private final SimScheduler scheduler = new SimScheduler(1);
    private final Loop timers = scheduler.loops("timers", 1).get(0);
    private final Questions questions = new Questions();
    private final List<Outcome> told = new ArrayList<>();
    private final GuardedSource guarded = new GuardedSource(questions, Runnable::run, scheduler.clock(), true);

    /** Keeps its questions until the test answers them. */
    private static final class Questions implements CredentialSource {
        final Queue<CompletableFuture<Answer>> open = new ArrayDeque<>();

        @Override
        public String name() {
            return "questions";
        }

        @Override
        public CompletionStage<Answer> verify(ClientIdentity client, byte[] password) {
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            open.add(answer);
            return answer;
        }

        @Override
        public int concurrencyMax() {
            return 2;
        }

        @Override
        public long timeoutMillis() {
            return 100;
        }
    }

    private void ask() {
        guarded.ask(ANN, PASSWORD, timers, answer -> told.add(answer.outcome()));
    }

    private void answer(Answer answer) {
        questions.open.remove().complete(answer);
    }

    @Test
    void itTakesSoManyAndNoMoreUntilOneHasAnswered() {
        int max = questions.concurrencyMax() * (1 + GuardedSource.WAITING_FACTOR);
        for (int i = 0; i < max; i++) {
            ask();
        }
        assertThat(questions.open).hasSize(max);
        ask();
        assertThat(told).containsExactly(Outcome.FAILED);
        assertThat(guarded.counters().shed.sum()).isOne();
        assertThat(guarded.isResting()).as("having much to do is not failing").isFalse();
        answer(Answer.REFUSED);
        ask();
        assertThat(questions.open).hasSize(max);
        assertThat(told).containsExactly(Outcome.FAILED, Outcome.REFUSED);
    }

    @Test
    void itIsLateAfterItsTimeAndTheLateAnswerIsNobodys() {
        ask();
        scheduler.runForMillis(99);
        assertThat(told).isEmpty();
        scheduler.runForMillis(2);
        assertThat(told).containsExactly(Outcome.FAILED);
        assertThat(guarded.counters().late.sum()).isOne();
        answer(Answer.accepted("p", 1, io.robustmq.protocol.Grants.NONE));
        assertThat(told).containsExactly(Outcome.FAILED);
        assertThat(guarded.counters().accepted.sum()).isZero();
        assertThat(guarded.counters().answers()).isOne();
        assertThat(guarded.counters().nanos()).isGreaterThanOrEqualTo(100_000_000);
    }

    @Test
    void oneThatFailsIsLeftAloneForAWhileAndThenTriedByOne() {
        for (int i = 0; i < GuardedSource.FAILURES_MAX; i++) {
            assertThat(guarded.isResting()).isFalse();
            ask();
            questions.open.remove().completeExceptionally(new IllegalStateException("down"));
        }
        assertThat(guarded.isResting()).isTrue();
        ask();
        scheduler.runForMillis(GuardedSource.REST_MILLIS - 1);
        ask();
        assertThat(questions.open).isEmpty();
        assertThat(guarded.counters().shed.sum()).isEqualTo(2);
        scheduler.runForMillis(1);
        ask();
        ask();
        assertThat(questions.open).as("one finds out").hasSize(1);
        answer(Answer.FAILED);
        ask();
        assertThat(questions.open).isEmpty();
        scheduler.runForMillis(GuardedSource.REST_MILLIS);
        ask();
        answer(Answer.UNKNOWN);
        assertThat(guarded.isResting()).isFalse();
        ask();
        ask();
        assertThat(questions.open).hasSize(2);
    }

    @Test
    void wrongPasswordsAreNoFailures() {
        for (int i = 0; i < 2 * GuardedSource.FAILURES_MAX; i++) {
            ask();
            answer(Answer.REFUSED);
        }
        assertThat(guarded.isResting()).isFalse();
        assertThat(guarded.counters().refused.sum()).isEqualTo(2 * GuardedSource.FAILURES_MAX);
    }

    @Test
    void whatWaitedTooLongForAThreadIsNotAskedAnyMore() {
        Queue<Runnable> threads = new ArrayDeque<>();
        GuardedSource busy = new GuardedSource(questions, threads::add, scheduler.clock(), true);
        busy.ask(ANN, PASSWORD, timers, answer -> told.add(answer.outcome()));
        scheduler.runForMillis(100);
        assertThat(told).containsExactly(Outcome.FAILED);
        threads.remove().run();
        assertThat(questions.open).isEmpty();
        GuardedSource closed = new GuardedSource(
                questions,
                task -> {
                    throw new RejectedExecutionException("closed");
                },
                scheduler.clock(),
                true);
        closed.ask(ANN, PASSWORD, timers, answer -> told.add(answer.outcome()));
        assertThat(told).containsExactly(Outcome.FAILED, Outcome.FAILED);
    }
}
