/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.protocol.DurableSession;
import io.robustmq.protocol.SessionImage;
import io.robustmq.protocol.SessionLogPort;
import io.robustmq.protocol.SessionLogPort.LoggedMessage;
import io.robustmq.protocol.SessionProgress;
import io.robustmq.protocol.SessionProgress.Outbound;
import io.robustmq.protocol.SessionProgress.Phase;
import io.robustmq.protocol.ShardPositions;
import io.robustmq.protocol.ShardPositions.Place;
import io.robustmq.protocol.StoredMessage;
import io.robustmq.protocol.StoredSubscription;
import io.robustmq.protocol.Target;
import io.robustmq.protocol.WindowDelivery;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of a session outlives its connection: brings its subscriptions to the coordinator, tells it now and then how far the
 * client is, and begins where the last connection has left. Confined to the session's loop.
 */
public final class DurableState {
    private static final Logger LOG = LoggerFactory.getLogger(DurableState.class);
    /** What a crash may repeat of QoS 1 is what was acknowledged in this time. */
    private static final long SAVE_MILLIS = 100;

    private static final long RETRY_MILLIS = 1000;
    /** A message to send and an answer for each packet id: no client that keeps to the protocol needs more. */
    private static final int NOTED_MAX = 2 * 65_536;

    private final MqttSession session;
    private final DurableSession kept;
    private final SessionLogPort log;
    private final Inflight inflight;
    private final StoredSubscriptions subscriptions;
    private final LogFeeds feeds;
    private final List<Wish> wishes = new ArrayList<>(0);
    /** Where the coordinator knows the session to be, or is about to hear. */
    private ShardPositions toldPositions;

    private byte @Nullable [] publisher;
    private boolean restoring;
    private boolean scheduled;
    private boolean saving;
    /** Waits for the next write. */
    private List<Runnable> noted = new ArrayList<>();

    private boolean left;

    DurableState(MqttSession session, DurableSession kept, Inflight inflight) {
        this.session = session;
        this.kept = kept;
        this.inflight = inflight;
        this.log = session.services().ports().sessions().log();
        this.subscriptions = new StoredSubscriptions(log.wildcardsCross());
        SessionImage image = kept.image();
        SessionProgress progress = image.progress();
        this.feeds = new LogFeeds(session, log, subscriptions, progress.drops());
        image.subscriptions().forEach(subscriptions::put);
        toldPositions = progress.positions();
        feeds.restore(toldPositions);
        for (Outbound each : progress.inFlight()) {
            inflight.restore(
                    each.packetId(),
                    Inflight.State.valueOf(each.phase().name()),
                    each.shard(),
                    each.offset(),
                    each.group());
        }
    }

    LogFeeds feeds() {
        return feeds;
    }

    /** Whether messages that are to be sent again are still on their way from the log. */
    boolean isRestoring() {
        return restoring;
    }

    /** The client's own name, when its records must say who published them; else null. */
    public byte @Nullable [] publisher() {
        return publisher;
    }

    private void subscriptionsChanged() {
        publisher = subscriptions.anyNoLocal() ? session.clientId().getBytes(StandardCharsets.UTF_8) : null;
    }

    // --- the beginning

    /** A connection goes on where the last one has left. */
    void resume() {
        subscriptionsChanged();
        List<String> filters = new ArrayList<>();
        for (StoredSubscription each : subscriptions.all()) {
            session.subscribeLive(each);
            filters.add(each.filter());
        }
        SharedSubscriptions groups = session.shared();
        if (groups != null) {
            groups.keep(filters, (holds, failure) -> holds.forEach(Cancellable::cancel));
            groups.takeUp();
        }
        feeds.join();
        restore(inflight.unfinished());
    }

    /** Fetches what was under way from the log; what waits, waits for that. */
    private void restore(List<Inflight.Unfinished> unfinished) {
        Map<ShardId, List<Long>> wanted = new HashMap<>();
        for (Inflight.Unfinished each : unfinished) {
            if (each.shard() != null && each.state() != Inflight.State.PUBCOMP) {
                wanted.computeIfAbsent(each.shard(), shard -> new ArrayList<>()).add(each.offset());
            }
        }
        restoring = true;
        new Restoring(unfinished, wanted).begin();
    }

    private record At(ShardId shard, long offset) {}

    /** One fetch for each shard. */
    private final class Restoring {
        private final List<Inflight.Unfinished> unfinished;
        private final Map<ShardId, List<Long>> wanted;
        private final Map<At, LoggedMessage> found = new HashMap<>();
        private int missing = 1;

