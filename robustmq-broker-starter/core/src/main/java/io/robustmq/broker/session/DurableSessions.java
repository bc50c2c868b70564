/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import io.netty.buffer.ByteBufAllocator;
import io.robustmq.broker.coordinator.CoordinatorConfig;
import io.robustmq.broker.coordinator.CoordinatorHandle;
import io.robustmq.broker.coordinator.CoordinatorLog;
import io.robustmq.broker.coordinator.CoordinatorMetrics;
import io.robustmq.broker.session.SessionCommands.Acquired;
import io.robustmq.broker.window.GroupStore;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.SessionImage;
import io.robustmq.protocol.SessionLogPort;
import io.robustmq.protocol.SessionPort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of the node: a register of who holds a client id now, and one coordinator for each shard of {@code __sessions}
 * for what outlives a connection. Thread-safe.
 */
public final class DurableSessions implements SessionPort {
    private static final Logger LOG = LoggerFactory.getLogger(DurableSessions.class);
    private static final int ORPHANS_PER_COMMAND = 256;

    private final SessionLogPort log;
    private final LogHolds holds;
    private final Clock clock;
    private final long incarnation;
    private final SessionRegistry registry = new SessionRegistry();
    private final Set<SessionKey> publishing = ConcurrentHashMap.newKeySet();
    private final LongAdder expired = new LongAdder();
    private final CoordinatorMetrics metrics = new CoordinatorMetrics();
    private volatile List<Partition> partitions = List.of();
    private volatile @Nullable WillPublisher willPublisher;
    private final DurableGroups groups;

    private record Partition(
            SessionMachine machine, CoordinatorHandle<SessionMachine> coordinator, SleeperScan sleepers) {}

    /**
     * @param incarnation of this process: connections of another one are gone
     * @param timer where what has to be tried again waits
     */
    public DurableSessions(SessionLogPort log, LogHolds holds, Clock clock, long incarnation, Loop timer) {
        this.log = log;
        this.holds = holds;
        this.clock = clock;
        this.incarnation = incarnation;
        this.groups = new DurableGroups(clock, timer, key -> {
            Partition partition = partition(key);
            return partition == null ? null : partition.coordinator;
        });
    }

    /** Groups that live as long as sessions have their filters. */
    public DurableGroups groups() {
        return groups;
    }

    /**
     * Loads the shards; completes when all are loaded and what their last owner was connected to is known to be gone.
     *
     * @param windows where groups go on
     */
    public CompletionStage<Void> open(
            List<CoordinatorLog> logs,
            CoordinatorConfig config,
            ByteBufAllocator allocator,
            GroupStore.Online windows) {
        List<Partition> opened = new ArrayList<>();
        for (CoordinatorLog log : logs) {
            SessionMachine machine = new SessionMachine(this::publishDue, expired, groups);
            CoordinatorHandle<SessionMachine> coordinator =
                    CoordinatorHandle.open(log, machine, config, clock, allocator, metrics);
            opened.add(new Partition(
                    machine, coordinator, new SleeperScan(machine, coordinator, holds, "sessions-" + opened.size())));
        }
        partitions = List.copyOf(opened);
        opened.forEach(each -> each.sleepers.begin());
        return CompletableFuture.allOf(opened.stream()
                        .map(each -> each.coordinator
                                .loaded()
                                .thenCompose(v -> disconnectOrphans(each))
                                .toCompletableFuture())
                        .toArray(CompletableFuture[]::new))
                .thenCompose(v -> groups.restore(
                        opened.stream().map(Partition::coordinator).toList(), windows));
    }

    private CompletionStage<Void> disconnectOrphans(Partition partition) {
        return StoredSession.ask(
                        partition.coordinator,
                        SessionCommands.orphans(incarnation, clock.millis(), ORPHANS_PER_COMMAND))
                .thenCompose(
                        more -> more ? disconnectOrphans(partition) : CompletableFuture.<Void>completedFuture(null));
    }

