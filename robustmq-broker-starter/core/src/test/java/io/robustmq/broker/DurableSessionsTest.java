/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.TopicId;
import io.robustmq.protocol.DurableSession;
import io.robustmq.protocol.DurableSession.DelayedWill;
import io.robustmq.protocol.DurableSession.Leave;
import io.robustmq.protocol.ReceivedExchanges;
import io.robustmq.protocol.ReceivedExchanges.ExchangeId;
import io.robustmq.protocol.ReceivedExchanges.Open;
import io.robustmq.protocol.SessionImage;
import io.robustmq.protocol.SessionPort.Holder;
import io.robustmq.protocol.SessionPort.Lease;
import io.robustmq.protocol.SessionPort.SessionRequest;
import io.robustmq.protocol.SessionProgress;
import io.robustmq.protocol.SessionProgress.Drops;
import io.robustmq.protocol.SessionProgress.Outbound;
import io.robustmq.protocol.SessionProgress.Phase;
import io.robustmq.protocol.ShardPositions;
import io.robustmq.protocol.StoredSubscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of sessions, over restarts of the broker whose engine keeps its data. */
@Timeout(60)
class DurableSessionsTest {
    private static final Holder NOBODY = epoch -> CompletableFuture.completedStage(null);
    private static final ShardId SHARD = new ShardId(TopicId.of(new UUID(1, 2)), 3);
    private static final ReceivedExchanges RECEIVED = new ReceivedExchanges(
            new ExchangeId(5, 6),
            7,
            List.of(new Open(65_535, new ExchangeId(5, 1), true), new Open(4, new ExchangeId(5, 2), false)),
            Map.of(60_000, new ExchangeId(5, 3)));
    private static final ShardId OTHER = new ShardId(TopicId.of(new UUID(1, 2)), 4);

    private final DurableWorld world = new DurableWorld(1, 2);
    private final List<String> wills = new ArrayList<>();

    @BeforeEach
    void start() {
        world.file.releasedAfter(() -> 2);
        world.start();
        hearWills();
    }

    private void hearWills() {
        world.ports.sessions().onWill((tenant, clientId, message) -> {
            wills.add(clientId + "=" + new String(message));
            return CompletableFuture.completedStage(null);
        });
    }