        Restoring(List<Inflight.Unfinished> unfinished, Map<ShardId, List<Long>> wanted) {
            this.unfinished = unfinished;
            this.wanted = wanted;
        }

        void begin() {
            missing += wanted.size();
            wanted.forEach(this::fetch);
            fetched();
        }

        private void fetch(ShardId shard, List<Long> offsets) {
            long[] wantedOffsets = offsets.stream().mapToLong(Long::longValue).toArray();
            log.fetch(shard, wantedOffsets, session.loop(), (messages, failure) -> {
                if (failure != null && failure.error() != RmqError.UNKNOWN_TOPIC && !left) {
                    session.loop().schedule(RETRY_MILLIS, () -> fetch(shard, offsets));
                    return;
                }
                messages.forEach(each -> found.put(new At(shard, each.offset()), each));
                fetched();
            });
        }

        private void fetched() {
            if (--missing == 0 && !left) {
                restoring = false;
                session.resend(unfinished.stream().map(this::withMessage).toList());
            }
        }

        private Inflight.Unfinished withMessage(Inflight.Unfinished each) {
            ShardId shard = each.shard();
            LoggedMessage logged = shard == null ? null : found.get(new At(shard, each.offset()));
            if (logged == null || shard == null) {
                return each;
            }
            Target target = each.group() == null ? subscriptions.match(session, shard, logged) : ofGroup(each.group());
            return new Inflight.Unfinished(
                    each.packetId(),
                    each.state(),
                    logged.message(),
                    target == null ? new int[0] : target.subscriptionIds(),
                    target != null && target.retainAsPublished() && logged.retain(),
                    shard,
                    each.offset(),
                    each.shared(),
                    each.group());
        }
    }

    /** What the session wants of a group's messages; null when it has left the group. */
    private @Nullable Target ofGroup(String filter) {
        StoredSubscription subscription = subscriptions.get(filter);
        return subscription == null
                ? null
                : Target.of(List.of(StoredSubscriptions.live(session, subscription)), Spelling.SLASH);
    }

    // --- subscriptions

    /** Told once, unless the connection goes before. */
    @FunctionalInterface
    public interface Subscribing {
        /**
         * @param refused filters that are not kept, because the owner of a shard that they concern could not be asked
         * @param failure why nothing is kept; null when the others are
         */
        void done(Set<String> refused, @Nullable RmqException failure);
    }

    /** A SUBSCRIBE whose owners are being asked. */
    private static final class Wish {
        /** Filters that were unsubscribed from meanwhile. */
        private final Set<String> gone = new HashSet<>(0);
        /** Filters that a later SUBSCRIBE is about, too. */
        private final Set<String> again = new HashSet<>(0);
    }

    /**
     * Keeps subscriptions that are live already. What is not kept is not live any more when that is told, or as it was before.
     *
     * @param done on this loop, when every owner of a shard that they concern knows them and they are kept
     */
    public void subscribe(List<SubscriptionRequest> requests, int subscriptionId, Subscribing done) {
        Wish wish = new Wish();
        wishes.forEach(each -> requests.forEach(request -> each.again.add(request.filter())));
        wishes.add(wish);
        // What the session is owed under a filter that it has does not change with the filter's options.
        List<String> news = requests.stream()
                .map(SubscriptionRequest::filter)
                .filter(filter -> subscriptions.get(filter) == null)
                .toList();
        feeds.begin(
                news,
                (places, refused) -> keepGroups(news, (holds, failure) -> {
                    wishes.remove(wish);
                    if (!left) {
                        begun(
                                requests,
                                subscriptionId,
                                wish,
                                places,
                                failure == null ? refused : withGroups(refused, news),
                                (no, why) -> {
                                    holds.forEach(Cancellable::cancel);
                                    done.done(no, why);
                                });
                    } else {
                        holds.forEach(Cancellable::cancel);
                    }
                }));
    }

    private void keepGroups(List<String> filters, BiConsumer<List<Cancellable>, @Nullable Throwable> done) {
        SharedSubscriptions groups = session.shared();
        if (groups == null) {
            done.accept(List.of(), null);
        } else {
            groups.keep(filters, done);
        }
    }

    private static Set<String> withGroups(Set<String> refused, List<String> filters) {
        Set<String> all = new HashSet<>(refused);
        filters.stream().filter(each -> !StoredSubscriptions.isOwn(each)).forEach(all::add);
        return all;
    }

