/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import io.robustmq.broker.coordinator.Command;
import io.robustmq.broker.coordinator.Command.Outcome;
import io.robustmq.broker.coordinator.CoordinatorRecord;
import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.DurableSession.DelayedWill;
import io.robustmq.protocol.DurableSession.Leave;
import io.robustmq.protocol.ReceivedExchanges;
import io.robustmq.protocol.SessionImage;
import io.robustmq.protocol.SessionPort.SessionRequest;
import io.robustmq.protocol.SessionProgress;
import io.robustmq.protocol.ShardPositions;
import io.robustmq.protocol.StoredSubscription;
import io.robustmq.storage.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is asked of a session's coordinator. A command of a connection names its epoch and is refused once it is not the newest. */
final class SessionCommands {
    private SessionCommands() {}

    /**
     * What a connection got.
     *
     * @param image null when it is to have no durable session
     * @param endedWill of the session that ended, to be published now; null for none
     * @param left groups that the session was in that ended
     */
    record Acquired(
            boolean present,
            @Nullable SessionImage image,
            @Nullable SessionMeta endedWill,
            List<GroupKey> left) {}

    static Command<SessionMachine, Acquired> acquire(
            SessionKey key, SessionRequest request, long nowMillis, long incarnation) {
        return machine -> {
            List<CoordinatorRecord> records = new ArrayList<>();
            SessionState before = machine.remains(key);
            SessionMeta was = before == null ? null : before.meta();
            boolean present = was != null && !request.cleanStart() && was.expiresAtMillis() > nowMillis;
            SessionMeta endedWill = null;
            List<GroupKey> left = new ArrayList<>();
            if (before != null && !present) {
                for (StoredSubscription each : before.subscriptions()) {
                    GroupKey group = GroupKey.of(key.tenant(), each.filter());
                    if (group != null) {
                        left.add(group);
                    }
                }
                forget(before, records);
                endedWill = was != null && was.will() != null ? was : null;
            }
            if (!present && request.expirySeconds() == 0) {
                return Outcome.of(new Acquired(false, null, endedWill, left), records);
            }
            DelayedWill will = request.will();
            SessionMeta meta = new SessionMeta(
                    machine.nextEpoch(nowMillis),
                    incarnation,
                    present ? was.createdMillis() : nowMillis,
                    nowMillis,
                    0,
                    request.expirySeconds(),
                    will == null ? 0 : will.delaySeconds(),
                    0,
                    will == null ? null : will.message());
            records.add(SessionRecords.of(key, meta));
            SessionImage image = new SessionImage(
                    key.tenant(),
                    key.clientId(),
                    meta.epoch(),
                    meta.createdMillis(),
                    nowMillis,
                    0,
                    meta.expirySeconds(),
                    0,
                    present ? before.subscriptions() : List.of(),
                    present ? before.progress() : SessionProgress.NONE,
                    present ? before.received() : ReceivedExchanges.NONE);
            return Outcome.of(new Acquired(present, image, endedWill, left), records);
        };
    }

    static Command<SessionMachine, Boolean> subscribe(
            SessionKey key, long epoch, List<StoredSubscription> subscriptions, ShardPositions begins) {
        return machine -> {
            SessionState state = owned(machine, key, epoch);
            List<CoordinatorRecord> records = new ArrayList<>();
            subscriptions.forEach(each -> records.add(SessionRecords.of(key, each)));
            Map<io.robustmq.kernel.ShardId, ShardPositions.Place> places =
                    state.progress().positions().toMap();
            boolean news = false;
            for (int i = 0; i < begins.size(); i++) {
                ShardPositions.Place place = new ShardPositions.Place(begins.epoch(i), begins.offset(i));
                news |= places.putIfAbsent(begins.shard(i), place) == null;
            }
            if (news) {
                SessionProgress now = state.progress();
                records.add(SessionRecords.of(
                        key, new SessionProgress(ShardPositions.of(places), now.inFlight(), now.drops())));
            }
            return Outcome.of(true, records);
        };
    }

    static Command<SessionMachine, Boolean> unsubscribe(SessionKey key, long epoch, List<String> filters) {
        return machine -> {
            SessionState state = owned(machine, key, epoch);
            return Outcome.of(
                    true,
                    filters.stream()
                            .filter(filter -> state.subscription(filter) != null)
                            .map(filter -> SessionRecords.gone(key, filter))
                            .toList());
        };
    }

    static Command<SessionMachine, Boolean> progress(
            SessionKey key, long epoch, SessionProgress progress, boolean forced, boolean readsBacklog) {
        return machine -> {
            owned(machine, key, epoch).readsBacklog(readsBacklog);
            return new Outcome<>(
                    true, List.of(SessionRecords.of(key, progress)), forced ? Durability.FSYNC : Durability.OS_BUFFER);
        };
    }

