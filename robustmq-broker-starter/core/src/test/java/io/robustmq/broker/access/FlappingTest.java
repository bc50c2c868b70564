/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.sim.ManualClock;
import io.robustmq.protocol.AccessRule.Who;
import io.robustmq.protocol.BanPort.Ban;
import io.robustmq.protocol.ClientIdentity;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From both sides of the count and of the window. */
class FlappingTest {
    private static final int MAX = 3;
    private final ManualClock clock = new ManualClock();
    private final List<Ban> bans = new ArrayList<>();
    private Flapping flapping = new Flapping(new FlappingConfig(true, MAX, 0, 1_000, 5_000, 4), clock, bans::add);

    private void leave(String clientId, int times) {
        for (int i = 0; i < times; i++) {
            flapping.left(new ClientIdentity("default", "mqtt", clientId, null, "10.0.0.1"));
        }
    }

    @Test
    void oneMoreThanAllowedIsBanned() {
        leave("a", MAX);
        leave("b", MAX);
        assertThat(bans).isEmpty();
        leave("a", 1);
        assertThat(bans).containsExactly(new Ban("default", Who.CLIENT_ID, "a", clock.millis() + 5_000, "flapping"));
        assertThat(flapping.banned()).isEqualTo(1);
        leave("a", MAX);
        assertThat(bans).as("it is counted anew").hasSize(1);
    }

    @Test
    void theWindowEnds() {
        leave("a", MAX);
        clock.advanceMillis(1_000);
        leave("a", MAX);
        clock.advanceMillis(999);
        assertThat(bans).isEmpty();
        leave("a", 1);
        assertThat(bans).hasSize(1);
    }

    @Test
    void addressesAreBannedOnlyWhereThatIsWanted() {
        flapping = new Flapping(new FlappingConfig(true, MAX, 5, 1_000, 5_000, 100), clock, bans::add);
        for (int i = 0; i < 5; i++) {
            leave("c" + i, 1);
        }
        assertThat(bans).isEmpty();
        leave("another", 1);
        assertThat(bans)
                .extracting(Ban::who, Ban::value)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Who.ADDRESS, "10.0.0.1"));
    }

    @Test
    void theTableIsBoundedAndTheEldestGo() {
        leave("eldest", MAX);
        for (int i = 0; i < 4; i++) {
            leave("c" + i, 1);
        }
        assertThat(flapping.watched()).isEqualTo(4);
        leave("eldest", 1);
        assertThat(bans).isEmpty();
        clock.advanceMillis(1_000);
        leave("new", 1);
        assertThat(flapping.watched()).isEqualTo(1);
    }

    @Test
    void clientIdsOfOtherProtocolsAreNobodysNames() {
        for (int i = 0; i < 10; i++) {
            flapping.left(new ClientIdentity("default", "kafka", "rdkafka", null, "10.0.0.1"));
        }
        assertThat(bans).isEmpty();
        assertThat(flapping.watched()).isZero();
    }

    @Test
    void offByDefault() {
        assertThat(Flapping.of(FlappingConfig.DEFAULTS, clock, bans::add)).isNull();
    }
}
