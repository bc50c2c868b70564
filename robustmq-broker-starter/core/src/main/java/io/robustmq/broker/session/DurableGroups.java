/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import io.robustmq.broker.coordinator.CoordinatorHandle;
import io.robustmq.broker.session.GroupCommands.Found;
import io.robustmq.broker.session.GroupRecords.GroupState;
import io.robustmq.broker.window.GroupProgress;
import io.robustmq.broker.window.GroupStore;
import io.robustmq.broker.window.StoredGroup;
import io.robustmq.broker.window.StoredGroup.Held;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.protocol.WindowPort.Group;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Groups that are kept as long as there is a session that is kept and has their filter. Who has it say the sessions themselves, whatever
 * shard they are in, so that nothing has to be kept twice. Thread-safe: what lives are is changed under the lock of their map.
 */
public final class DurableGroups implements GroupStore, GroupMembers.Life {
    private static final Logger LOG = LoggerFactory.getLogger(DurableGroups.class);
    private static final long RETRY_MILLIS = 1000;

    private final Clock clock;
    private final Loop timer;
    private final Function<SessionKey, @Nullable CoordinatorHandle<SessionMachine>> coordinators;
    private final ConcurrentHashMap<GroupKey, Life> lives = new ConcurrentHashMap<>();
    private volatile @Nullable Online windows;

    /** Guarded by the lock of its entry in the map. */
    private static final class Life {
        final Set<String> members = ConcurrentHashMap.newKeySet();
        int holds;
        boolean ending;
        CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

        boolean isOver() {
            return members.isEmpty() && holds == 0 && !ending;
        }
    }

    DurableGroups(
            Clock clock, Loop timer, Function<SessionKey, @Nullable CoordinatorHandle<SessionMachine>> coordinators) {
        this.clock = clock;
        this.timer = timer;
        this.coordinators = coordinators;
    }

    private <R> CompletableFuture<R> ask(
            SessionKey key, io.robustmq.broker.coordinator.Command<SessionMachine, R> command) {
        CoordinatorHandle<SessionMachine> coordinator = coordinators.apply(key);
        return coordinator == null
                ? CompletableFuture.failedFuture(RmqError.UNAVAILABLE.exception("sessions are not open yet"))
                : StoredSession.ask(coordinator, command);
    }

    // --- the start

    /** Brings back the groups that have members; once, when all shards are loaded. */
    CompletionStage<Void> restore(List<CoordinatorHandle<SessionMachine>> shards, Online here) {
        windows = here;
        List<CompletableFuture<Found>> asked = shards.stream()
                .map(each -> StoredSession.ask(each, GroupCommands.all()))
                .toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenAccept(v -> {
            Map<GroupKey, GroupState> groups = new HashMap<>();
            Map<GroupKey, List<Held>> held = new HashMap<>();
            for (CompletableFuture<Found> each : asked) {
                groups.putAll(each.join().groups());
                each.join()
                        .held()
                        .forEach((group, of) -> held.computeIfAbsent(group, key -> new ArrayList<>())
                                .addAll(of));
            }
            groups.forEach((key, state) -> {
                if (members(key).isEmpty()) {
                    // Its last member went when nobody was there to see it.
                    lives.compute(key, (k, life) -> ending(k, life == null ? new Life() : life, null));
                } else {
                    here.restore(new StoredGroup(
                            key.group(), state.sinceMillis(), state.progress(), held.getOrDefault(key, List.of())));
                }
            });
        });
    }

    private Set<String> members(GroupKey key) {
        Life life = lives.get(key);
        return life == null ? Set.of() : Set.copyOf(life.members);
    }

    @Nullable
    String anyMember(GroupKey key) {
        Life life = lives.get(key);
        return life == null ? null : life.members.stream().findAny().orElse(null);
    }

    @Override
    public Set<String> members(Group group) {
        return members(GroupKey.of(group));
    }

    // --- members