    static Command<SessionMachine, Boolean> received(SessionKey key, long epoch, ReceivedExchanges exchanges) {
        return machine -> {
            owned(machine, key, epoch);
            return Outcome.of(true, List.of(SessionRecords.of(key, exchanges)));
        };
    }

    static Command<SessionMachine, Boolean> leave(SessionKey key, long epoch, Leave leave, long nowMillis) {
        return machine -> {
            SessionState state = owned(machine, key, epoch);
            List<CoordinatorRecord> records = new ArrayList<>();
            SessionMeta meta = Objects.requireNonNull(state.meta())
                    .disconnected(nowMillis, leave.expirySeconds(), leave.keepWill());
            if (leave.expirySeconds() == 0 && meta.will() == null) {
                forget(state, records);
            } else {
                // In this order: whoever hears that it sleeps sees where it has left.
                records.add(SessionRecords.of(key, leave.progress()));
                records.add(SessionRecords.of(key, meta));
            }
            return Outcome.of(true, records);
        };
    }

    static Command<SessionMachine, Boolean> end(SessionKey key, long epoch) {
        return machine -> {
            List<CoordinatorRecord> records = new ArrayList<>();
            forget(owned(machine, key, epoch), records);
            return Outcome.of(true, records);
        };
    }

    /** The will of a session was published. */
    static Command<SessionMachine, Boolean> willPublished(SessionKey key, long epoch) {
        return machine -> {
            SessionState state = machine.find(key);
            SessionMeta meta = state == null ? null : state.meta();
            return meta == null || meta.epoch() != epoch || meta.will() == null
                    ? Outcome.read(false)
                    : Outcome.of(true, List.of(SessionRecords.of(key, meta.withoutWill())));
        };
    }

    /**
     * Sessions whose connections went with the process that held them; some at a time. Answers whether there are more.
     */
    static Command<SessionMachine, Boolean> orphans(long incarnation, long nowMillis, int countMax) {
        return machine -> {
            List<CoordinatorRecord> records = new ArrayList<>();
            for (SessionState state : machine.all()) {
                SessionMeta meta = state.meta();
                if (meta != null && meta.isConnected() && meta.incarnation() != incarnation) {
                    records.add(SessionRecords.of(
                            state.key(), meta.disconnected(nowMillis, meta.expirySeconds(), meta.will() != null)));
                    if (records.size() == countMax) {
                        return Outcome.of(true, records);
                    }
                }
            }
            return Outcome.of(false, records);
        };
    }

    /** Forgets a session whoever has it. */
    static Command<SessionMachine, Deleted> delete(SessionKey key) {
        return machine -> {
            SessionState state = machine.find(key);
            if (state == null) {
                return Outcome.read(new Deleted(null));
            }
            List<CoordinatorRecord> records = new ArrayList<>();
            forget(state, records);
            return Outcome.of(new Deleted(state.meta()), records);
        };
    }

    /** @param meta with a will that is to be published now; null when there was nothing to delete */
    record Deleted(@Nullable SessionMeta meta) {}

    static Command<SessionMachine, SessionImage> show(SessionKey key) {
        return machine -> {
            SessionState state = machine.find(key);
            if (state == null) {
                throw RmqError.NOT_FOUND.exception("there is no session of '" + key.clientId() + "'");
            }
            return Outcome.read(state.image());
        };
    }

    /** Those of the tenant behind the key. */
    static Command<SessionMachine, List<SessionImage>> list(SessionKey after, String clientIdPart, int limit) {
        return machine -> {
            List<SessionImage> found = new ArrayList<>();
            for (SessionState state : machine.behind(after)) {
                if (found.size() == limit || !state.key().tenant().equals(after.tenant())) {
                    break;
                }
                if (state.meta() != null && state.key().clientId().contains(clientIdPart)) {
                    found.add(state.image());
                }
            }
            return Outcome.read(found);
        };
    }

    private static SessionState owned(SessionMachine machine, SessionKey key, long epoch) {
        SessionState state = machine.find(key);
        SessionMeta meta = state == null ? null : state.meta();
        if (state == null || meta == null || meta.epoch() != epoch) {
            throw RmqError.FENCED.exception(
                    "another connection has the session of '" + key.clientId() + "', or nobody");
        }
        return state;
    }

    /** Tombstones of everything that a session has left. */
    static void forget(SessionState state, List<CoordinatorRecord> records) {
        state.subscriptions().forEach(each -> records.add(SessionRecords.gone(state.key(), each.filter())));
        if (state.progress() != SessionProgress.NONE) {
            records.add(SessionRecords.gone(SessionRecords.PROGRESS, state.key()));
        }
        if (state.received() != ReceivedExchanges.NONE) {
            records.add(SessionRecords.gone(SessionRecords.RECEIVED, state.key()));
        }
        if (state.meta() != null) {
            records.add(SessionRecords.gone(SessionRecords.META, state.key()));
        }
    }
}
