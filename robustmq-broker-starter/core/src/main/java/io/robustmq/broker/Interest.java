/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.subject.SubscriptionIndex;
import io.robustmq.protocol.LiveSubscription;
import io.robustmq.protocol.Sink;
import io.robustmq.protocol.SubscribePort;
import io.robustmq.protocol.Target;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** Who wants which subjects now: one subscription index per tenant. Thread-safe; routes follow {@link #version()}. */
final class Interest implements SubscribePort {
    private final Map<String, SubscriptionIndex<LiveSubscription>> tenants = new ConcurrentHashMap<>();
    private final AtomicLong version = new AtomicLong();
    private final long seed;
    private final int loops;
    private final boolean wildcardsCross;

    /** @param wildcardsCross whether filters that begin with a wildcard see subjects of the other spelling, too */
    Interest(long seed, int loops, boolean wildcardsCross) {
        this.seed = seed;
        this.loops = loops;
        this.wildcardsCross = wildcardsCross;
    }

    /** Rises with each change; a route computed under an older one may be wrong. */
    long version() {
        return version.get();
    }

    @Override
    public void add(String tenant, LiveSubscription subscription) {
        index(tenant).add(subscription.spelling(), subscription.filter(), subscription);
        version.incrementAndGet();
    }

    @Override
    public void remove(String tenant, LiveSubscription subscription) {
        index(tenant).remove(subscription.spelling(), subscription.filter(), subscription);
        version.incrementAndGet();
    }

    @Override
    public void rerouted() {
        version.incrementAndGet();
    }

    private SubscriptionIndex<LiveSubscription> index(String tenant) {
        return tenants.computeIfAbsent(tenant, name -> new SubscriptionIndex<>(seed));
    }

    /**
     * Live subscribers of the subject, each once, by the index of their loop.
     *
     * @param protocols whose subscribers may hear of it
     */
    Target[][] targets(String tenant, Spelling spelling, String subject, Predicate<String> protocols) {
        SubscriptionIndex<LiveSubscription> index = tenants.get(tenant);
        if (index == null) {
            return new Target[loops][0];
        }
        Collected collected = new Collected();
        index.match(spelling, subject, wildcardsCross, (filterSpelling, subjectSpelling, subscription) -> {
            if (protocols.test(subscription.sink().protocol())) {
                collected.add(filterSpelling, subjectSpelling, subscription);
            }
        });
        return collected.byLoop(loops);
    }

    @Override
    public boolean isHeard(String tenant, Spelling spelling, String subject) {
        SubscriptionIndex<LiveSubscription> index = tenants.get(tenant);
        if (index == null) {
            return false;
        }
        boolean[] heard = new boolean[1];
        index.match(spelling, subject, (filterSpelling, subjectSpelling, subscription) -> heard[0] = true);
        return heard[0];
    }

    /** Times that a subject had no legal spelling where somebody may have subscribed to it. */
    long unspellable() {
        return tenants.values().stream()
                .mapToLong(SubscriptionIndex::unspellable)
                .sum();
    }

    long filters() {
        return tenants.values().stream().mapToLong(SubscriptionIndex::filters).sum();
    }

    long subscriptions() {
        return tenants.values().stream()
                .mapToLong(SubscriptionIndex::subscriptions)
                .sum();
    }

    /** Groups what matches by subscriber; most have one matching filter. */
    private static final class Collected {
        private final Map<Sink, List<LiveSubscription>> bySink = new IdentityHashMap<>();
        private final List<Sink> order = new ArrayList<>();
        private final Map<Sink, Spelling> shown = new IdentityHashMap<>();

        void add(Spelling filterSpelling, Spelling subjectSpelling, LiveSubscription subscription) {
            bySink.computeIfAbsent(subscription.sink(), sink -> {
                        order.add(sink);
                        shown.put(sink, subjectSpelling);
                        return new ArrayList<>(1);
                    })
                    .add(subscription);
        }

        Target[][] byLoop(int loops) {
            List<List<Target>> lists = new ArrayList<>(loops);
            for (int i = 0; i < loops; i++) {
                lists.add(new ArrayList<>());
            }
            for (Sink sink : order) {
                lists.get(sink.loop().index()).add(Target.of(bySink.get(sink), shown.getOrDefault(sink, Spelling.DOT)));
            }
            Target[][] targets = new Target[loops][];
            for (int i = 0; i < loops; i++) {
                targets[i] = lists.get(i).toArray(new Target[0]);
            }
            return targets;
        }
    }
}