    @Override
    public void joined(GroupKey group, String clientId) {
        lives.compute(group, (key, known) -> {
            Life life = known == null ? new Life() : known;
            life.members.add(clientId);
            return life;
        });
    }

    @Override
    public void left(GroupKey group, SessionKey session) {
        lives.computeIfPresent(group, (key, life) -> {
            life.members.remove(session.clientId());
            return endUnlessUsed(key, life, session);
        });
        Online here = windows;
        if (here != null) {
            here.left(group.group(), session.clientId());
        }
    }

    @Override
    public CompletionStage<Cancellable> hold(Group group) {
        GroupKey key = GroupKey.of(group);
        Life held = lives.compute(key, (k, known) -> {
            Life life = known == null ? new Life() : known;
            life.holds++;
            return life;
        });
        AtomicBoolean released = new AtomicBoolean();
        return held.last.thenApply(v -> () -> {
            if (released.compareAndSet(false, true)) {
                lives.computeIfPresent(key, (k, life) -> {
                    life.holds--;
                    return endUnlessUsed(k, life, null);
                });
            }
        });
    }

    @Override
    public CompletionStage<Void> settled(Group group) {
        Life life = lives.get(GroupKey.of(group));
        return life == null ? CompletableFuture.completedStage(null) : life.last;
    }

    /** The same for several. */
    CompletionStage<Void> settled(List<GroupKey> groups) {
        return CompletableFuture.allOf(groups.stream()
                .map(each -> settled(each.group()).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    // --- the end

    private @Nullable Life endUnlessUsed(GroupKey key, Life life, @Nullable SessionKey last) {
        return life.isOver() ? ending(key, life, last) : life;
    }

    /** Whoever holds it from now on holds the next one of that name. */
    private Life ending(GroupKey key, Life life, @Nullable SessionKey last) {
        life.ending = true;
        CompletableFuture<Void> done = new CompletableFuture<>();
        life.last = done;
        timer.execute(() -> end(key, last, done));
        return life;
    }

    /** Only when it is certain that the last session has gone. */
    private void end(GroupKey key, @Nullable SessionKey last, CompletableFuture<Void> done) {
        CompletableFuture<Boolean> certain =
                last == null ? CompletableFuture.completedFuture(true) : ask(last, GroupCommands.barrier());
        certain.thenCompose(yes -> members(key).isEmpty()
                        ? ask(key.key(), GroupCommands.forget(key)).thenApply(gone -> true)
                        : CompletableFuture.completedFuture(false))
                .whenComplete((gone, failure) -> {
                    if (failure != null && RmqException.errorOf(failure) != RmqError.CLOSED) {
                        LOG.debug("the group '{}' is ended later: {}", key.name(), failure.getMessage());
                        timer.schedule(RETRY_MILLIS, () -> end(key, last, done));
                        return;
                    }
                    ended(key, gone != null && gone, done);
                });
    }

    private void ended(GroupKey key, boolean gone, CompletableFuture<Void> done) {
        Online here = windows;
        if (gone && here != null) {
            here.ended(key.group());
        }
        lives.computeIfPresent(key, (k, life) -> {
            life.ending = false;
            return life.isOver() ? null : life;
        });
        done.complete(null);
    }

    // --- progress

    @Override
    public CompletionStage<StoredGroup> begin(Group group, GroupProgress first) {
        GroupKey key = GroupKey.of(group);
        return ask(key.key(), GroupCommands.begin(key, first, clock.millis()))
                .thenApply(state -> new StoredGroup(group, state.sinceMillis(), state.progress(), List.of()));
    }

    @Override
    public CompletionStage<Void> progress(Group group, long sinceMillis, GroupProgress progress, boolean forced) {
        GroupKey key = GroupKey.of(group);
        return ask(key.key(), GroupCommands.progress(key, sinceMillis, progress, forced))
                .thenApply(yes -> null);
    }
}
