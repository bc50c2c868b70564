/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import static io.robustmq.kernel.subject.Spelling.DOT;
import static io.robustmq.kernel.subject.Spelling.SLASH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubscriptionIndexTest {
    private final SubscriptionIndex<String> index = new SubscriptionIndex<>(7);

    @Test
    void countsFiltersSubscriptionsAndVersions() {
        assertThat(index.version()).isZero();
        assertThat(index.add(SLASH, "a/+", "one")).isTrue();
        assertThat(index.add(SLASH, "a/+", "one")).isFalse();
        assertThat(index.add(SLASH, "a/+", "two")).isTrue();
        assertThat(index.add(DOT, "a.b", "two")).isTrue();
        assertThat(index.filters()).isEqualTo(2);
        assertThat(index.subscriptions()).isEqualTo(3);
        assertThat(index.version()).isEqualTo(3);
        assertThat(index.remove(SLASH, "a/+", "three")).isFalse();
        assertThat(index.remove(SLASH, "a/b", "one")).isFalse();
        assertThat(index.remove(SLASH, "a/+", "one")).isTrue();
        assertThat(index.version()).isEqualTo(4);
        assertThat(index.filters()).isEqualTo(2);
        assertThat(index.remove(SLASH, "a/+", "two")).isTrue();
        assertThat(index.remove(DOT, "a.b", "two")).isTrue();
        assertThat(index.filters()).isZero();
        assertThat(index.subscriptions()).isZero();
    }

    @Test
    void replacesAnEqualSubscriberInOneStep() {
        record Subscriber(String client, int qos) {
            @Override
            public boolean equals(Object other) {
                return other instanceof Subscriber that && that.client.equals(client);
            }

            @Override
            public int hashCode() {
                return client.hashCode();
            }
        }
        SubscriptionIndex<Subscriber> subscribers = new SubscriptionIndex<>(7);
        for (int i = 0; i < 40; i++) {
            assertThat(subscribers.replace(SLASH, "a/#", new Subscriber("c" + i, 0)))
                    .isNull();
        }
        for (int i = 0; i < 40; i++) {
            assertThat(subscribers
                            .replace(SLASH, "a/#", new Subscriber("c" + i, 2))
                            .qos())
                    .isZero();
        }
        List<Integer> granted = new ArrayList<>();
        subscribers.match(SLASH, "a/b", (filter, subject, subscriber) -> granted.add(subscriber.qos()));
        assertThat(granted).hasSize(40).containsOnly(2);
        assertThat(subscribers.subscriptions()).isEqualTo(40);
    }

    @Test
    void aReceiverMayMatchAgain() {
        index.add(SLASH, "a/+/c", "outer");
        index.add(SLASH, "x/+/y/z", "inner");
        List<String> seen = new ArrayList<>();
        index.match(SLASH, "a/b/c", (filter, subject, outer) -> {
            seen.add(outer);
            index.match(SLASH, "x/1/y/z", (f, s, inner) -> seen.add(inner));
        });
        index.add(SLASH, "a/#", "outer too");
        index.match(SLASH, "a/b/c", (filter, subject, outer) -> {
            seen.add(outer);
            index.match(SLASH, "x/1/y/z", (f, s, inner) -> seen.add(inner));
        });
        assertThat(seen).containsExactlyInAnyOrder("outer", "inner", "outer", "inner", "outer too", "inner");
    }

    @Test
    void refusesIllegalFiltersWithTheReason() {
        assertThatThrownBy(() -> index.add(SLASH, "a/b#", "s"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'a/b#' has a wildcard that is not a whole level");
        assertThatThrownBy(() -> index.add(DOT, "a..b", "s")).hasMessage("'a..b' has an empty level");
        assertThat(index.filters()).isZero();
    }

    @Test
    void listsItsFilters() {
        index.add(SLASH, "+/+/#", "one");
        index.add(SLASH, "+/b/+", "two");
        index.add(DOT, "a.*", "three");
        index.add(DOT, ">", "four");
        index.add(DOT, "a.b", "five");
        List<String> seen = new ArrayList<>();
        index.scan(view -> {
            view.forEach(subscriber -> seen.add(view.spelling() + " " + view.filter() + " " + subscriber));
            return true;
        });
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "SLASH +/+/# one", "SLASH +/b/+ two", "DOT a.* three", "DOT > four", "DOT a.b five");
        List<String> first = new ArrayList<>();
        index.scan(view -> {
            first.add(view.filter());
            return first.size() < 2;
        });
        assertThat(first).hasSize(2);
        assertThat(index.filter(DOT, "a.*").size()).isEqualTo(1);
        assertThat(index.filter(DOT, "b.*")).isNull();
    }

    @Test
    void anIllegalFormIsCountedWhereSomebodyCouldHaveSeenIt() {
        index.match(SLASH, "a//b", (filter, subject, subscriber) -> {});
        assertThat(index.unspellable()).isZero();
        index.add(DOT, "a.>", "s");
        index.match(SLASH, "a//b", (filter, subject, subscriber) -> {});
        assertThat(index.unspellable()).isEqualTo(1);
    }
}