    public void close() {
        partitions.forEach(each -> {
            each.sleepers.close();
            each.coordinator.close();
        });
    }

    private @Nullable Partition partition(SessionKey key) {
        List<Partition> all = partitions;
        return all.isEmpty() ? null : all.get(key.partition(all.size()));
    }

    // --- connections

    @Override
    public CompletionStage<Lease> acquire(SessionRequest request, Holder holder) {
        SessionKey key = new SessionKey(request.tenant(), request.clientId());
        SessionRegistry.Taken taken = registry.take(key, holder);
        Holder previous = taken.previous();
        if (previous == null) {
            return acquire(key, request, taken.epoch(), null);
        }
        return handOver(previous, taken.epoch()).thenCompose(state -> acquire(key, request, taken.epoch(), state));
    }

    private static CompletionStage<@Nullable Object> handOver(Holder holder, long epoch) {
        try {
            return holder.takeOver(epoch);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private CompletionStage<Lease> acquire(
            SessionKey key, SessionRequest request, long epoch, @Nullable Object handedOver) {
        Partition partition = partition(key);
        if (nothingToAsk(key, request, partition)) {
            return CompletableFuture.completedStage(new Lease(epoch, false, null, handedOver));
        }
        if (partition == null) {
            return CompletableFuture.failedStage(RmqError.UNAVAILABLE.exception("sessions are not open yet"));
        }
        return StoredSession.ask(
                        partition.coordinator, SessionCommands.acquire(key, request, clock.millis(), incarnation))
                .thenCompose(acquired -> groups.settled(acquired.left())
                        .thenApply(v -> lease(partition, key, acquired, epoch, handedOver)));
    }

    /** What costs most connections nothing: there is no session of that name, and there is to be none. */
    private static boolean nothingToAsk(SessionKey key, SessionRequest request, @Nullable Partition partition) {
        if (request.expirySeconds() > 0) {
            return false;
        }
        boolean known = partition != null && partition.machine.mayHave(key);
        boolean certain = partition != null && partition.coordinator.isActive();
        return !known && (certain || request.cleanStart());
    }

    private Lease lease(
            Partition partition, SessionKey key, Acquired acquired, long epoch, @Nullable Object handedOver) {
        SessionMeta endedWill = acquired.endedWill();
        if (endedWill != null) {
            publish(key, endedWill);
        }
        SessionImage image = acquired.image();
        if (image != null) {
            registry.markDurable(key, epoch);
        }
        StoredSession durable = image == null ? null : new StoredSession(partition.coordinator, clock, key, image);
        return new Lease(epoch, acquired.present(), durable, handedOver);
    }

    @Override
    public void release(String tenant, String clientId, long connectionEpoch) {
        registry.release(new SessionKey(tenant, clientId), connectionEpoch);
    }

    @Override
    public long count() {
        List<Partition> all = partitions;
        return all.stream().mapToLong(each -> each.machine.count()).sum() + registry.volatileCount();
    }

    @Override
    public long count(String tenant) {
        return partitions.stream().mapToLong(each -> each.machine.count(tenant)).sum() + registry.volatileCount(tenant);
    }

    @Override
    public boolean isHeld(String tenant, String clientId) {
        return registry.holder(new SessionKey(tenant, clientId)) != null;
    }

    @Override
    public boolean mayExist(String tenant, String clientId) {
        SessionKey key = new SessionKey(tenant, clientId);
        Partition partition = partition(key);
        return registry.holder(key) != null || partition != null && partition.machine.mayHave(key);
    }

    @Override
    public @Nullable String exclusiveOwner(String tenant, String filter) {
        return groups.anyMember(GroupKey.exclusive(tenant, filter));
    }

    @Override
    public long expired() {
        return expired.sum();
    }

    @Override
    public SessionLogPort log() {
        return log;
    }

    @Override
    public void keepForSleepers(long records, long bytes, long ageMillis) {
        holds.limit(records, bytes, ageMillis);
        shardsChanged();
    }

    /** Shards have come or were opened anew. */
    public void shardsChanged() {
        partitions.forEach(each -> each.sleepers.tellAgain());
    }

    // --- wills

    @Override
    public void onWill(WillPublisher publisher) {
        willPublisher = publisher;
    }

    /** On the coordinator's loop; the will stays with the session until it is published. */
    private boolean publishDue(SessionKey key, SessionMeta meta) {
        if (willPublisher == null || !publishing.add(key)) {
            return false;
        }
        publish(key, meta).whenComplete((v, failure) -> {
            Partition partition = partition(key);
            if (partition == null) {
                publishing.remove(key);
                return;
            }
            StoredSession.ask(partition.coordinator, SessionCommands.willPublished(key, meta.epoch()))
                    .whenComplete((done, refused) -> publishing.remove(key));
        });
        return true;
    }

    private CompletionStage<Void> publish(SessionKey key, SessionMeta meta) {
        WillPublisher publisher = willPublisher;
        byte[] will = meta.will();
        if (publisher == null || will == null) {
            return CompletableFuture.completedStage(null);
        }
        try {
            return publisher.publish(key.tenant(), key.clientId(), will);
        } catch (RuntimeException e) {
            LOG.error("the will of '{}' could not be published", key.clientId(), e);
            return CompletableFuture.completedStage(null);
        }
    }

    // --- seen from outside

    @Override
    public CompletionStage<List<SessionImage>> list(
            String tenant, String clientIdPart, @Nullable String afterClientId, int limit) {
        SessionKey after = new SessionKey(tenant, afterClientId == null ? "" : afterClientId);
        List<CompletableFuture<List<SessionImage>>> answers = partitions.stream()
                .map(each -> StoredSession.ask(each.coordinator, SessionCommands.list(after, clientIdPart, limit)))
                .toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(v -> answers.stream()
                        .flatMap(each -> each.join().stream())
                        .sorted(Comparator.comparing(SessionImage::clientId))
                        .limit(limit)
                        .toList());
    }

    @Override
    public CompletionStage<SessionImage> show(String tenant, String clientId) {
        SessionKey key = new SessionKey(tenant, clientId);
        Partition partition = partition(key);
        return partition == null
                ? CompletableFuture.failedStage(RmqError.UNAVAILABLE.exception("sessions are not open yet"))
                : StoredSession.ask(partition.coordinator, SessionCommands.show(key));
    }

    @Override
    public CompletionStage<List<Subscriptions>> subscriptions(
            String tenant, @Nullable String clientId, @Nullable String afterClientId, int limit) {
        return new SubscriptionList(this, registry).page(tenant, clientId, afterClientId, limit);
    }

    @Override
    public CompletionStage<Void> delete(String tenant, String clientId) {
        SessionKey key = new SessionKey(tenant, clientId);
        return show(tenant, clientId)
                .thenCompose(found -> {
                    Holder holder = registry.holder(key);
                    return holder == null
                            ? CompletableFuture.<Void>completedStage(null)
                            : handOver(holder, found.epoch()).thenAccept(left -> {
                                if (left != null) {
                                    holder.discard(left);
                                }
                            });
                })
                .thenCompose(gone -> {
                    Partition partition = java.util.Objects.requireNonNull(partition(key));
                    return StoredSession.ask(partition.coordinator, SessionCommands.delete(key));
                })
                .thenAccept(will -> {
                    if (will.meta() != null) {
                        publish(key, will.meta());
                    }
                });
    }

    public CoordinatorMetrics metrics() {
        return metrics;
    }

    /** The age of the oldest shard's newest snapshot, counted from the load when there is none. */
    public long snapshotAgeMillis() {
        return partitions.stream()
                .mapToLong(each -> each.coordinator.snapshotAgeMillis())
                .max()
                .orElse(0);
    }

    /** Why a shard cannot be served; null when all can. */
    public @Nullable String problem() {
        return partitions.stream()
                .map(each -> each.coordinator.problem())
                .filter(each -> each != null)
                .findFirst()
                .orElse(null);
    }
}
