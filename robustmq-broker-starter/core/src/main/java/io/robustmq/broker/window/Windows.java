/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.RandomSource;
import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.SessionLogPort;
import io.robustmq.protocol.SubscribePort;
import io.robustmq.protocol.WindowMember;
import io.robustmq.protocol.WindowMembership;
import io.robustmq.protocol.WindowPort;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The windows of a node by their groups. Thread-safe: who makes or ends a window does so under the group's lock of the map, which
 * joins and leaves take and no message.
 */
public final class Windows implements WindowPort {
    private final SubscribePort interest;
    private final SessionLogPort log;
    private final LoopGroup loops;
    private final Clock clock;
    private final RandomSource random;
    private final WindowLimits limits;
    private final WindowCounters counters = new WindowCounters();
    private final ConcurrentHashMap<Group, Counted> windows = new ConcurrentHashMap<>();
    private final AtomicInteger groups = new AtomicInteger();

    /** Immutable. */
    private record Counted(Window window, int members) {}

    public Windows(
            SubscribePort interest,
            SessionLogPort log,
            LoopGroup loops,
            Clock clock,
            RandomSource random,
            WindowLimits limits) {
        this.interest = interest;
        this.log = log;
        this.loops = loops;
        this.clock = clock;
        this.random = random;
        this.limits = limits;
    }

    @Override
    public WindowMembership join(Group group, Strategy strategy, WindowMember member) {
        Window window = windows.compute(group, (key, known) -> counted(key, strategy, known))
                .window();
        Membership membership = new Membership(window, member);
        window.post(() -> window.joined(membership));
        return membership;
    }

    private Counted counted(Group group, Strategy strategy, @Nullable Counted known) {
        if (known != null) {
            if (known.members() >= limits.membersMax()) {
                throw RmqError.QUOTA_EXCEEDED.exception("the group has " + known.members() + " members");
            }
            return new Counted(known.window(), known.members() + 1);
        }
        if (groups.incrementAndGet() > limits.groupsMax()) {
            groups.decrementAndGet();
            throw RmqError.QUOTA_EXCEEDED.exception("there are " + limits.groupsMax() + " groups");
        }
        // One loop for all messages of the group, so that nothing is locked for one.
        Loop loop = loops.get(Math.floorMod(group.hashCode(), loops.size()));
        Window window = new Window(this, group, loop, strategy, random);
        interest.add(group.tenant(), window.subscription());
        return new Counted(window, 1);
    }

    void left(Window window) {
        windows.computeIfPresent(window.group(), (key, known) -> {
            if (known.members() > 1) {
                return new Counted(known.window(), known.members() - 1);
            }
            interest.remove(key.tenant(), window.subscription());
            groups.decrementAndGet();
            window.post(window::end);
            return null;
        });
    }

    @Override
    public CompletionStage<List<Description>> list(String tenant) {
        List<CompletableFuture<Description>> asked = windows.values().stream()
                .map(Counted::window)
                .filter(window -> window.group().tenant().equals(tenant))
                .map(window -> {
                    CompletableFuture<Description> described = new CompletableFuture<>();
                    window.post(() -> described.complete(window.describe()));
                    return described;
                })
                .toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(done -> asked.stream()
                        .map(CompletableFuture::join)
                        .sorted(Comparator.comparing(Description::name).thenComparing(Description::filter))
                        .toList());
    }

    public int groups() {
        return groups.get();
    }

    public WindowCounters counters() {
        return counters;
    }

    SessionLogPort log() {
        return log;
    }

    WindowLimits limits() {
        return limits;
    }

    Clock clock() {
        return clock;
    }

    int loops() {
        return loops.size();
    }
}
