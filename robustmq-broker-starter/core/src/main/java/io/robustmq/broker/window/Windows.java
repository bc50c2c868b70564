/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import io.robustmq.kernel.Cancellable;
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
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The windows of a node by their groups. Thread-safe: who makes or ends a window does so under the group's lock of the map, which
 * joins and leaves take and no message.
 */
public final class Windows implements WindowPort, GroupStore.Online {
    private final SubscribePort interest;
    private final SessionLogPort log;
    private final GroupStore store;
    private final LoopGroup loops;
    private final Clock clock;
    private final RandomSource random;
    private final WindowLimits limits;
    private final WindowCounters counters = new WindowCounters();
    private final ConcurrentHashMap<Group, Counted> windows = new ConcurrentHashMap<>();
    private final AtomicInteger groups = new AtomicInteger();

    /**
     * Immutable.
     *
     * @param kept whether it stays without members
     */
    private record Counted(Window window, int members, boolean kept) {}

    public Windows(
            SubscribePort interest,
            SessionLogPort log,
            GroupStore store,
            LoopGroup loops,
            Clock clock,
            RandomSource random,
            WindowLimits limits) {
        this.interest = interest;
        this.log = log;
        this.store = store;
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
        window.post(() -> window.joined(membership, strategy));
        return membership;
    }

    private Counted counted(Group group, Strategy strategy, @Nullable Counted known) {
        if (known != null) {
            if (known.members() >= limits.membersMax()) {
                throw RmqError.QUOTA_EXCEEDED.exception("the group has " + known.members() + " members");
            }
            return new Counted(known.window(), known.members() + 1, known.kept());
        }
        if (groups.incrementAndGet() > limits.groupsMax()) {
            groups.decrementAndGet();
            throw RmqError.QUOTA_EXCEEDED.exception("there are " + limits.groupsMax() + " groups");
        }
        return new Counted(open(group, strategy), 1, false);
    }

    private Window open(Group group, Strategy strategy) {
        // One loop for all messages of the group, so that nothing is locked for one.
        Loop loop = loops.get(Math.floorMod(group.hashCode(), loops.size()));
        Window window = new Window(this, group, loop, strategy, random);
        interest.add(group.tenant(), window.subscription());
        return window;
    }

    void left(Window window) {
        windows.computeIfPresent(
                window.group(),
                (key, known) ->
                        unlessEmpty(new Counted(known.window(), Math.max(0, known.members() - 1), known.kept())));
    }

    private @Nullable Counted unlessEmpty(Counted counted) {
        if (counted.members() > 0 || counted.kept()) {
            return counted;
        }
        Window window = counted.window();
        interest.remove(window.group().tenant(), window.subscription());
        groups.decrementAndGet();
        window.post(window::end);
        return null;
    }

    // --- groups that outlive the process

    /** The group is kept; until the hold is cancelled also without members. */
    CompletionStage<Cancellable> keep(Window window) {
        Group group = window.group();
        return store.hold(group)
                .thenCompose(hold -> window.begunKeeping().handle((v, failure) -> {
                    if (failure != null) {
                        hold.cancel();
                        throw new CompletionException(failure);
                    }
                    windows.computeIfPresent(
                            group,
                            (key, known) ->
                                    known.window() == window ? new Counted(window, known.members(), true) : known);
                    return hold;
                }));
    }

    @Override
    public void restore(StoredGroup group) {
        windows.computeIfAbsent(group.group(), key -> {
            groups.incrementAndGet();
            Window window = open(key, Strategy.ROUND_ROBIN);
            window.post(() -> window.restore(group));
            return new Counted(window, 0, true);
        });
    }

    @Override
    public void left(Group group, String clientId) {
        Counted known = windows.get(group);
        if (known != null) {
            known.window().post(() -> known.window().left(clientId));
        }
    }

    @Override
    public void ended(Group group) {
        windows.computeIfPresent(group, (key, known) -> {
            known.window().post(known.window()::endKeeping);
            return unlessEmpty(new Counted(known.window(), known.members(), false));
        });
    }

    /** Tells how far groups are that outlive the process; completes when that is known. */
    public CompletionStage<Void> flush() {
        return CompletableFuture.allOf(windows.values().stream()
                .filter(Counted::kept)
                .map(each -> each.window().flush().toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    @Override
    public CompletionStage<Void> settled(Group group) {
        return store.settled(group);
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

    GroupStore store() {
        return store;
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