    private void begun(
            List<SubscriptionRequest> requests,
            int subscriptionId,
            Wish wish,
            Map<ShardId, Place> places,
            Set<String> refused,
            Subscribing done) {
        refused.stream()
                .filter(each -> subscriptions.get(each) == null)
                .filter(each -> !wish.gone.contains(each) && !wish.again.contains(each))
                .forEach(session::unsubscribe);
        List<SubscriptionRequest> kept = requests.stream()
                .filter(each -> !refused.contains(each.filter()) && !wish.gone.contains(each.filter()))
                .toList();
        if (kept.isEmpty()) {
            done.done(refused, null);
        } else {
            keep(kept, subscriptionId, places, failure -> done.done(refused, failure));
        }
    }

    private void keep(
            List<SubscriptionRequest> requests,
            int subscriptionId,
            Map<ShardId, Place> places,
            Consumer<@Nullable RmqException> done) {
        Map<ShardId, Place> owed = feeds.ahead(places);
        tellBefore(places, owed);
        Map<String, @Nullable StoredSubscription> before = new HashMap<>();
        List<StoredSubscription> stored = new ArrayList<>();
        for (SubscriptionRequest request : requests) {
            before.put(request.filter(), subscriptions.get(request.filter()));
            stored.add(stored(request, subscriptionId, ShardPositions.of(owed)));
        }
        stored.forEach(subscriptions::put);
        subscriptionsChanged();
        tell(kept.subscribe(stored, ShardPositions.of(places)), failure -> {
            if (failure != null && !left) {
                stored.stream()
                        .filter(each -> each.equals(subscriptions.get(each.filter())))
                        .forEach(each -> restore(each.filter(), before.get(each.filter())));
                subscriptionsChanged();
            }
            done.accept(failure);
        });
    }

    /**
     * Where the session is now is written before the filter that begins there: a process that has lost it would read further back,
     * and find what was published before the subscription.
     */
    private void tellBefore(Map<ShardId, Place> begins, Map<ShardId, Place> owed) {
        Map<ShardId, Place> known = toldPositions.toMap();
        boolean beyond = begins.entrySet().stream().anyMatch(each -> {
            Place told = known.get(each.getKey());
            return told != null && told.offset() < each.getValue().offset() && !owed.containsKey(each.getKey());
        });
        if (beyond) {
            kept.progress(progress(), false, feeds.isBehind());
        } else {
            begins.forEach(known::putIfAbsent);
            toldPositions = ShardPositions.of(known);
        }
    }

    private void restore(String filter, @Nullable StoredSubscription before) {
        if (before == null) {
            subscriptions.remove(filter);
            session.unsubscribe(filter);
        } else {
            subscriptions.put(before);
            session.subscribeLive(before);
        }
    }

    private StoredSubscription stored(SubscriptionRequest request, int subscriptionId, ShardPositions from) {
        StoredSubscription before = subscriptions.get(request.filter());
        return new StoredSubscription(
                request.filter(),
                request.qos(),
                request.noLocal(),
                request.retainAsPublished(),
                request.retainHandling(),
                subscriptionId,
                before == null ? session.loop().clock().millis() : before.sinceMillis(),
                before == null ? from : before.effectiveFrom());
    }

    Collection<StoredSubscription> subscriptions() {
        return subscriptions.all();
    }

    public void unsubscribe(List<String> filters, Consumer<@Nullable RmqException> done) {
        filters.forEach(subscriptions::remove);
        wishes.forEach(each -> each.gone.addAll(filters));
        subscriptionsChanged();
        tell(kept.unsubscribe(filters).thenCompose(v -> groupsSettled(filters)), done);
    }

