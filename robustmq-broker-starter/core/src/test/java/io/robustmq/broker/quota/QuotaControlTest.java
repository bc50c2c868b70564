/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.sim.ManualClock;
import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.QuotaAdminPort.Quota;
import io.robustmq.protocol.QuotaAdminPort.Whom;
import io.robustmq.protocol.QuotaLimits;
import io.robustmq.protocol.QuotaPort.Meter;
import io.robustmq.protocol.QuotaPort.Presence;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose quota holds for whom, from both sides of each limit. */
class QuotaControlTest {
    private final ManualClock clock = new ManualClock();
    private final InMemoryMeta meta = new InMemoryMeta();
    private final SystemThreads.OwnLoop timers = SystemThreads.loop("test-quotas");
    private final QuotaControl control = new QuotaControl(clock);

    @BeforeEach
    void open() {
        open(control);
    }

    private void open(QuotaControl opened) {
        opened.admin()
                .open(meta.documents(), List.of(Tenants.DEFAULT), timers.loop())
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void close() {
        control.admin().close();
        timers.close();
    }

    private void set(Whom whom, String name, QuotaLimits limits) {
        control.admin()
                .set(new Quota(Tenants.DEFAULT, whom, name, limits))
                .toCompletableFuture()
                .join();
    }

    private static ClientIdentity client(String id, @Nullable String user) {
        return new ClientIdentity(Tenants.DEFAULT, "mqtt", id, user, "127.0.0.1");
    }

    private @Nullable Presence enter(String id, @Nullable String user) {
        return control.enter(client(id, user), false).presence();
    }

    private Presence entered(String id, @Nullable String user) {
        return Objects.requireNonNull(enter(id, user));
    }

    private static Meter meter(Presence presence) {
        return Objects.requireNonNull(presence.incoming());
    }

    @Test
    void withoutAQuotaNothingIsChargedAndNobodyIsRefused() {
        Presence presence = entered("c", "ann");
        assertThat(presence.incoming()).isNull();
        assertThat(presence.outgoing()).isNull();
        presence.leave();
        presence.leave();
        assertThat(control.accounts()).isZero();
    }

    @Test
    void connectionsOfATenant() {
        set(Whom.TENANT, "", QuotaLimits.NONE.withConnections(2, -1));
        Presence first = entered("a", null);
        entered("b", "ann");
        assertThat(enter("c", "bob")).isNull();
        assertThat(control.enter(client("b", "ann"), true).presence())
                .as("one that replaces another")
                .isNotNull();
        assertThat(control.use(Tenants.DEFAULT).refused()).isEqualTo(1);
        first.leave();
        assertThat(enter("d", null)).as("the old one of b has not left yet").isNull();
    }

    @Test
    void connectionsOfEachUserAndOfOneThatHasItsOwnQuota() {
        set(Whom.EACH_USER, "", QuotaLimits.NONE.withConnections(1, -1));
        set(Whom.USER, "ann", QuotaLimits.NONE.withConnections(2, -1));
        entered("1", "ann");
        entered("2", "ann");
        assertThat(enter("3", "ann")).isNull();
        entered("4", "bob");
        assertThat(enter("5", "bob")).isNull();
        entered("6", null);
        entered("7", null);
    }

    @Test
    void connectionsASecond() {
        set(Whom.TENANT, "", QuotaLimits.NONE.withConnections(-1, 2));
        entered("a", null).leave();
        entered("b", null).leave();
        assertThat(enter("c", null)).isNull();
        clock.advanceMillis(499);
        assertThat(enter("c", null)).isNull();
        clock.advanceMillis(1);
        assertThat(enter("c", null)).isNotNull();
    }

    @Test
    void theTightestOfTenantUserAndClientDecides() {
        set(Whom.TENANT, "", QuotaLimits.NONE.withPublished(100, -1));
        set(Whom.EACH_CLIENT, "", QuotaLimits.NONE.withPublished(10, -1));
        set(Whom.USER, "ann", QuotaLimits.NONE.withPublished(-1, 1000));
        Presence ann = entered("a", "ann");
        Presence bob = entered("b", "bob");
        assertThat(meter(ann).charge(10, 1000)).isZero();
        assertThat(meter(ann).charge(0, 1)).isEqualTo(1_000_000);
        assertThat(meter(bob).charge(10, 100_000)).isZero();
        assertThat(meter(bob).charge(1, 0)).isEqualTo(100_000_000);
        assertThat(control.use(Tenants.DEFAULT).paused()).isEqualTo(2);
    }

    @Test
    void whoComesBackHasNotPaid() {
        set(Whom.EACH_CLIENT, "", QuotaLimits.NONE.withPublished(10, -1));
        Presence first = entered("a", null);
        meter(first).charge(10, 0);
        first.leave();
        assertThat(meter(entered("a", null)).charge(1, 0)).isPositive();
        assertThat(meter(entered("b", null)).charge(1, 0)).isZero();
    }

    @Test
    void whatHasPaidIsForgotten() {
        set(Whom.EACH_CLIENT, "", QuotaLimits.NONE.withPublished(10, -1));
        for (int i = 0; i < 5_000; i++) {
            Presence each = entered("c" + i, "u" + i);
            meter(each).charge(1, 0);
            each.leave();
            clock.advanceMillis(1);
        }
        assertThat(control.accounts()).isLessThan(2_000);
    }

    @Test
    void connectionsThatAreThereFollowAChange() {
        Presence presence = entered("a", null);
        assertThat(presence.incoming()).isNull();
        set(Whom.TENANT, "", QuotaLimits.NONE.withPublished(1, -1));
        assertThat(meter(presence).charge(2, 0)).isPositive();
        set(Whom.USER, "somebody", QuotaLimits.NONE.withPublished(1, -1));
        assertThat(meter(presence).charge(1, 0)).as("it is as empty as before").isEqualTo(2_000_000_000L);
        control.admin()
                .unset(Tenants.DEFAULT, Whom.TENANT, "")
                .toCompletableFuture()
                .join();
        assertThat(presence.incoming()).isNull();
    }

    @Test
    void quotasOutliveARestart() {
        set(Whom.TENANT, "", QuotaLimits.NONE.withKept(7, 8).withBytesOut(9));
        QuotaControl again = new QuotaControl(clock);
        open(again);
        assertThat(again.admin().quotas(Tenants.DEFAULT))
                .containsExactly(new Quota(
                        Tenants.DEFAULT,
                        Whom.TENANT,
                        "",
                        QuotaLimits.NONE.withKept(7, 8).withBytesOut(9)));
        again.admin().close();
    }

    @Test
    void topics() {
        assertThat(control.refusesTopic(Tenants.DEFAULT, 1_000)).isNull();
        set(Whom.TENANT, "", QuotaLimits.NONE.withKept(-1, 2));
        assertThat(control.refusesTopic(Tenants.DEFAULT, 1)).isNull();
        assertThat(control.refusesTopic(Tenants.DEFAULT, 2)).contains("no more than 2");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        refused(Whom.TENANT, "", QuotaLimits.NONE, RmqError.INVALID_CONFIG);
        refused(Whom.TENANT, "x", QuotaLimits.NONE.withKept(1, 1), RmqError.INVALID_NAME);
        refused(Whom.USER, "", QuotaLimits.NONE.withPublished(1, 1), RmqError.INVALID_NAME);
        refused(Whom.USER, "ann", QuotaLimits.NONE.withKept(1, -1), RmqError.INVALID_CONFIG);
        refused(Whom.CLIENT, "c", QuotaLimits.NONE.withConnections(1, -1), RmqError.INVALID_CONFIG);
        refused(Whom.TENANT, "", QuotaLimits.NONE.withPublished(0, -1), RmqError.INVALID_CONFIG);
        refused(Whom.TENANT, "", QuotaLimits.NONE.withPublished(-2, -1), RmqError.INVALID_CONFIG);
        assertThatThrownBy(() -> control.admin()
                        .unset(Tenants.DEFAULT, Whom.USER, "nobody")
                        .toCompletableFuture()
                        .join())
                .hasMessageContaining("no quota of user 'nobody'");
    }

    private void refused(Whom whom, String name, QuotaLimits limits, RmqError error) {
        assertThat(control.admin()
                        .set(new Quota(Tenants.DEFAULT, whom, name, limits))
                        .handle((done, failure) -> failure == null ? null : RmqException.errorOf(failure))
                        .toCompletableFuture()
                        .join())
                .isEqualTo(error);
    }
}