    private void restart() {
        world.stop();
        world.start();
        hearWills();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Lease acquire(String id, boolean clean, long expirySeconds, DelayedWill will) {
        return world.await(world.ports
                .sessions()
                .acquire(new SessionRequest(Tenants.DEFAULT, id, clean, expirySeconds, will), NOBODY));
    }

    private Lease acquire(String id) {
        return acquire(id, false, 60, null);
    }

    private static StoredSubscription subscription(String filter, int qos) {
        return new StoredSubscription(filter, qos, true, false, 2, 7, 5, ShardPositions.NONE);
    }

    private static ShardPositions at(ShardId shard, long offset) {
        return ShardPositions.of(Map.of(shard, new ShardPositions.Place(1, offset)));
    }

    private static SessionProgress progress(ShardPositions positions) {
        return new SessionProgress(
                positions,
                List.of(new Outbound(9, Phase.PUBACK, SHARD, 11), new Outbound(10, Phase.PUBCOMP, OTHER, 12)),
                new Drops(1, 2, 3, 4));
    }

    private void pass(long millis) {
        world.scheduler.runForMillis(millis);
    }

    /** More commands wait than a coordinator takes: a leave is told later, and only a newer connection makes it needless. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leavingASaturatedCoordinatorIsTriedAgain(boolean takenOver) {
        DurableSession session = acquire("a").durable();
        world.await(session.subscribe(List.of(subscription("x", 1)), at(SHARD, 10)));
        var refused = world.broker.sessions().metrics().overloaded;
        saturate(session);
        CompletableFuture<Void> left =
                session.leave(new Leave(30, false, progress(at(SHARD, 20)))).toCompletableFuture();
        pass(10_000);
        assertThat(left).isCompletedExceptionally();
        long attempts = refused.sum();
        assertThat(attempts).as("it backs off").isBetween(5L, 12L);
        world.file.releasedAfter(() -> 2);
        world.file.release();
        pass(100);
        if (takenOver) {
            DurableSession next = acquire("a").durable();
            pass(60_000);
            assertThat(refused.sum()).isEqualTo(attempts);
            world.await(next.progress(progress(at(SHARD, 30)), false, false));
            assertThat(shown("a").disconnectedMillis()).isZero();
        } else {
            pass(10_000);
            assertThat(shown("a").disconnectedMillis()).isPositive();
            assertThat(shown("a").progress().positions()).isEqualTo(at(SHARD, 20));
            pass(20_000);
            assertThatThrownBy(() -> shown("a")).hasMessageContaining("no session");
        }
    }

    private void saturate(DurableSession session) {
        world.file.hold();
        SessionProgress some = progress(at(SHARD, 11));
        while (world.broker.sessions().metrics().overloaded.sum() == 0) {
            session.progress(some, false, false);
        }
    }

    private SessionImage shown(String id) {
        return world.await(world.ports.sessions().show(Tenants.DEFAULT, id));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatALeftSessionHasIsThereAgain(boolean restart) {
        DurableSession session = acquire("a").durable();
        world.await(session.subscribe(List.of(subscription("x/#", 1), subscription("y", 2)), at(SHARD, 10)));
        world.await(session.subscribe(List.of(subscription("y", 1)), at(OTHER, 20)));
        world.await(session.unsubscribe(List.of("x/#", "never")));
        assertThat(acquire("b").present()).isFalse();
        world.await(session.received(RECEIVED));
        world.await(session.leave(new Leave(90, false, progress(at(SHARD, 15)))));
        if (restart) {
            restart();
        }

        Lease next = acquire("a");
        assertThat(next.present()).isTrue();
        var image = next.durable().image();
        assertThat(image.epoch()).isGreaterThan(session.image().epoch());
        assertThat(image.createdMillis()).isEqualTo(session.image().createdMillis());
        assertThat(image.expirySeconds()).isEqualTo(60);
        assertThat(image.subscriptions()).containsExactly(subscription("y", 1));
        assertThat(image.progress().positions()).isEqualTo(at(SHARD, 15));
        assertThat(image.progress().inFlight())
                .isEqualTo(progress(ShardPositions.NONE).inFlight());
        assertThat(image.received()).isEqualTo(RECEIVED);
        assertThat(image.progress().drops()).isEqualTo(new Drops(1, 2, 3, 4));
        assertThat(world.ports.sessions().count()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void anOlderConnectionIsFenced() {
        DurableSession old = acquire("a").durable();
        DurableSession now = acquire("a").durable();
        assertFenced(old.subscribe(List.of(subscription("x", 1)), ShardPositions.NONE));
        assertFenced(old.unsubscribe(List.of("x")));
        assertFenced(old.progress(SessionProgress.NONE, false, false));
        assertFenced(old.leave(new Leave(0, false, SessionProgress.NONE)));
        assertFenced(old.end());
        world.await(now.progress(progress(at(SHARD, 1)), true, false));
        world.await(now.end());
        assertFenced(now.progress(SessionProgress.NONE, false, false));
        assertThat(acquire("a").present()).isFalse();
    }

    private void assertFenced(java.util.concurrent.CompletionStage<Void> asked) {
        assertThatThrownBy(() -> world.await(asked))
                .satisfies(e -> assertThat(RmqException.errorOf(e)).isEqualTo(RmqError.FENCED));
    }

    @Test
    void whoWantsNothingKeptCostsNothingAndEndsWhatWasKept() {
        long before = world.broker.sessions().metrics().commands.sum();
        assertThat(acquire("clean", true, 0, null).durable()).isNull();
        assertThat(acquire("clean", false, 0, null).durable()).isNull();
        assertThat(world.broker.sessions().metrics().commands.sum()).isEqualTo(before);

        DurableSession kept = acquire("a").durable();
        world.await(kept.subscribe(List.of(subscription("x", 1)), at(SHARD, 1)));
        world.await(kept.leave(new Leave(60, false, SessionProgress.NONE)));
        Lease clean = acquire("a", true, 0, null);
        assertThat(clean.present()).isFalse();
        assertThat(clean.durable()).isNull();
        restart();
        assertThat(acquire("a").present()).isFalse();
    }

    /** Section 3.1.2.11.2: without a clean start it goes on, and ends with this connection. */
    @Test
    void aSessionMayEndWithItsNextConnection() {
        DurableSession kept = acquire("a").durable();
        world.await(kept.leave(new Leave(60, false, SessionProgress.NONE)));
        Lease last = acquire("a", false, 0, null);
        assertThat(last.present()).isTrue();
        world.await(last.durable().leave(new Leave(0, false, SessionProgress.NONE)));
        assertThat(acquire("a", false, 0, null).present()).isFalse();
    }

    @Test
    void timeEndsASessionAlsoWhileItsNodeIsDown() {
        for (String id : List.of("short", "long", "down")) {
            long expiry = id.equals("long") ? 1000 : 5;
            world.await(acquire(id).durable().leave(new Leave(expiry, false, SessionProgress.NONE)));
            if (id.equals("long")) {
                pass(7000);
                assertThat(acquire("short", false, 0, null).present()).isFalse();
            }
        }
        world.stop();
        pass(6000);
        world.start();
        assertThat(acquire("down").present()).isFalse();
        assertThat(acquire("long").present()).isTrue();
    }

    /** 3.1.2-8, 3.1.3-9: after its delay, or with the end of the session; not when the client is back. */
    @Test
    void willsAreDueAfterTheirDelay() {
        world.await(acquire("late", false, 100, new DelayedWill(20, "gone".getBytes()))
                .durable()
                .leave(new Leave(100, true, SessionProgress.NONE)));
        world.await(acquire("early", false, 5, new DelayedWill(20, "ended".getBytes()))
                .durable()
                .leave(new Leave(5, true, SessionProgress.NONE)));
        world.await(acquire("polite", false, 5, new DelayedWill(0, "never".getBytes()))
                .durable()
                .leave(new Leave(5, false, SessionProgress.NONE)));
        world.await(acquire("back", false, 100, new DelayedWill(20, "never".getBytes()))
                .durable()
                .leave(new Leave(100, true, SessionProgress.NONE)));
        pass(7000);
        assertThat(wills).containsExactly("early=ended");
        assertThat(acquire("early", false, 0, null).present()).isFalse();
        assertThat(acquire("back").present()).isTrue();
        restart();
        pass(20_000);
        assertThat(wills).containsExactly("early=ended", "late=gone");
        assertThat(acquire("late").present()).isTrue();
        // A clean start ends the session, and so its delay.
        world.await(acquire("late", false, 100, new DelayedWill(50, "cleaned".getBytes()))
                .durable()
                .leave(new Leave(100, true, SessionProgress.NONE)));
        acquire("late", true, 0, null);
        assertThat(wills).containsExactly("early=ended", "late=gone", "late=cleaned");
    }

    /** Whoever was connected when the process died is gone: its session and its will wait from the next start on. */
    @Test
    void connectionsEndWithTheirProcess() {
        acquire("a", false, 100, new DelayedWill(3, "crashed".getBytes()));
        acquire("b", false, 5, null);
        restart();
        assertThat(wills).isEmpty();
        pass(4500);
        assertThat(wills).containsExactly("a=crashed");
        pass(3000);
        assertThat(acquire("b").present()).isFalse();
        assertThat(acquire("a").present()).isTrue();
    }
}