    /** Groups whose last member this was have ended. */
    private CompletionStage<Void> groupsSettled(List<String> filters) {
        return CompletableFuture.allOf(filters.stream()
                .map(SharedFilter::of)
                .filter(Objects::nonNull)
                .map(each -> session.services()
                        .ports()
                        .windows()
                        .settled(SharedSubscriptions.group(session, each))
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    private void tell(CompletionStage<Void> asked, Consumer<@Nullable RmqException> done) {
        asked.whenComplete((v, failure) -> session.loop().execute(() -> {
            RmqException why = failure == null ? null : causeOf(failure);
            if (why != null) {
                fencedOff(why);
            }
            done.accept(why);
        }));
    }

    private static RmqException causeOf(Throwable failure) {
        return RmqException.causeOf(failure) instanceof RmqException known
                ? known
                : RmqError.INTERNAL.exception(String.valueOf(failure));
    }

    private void fencedOff(RmqException why) {
        Wire wire = session.wire();
        if (why.error() == RmqError.FENCED && wire != null) {
            wire.disconnect(ReasonCode.SESSION_TAKEN_OVER, "another connection has the session");
        }
    }

    // --- progress

    /** Something was sent or acknowledged: the coordinator is told soon, of everything that has happened by then. */
    void changed() {
        if (!scheduled && !left) {
            scheduled = true;
            session.loop().schedule(SAVE_MILLIS, this::save);
        }
    }

    private void save() {
        scheduled = false;
        if (left) {
            return;
        }
        if (saving) {
            changed();
            return;
        }
        saving = true;
        List<Runnable> told = noted;
        noted = new ArrayList<>();
        kept.progress(progress(), !told.isEmpty(), feeds.isBehind())
                .whenComplete((v, failure) -> session.loop().execute(() -> saved(told, failure)));
    }

    private void saved(List<Runnable> told, @Nullable Throwable failure) {
        saving = false;
        if (failure == null) {
            told.forEach(Runnable::run);
            if (!noted.isEmpty()) {
                save();
            }
            return;
        }
        RmqException why = causeOf(failure);
        fencedOff(why);
        noted.addAll(0, told);
        if (why.error() != RmqError.FENCED && !left) {
            session.loop().schedule(RETRY_MILLIS, () -> {
                if (!saving) {
                    save();
                }
            });
        }
    }

    /**
     * Runs the task when what has happened until now outlives the process and a power cut; what happens in one turn of the loop,
     * and while another write is under way, is written together.
     */
    private void whenNoted(Runnable task) {
        if (noted.size() == NOTED_MAX) {
            // What is dropped here is sent again, or answered, on the next connection.
            session.loop().execute(this::tooMuchToNote);
            return;
        }
        boolean first = noted.isEmpty();
        noted.add(task);
        if (first && !saving && !left) {
            session.loop().execute(() -> {
                if (!saving && !noted.isEmpty()) {
                    save();
                }
            });
        }
    }

    private void tooMuchToNote() {
        Wire online = session.wire();
        if (online != null) {
            online.disconnect(ReasonCode.SERVER_BUSY, "too many exchanges wait to be noted");
        }
    }

    /**
     * The client has a message of QoS 2: says PUBREL when that is noted.
     *
     * @param shared its group notes it, too, and must have done so when the session forgets it; null for none
     */
    void answerReception(int packetId, @Nullable WindowDelivery shared) {
        if (shared == null) {
            whenNoted(() -> release(packetId));
            return;
        }
        CompletableFuture<Void> byGroup = new CompletableFuture<>();
        shared.done(() -> byGroup.complete(null));
        whenNoted(() -> byGroup.thenRun(() -> session.loop().execute(() -> release(packetId))));
    }

    private void release(int packetId) {
        Wire online = session.wire();
        if (online != null && inflight.awaits(packetId, Inflight.State.PUBCOMP)) {
            online.writePubRel(packetId);
        }
    }

    /** Sends a message at QoS 2 when what its packet id stands for is noted. */
    void sendNoted(int packetId, StoredMessage message, boolean retain, int[] subscriptionIds) {
        whenNoted(() -> {
            Wire online = session.wire();
            if (online == null || !inflight.awaits(packetId, Inflight.State.PUBREC)) {
                return;
            }
            if (!online.write(message, 2, false, retain, packetId, subscriptionIds)) {
                inflight.remove(packetId);
                session.services().counters().droppedTooLarge.increment();
                changed();
            }
        });
    }

    private SessionProgress progress() {
        List<Outbound> outbound = new ArrayList<>();
        for (Inflight.Unfinished each : inflight.unfinished()) {
            ShardId shard = each.shard();
            if (shard != null) {
                outbound.add(new Outbound(
                        each.packetId(), Phase.valueOf(each.state().name()), shard, each.offset(), each.group()));
            }
        }
        toldPositions = feeds.positions();
        return new SessionProgress(toldPositions, List.copyOf(outbound), feeds.drops());
    }

    // --- the end

    /** The connection is gone. What it has sent to the log is decided first, so that the next one need not ask. */
    void leave(long expirySeconds, boolean keepWill, Runnable done) {
        session.inboundQos2()
                .whenDecided(() -> feeds.leave(() -> {
                    left = true;
                    session.inboundQos2().leave();
                    kept.leave(new DurableSession.Leave(expirySeconds, keepWill, progress()))
                            .whenComplete((v, failure) -> session.loop().execute(() -> {
                                if (failure != null && causeOf(failure).error() != RmqError.FENCED) {
                                    LOG.warn(
                                            "where '{}' has left is not known yet: {}",
                                            session.clientId(),
                                            causeOf(failure).getMessage());
                                }
                                done.run();
                            }));
                }));
    }
}
