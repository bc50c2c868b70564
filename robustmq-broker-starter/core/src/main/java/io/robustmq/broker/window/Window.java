/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RandomSource;
import io.robustmq.kernel.ShardId;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.LiveSubscription;
import io.robustmq.protocol.PublishRun;
import io.robustmq.protocol.SessionLogPort.LoggedMessage;
import io.robustmq.protocol.SessionLogPort.Mark;
import io.robustmq.protocol.Sink;
import io.robustmq.protocol.StoredMessage;
import io.robustmq.protocol.Target;
import io.robustmq.protocol.WindowPort.Description;
import io.robustmq.protocol.WindowPort.Group;
import io.robustmq.protocol.WindowPort.MemberDescription;
import io.robustmq.protocol.WindowPort.Strategy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One group: it hears of a message like any other subscriber, and passes it to one member. Confined to its loop; runs come to it
 * whole and go on to the members' loops whole.
 */
final class Window implements Sink, Behind.Reader {
    private static final int ACKNOWLEDGED_QOS_MAX = 2;

    private final Windows windows;
    private final Group group;
    private final Loop loop;
    private final LiveSubscription subscription;
    private final Chooser chooser;
    private final Map<Membership, Boolean> members = new LinkedHashMap<>();
    private final ArrayDeque<WindowEntry> returned = new ArrayDeque<>();
    private final ArrayDeque<WindowEntry> queue = new ArrayDeque<>();
    private final Behind behind;
    private long queuedBytes;
    private final ConcurrentLinkedQueue<Runnable> changes = new ConcurrentLinkedQueue<>();
    private final Runnable applying = this::apply;
    private volatile boolean waiting;
    private final AtomicBoolean roomAnnounced = new AtomicBoolean();
    private @Nullable Handover @Nullable [] handovers;
    private @Nullable Keeping kept;
    private boolean restored;
    private boolean asleep = true;
    private final Settling settling;
    private boolean ended;
    private long delivered;
    private long redelivered;
    private long droppedHere;

    Window(Windows windows, Group group, Loop loop, Strategy strategy, RandomSource random) {
        this.windows = windows;
        this.group = group;
        this.loop = loop;
        this.chooser = new Chooser(strategy, random);
        this.behind = new Behind(windows.log(), loop, group.filter(), this);
        this.settling = new Settling(loop, this::settle);
        this.subscription =
                new LiveSubscription(this, group.spelling(), group.filter(), ACKNOWLEDGED_QOS_MAX, false, true, 0);
    }

    LiveSubscription subscription() {
        return subscription;
    }

    Group group() {
        return group;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public String protocol() {
        return group.protocol();
    }

    @Override
    public Object origin() {
        return this;
    }

    /**
     * From any loop: the window does it in the order in which it was said, and before any message that comes from now on. It
     * never happens within the caller's work.
     */
    void post(Runnable change) {
        changes.add(change);
        loop.execute(applying);
    }

    private void apply() {
        Runnable change;
        while ((change = changes.poll()) != null) {
            change.run();
        }
    }

    // --- members

    void joined(Membership membership, Strategy strategy) {
        members.put(membership, Boolean.FALSE);
        if (restored) {
            restored = false;
            chooser.strategy(strategy);
        }
    }

    /** From the member's loop. */
    void leave(Membership membership) {
        windows.left(this);
        // Behind what the member gave back.
        post(() -> members.remove(membership));
    }

    void opened(Link link) {
        members.replace(link.membership, Boolean.TRUE);
        chooser.add(link);
        if (asleep) {
            asleep = false;
            if (kept != null && !behind.isEmpty()) {
                behind.wake(windows.limits());
            }
        }
        members.forEach((member, online) -> {
            if (!online && member.underWay() > 0) {
                member.member().recall();
            }
        });
        drain();
    }

    void closed(Link link) {
        members.replace(link.membership, Boolean.FALSE);
        chooser.remove(link);
        if (chooser.links().isEmpty() && !asleep) {
            asleep = true;
            if (kept != null) {
                behind.sleep();
                kept.offline();
            }
        }
        if (!chooser.links().isEmpty() && link.membership.underWay() > 0) {
            link.membership.member().recall();
        }
    }

    /** The last member left: what nobody took goes with it (MQTT 5.0, 4.8.2). */
    void end() {
        ended = true;
        droppedHere += returned.size() + queue.size();
        windows.counters().dropped.add(returned.size() + queue.size());
        behind.cancel();
        returned.clear();
        queue.clear();
        queuedBytes = 0;
        waiting = false;
    }

    // --- what outlives the process

    /** From any thread. */
    CompletionStage<Cancellable> keep() {
        return windows.keep(this);
    }

    /** From any thread; completes when it is kept for certain. */
    CompletionStage<Void> begunKeeping() {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        post(() -> {
            Keeping keeping = kept;
            if (keeping == null) {
                keeping = new Keeping(windows.store(), windows.log(), group, loop, behind);
                kept = keeping;
                keeping.begin();
            }
            Keeping asked = keeping;
            asked.begun().whenComplete((v, failure) -> {
                if (failure == null) {
                    begun.complete(null);
                } else {
                    if (kept == asked) {
                        endKeeping();
                    }
                    begun.completeExceptionally(failure);
                }
            });
        });
        return begun;
    }

    void restore(StoredGroup group) {
        Keeping keeping = new Keeping(windows.store(), windows.log(), this.group, loop, behind);
        kept = keeping;
        restored = true;
        keeping.restore(group);
        waiting = true;
    }

    /** From any thread. */
    CompletionStage<Void> flush() {
        CompletableFuture<Void> flushed = new CompletableFuture<>();
        post(() -> {
            settling.run();
            if (kept == null) {
                flushed.complete(null);
            } else {
                kept.flush(() -> flushed.complete(null));
            }
        });
        return flushed;
    }

    void endKeeping() {
        Keeping keeping = kept;
        if (keeping != null) {
            kept = null;
            keeping.end();
        }
    }

    void left(String clientId) {
        if (kept != null) {
            kept.left(clientId);
        }
    }

    void takenUp(String clientId, ShardId shard, long offset) {
        if (kept != null) {
            kept.takenUp(clientId, shard, offset);
        }
    }

    Settling settling() {
        return settling;
    }

    private void settle(ShardId shard, long offset, @Nullable Runnable noted) {
        Keeping keeping = kept;
        if (keeping != null) {
            keeping.settle(shard, offset, noted);
        } else if (noted != null) {
            noted.run();
        }
    }

    // --- messages

    @Override
    public void deliver(PublishRun run, int from, int to, Target target) {
        // The loop may read this message from a socket before it looks at what other loops have told it.
        apply();
        if (ended) {
            return;
        }
        for (int i = from; i < to; ) {
            i = pass(run, i, to, target);
        }
        Handover[] crossing = handovers;
        if (crossing != null) {
            handovers = null;
            for (Handover each : crossing) {
                if (each != null) {
                    each.send(run, target);
                }
            }
        }
    }

    /** Passes on message i, and those behind it that go the same way; answers the next one. */
    private int pass(PublishRun run, int i, int end, Target target) {
        int qos = run.qos(i);
        Link link = qos > 0 && waiting ? null : choose(run, i);
        if (link == null) {
            if (qos > 0) {
                putOff(run, i);
            } else {
                dropped(1);
            }
            return i + 1;
        }
        ShardId shard = kept == null ? null : run.shard();
        if (qos == 0 || link.maxQos == 0) {
            int to = i + 1;
            if (chooser.links().size() == 1) {
                while (to < end && (link.maxQos == 0 || run.qos(to) == 0)) {
                    to++;
                }
            }
            if (kept != null && shard != null && qos > 0) {
                kept.seen(shard, run.offset(to - 1) + 1);
            }
            pass(run, i, to, target, link, null);
            return to;
        }
        WindowEntry entry = entry(run, i);
        if (kept != null && shard != null) {
            if (!kept.takes(shard, run.offset(i))) {
                return i + 1;
            }
            entry.at(shard, run.offset(i));
        }
        entry.give(link.membership);
        link.membership.given();
        pass(run, i, i + 1, target, link, entry);
        return i + 1;
    }

    private void pass(PublishRun run, int from, int to, Target target, Link link, @Nullable WindowEntry entry) {
        count(to - from);
        if (link.loop != loop) {
            handover(link.loop).add(link, entry, from, to);
        } else if (entry == null) {
            link.take(run, from, to, target);
        } else {
            link.take(entry, run, from, target);
        }
    }

    private void count(int messages) {
        delivered += messages;
        windows.counters().delivered.add(messages);
    }

    private Handover handover(Loop to) {
        Handover[] crossing = handovers;
        if (crossing == null) {
            crossing = new Handover[windows.loops()];
            handovers = crossing;
        }
        Handover there = crossing[to.index()];
        if (there == null) {
            there = new Handover(to);
            crossing[to.index()] = there;
        }
        return there;
    }

    private @Nullable Link choose(PublishRun run, int i) {
        return switch (chooser.strategy()) {
            case HASH_CLIENT -> chooser.choose(run.qos(i), publisherHash(run.origin(i)), 0);
            case HASH_TOPIC -> chooser.choose(run.qos(i), 0, subjectHash(run, i));
            default -> chooser.choose(run.qos(i), 0, 0);
        };
    }

    private static int publisherHash(Object origin) {
        if (origin instanceof Sink client) {
            return client.clientName().hashCode();
        }
        return origin instanceof ClientIdentity client ? client.clientId().hashCode() : origin.hashCode();
    }

    private static int subjectHash(PublishRun run, int i) {
        return run.subject(i).text().hashCode();
    }

    private static WindowEntry entry(PublishRun run, int i) {
        return new WindowEntry(run.qos(i), run.retain(i), publisherHash(run.origin(i)), subjectHash(run, i));
    }

    void dropped(long messages) {
        windows.counters().dropped.add(messages);
        if (loop.inLoop()) {
            droppedHere += messages;
        }
    }

    /** In the log, where it lies anyway; what is nowhere else waits in memory. */
    private void putOff(PublishRun run, int i) {
        ShardId shard = run.shard();
        if (shard == null) {
            if (!enqueue(run, i)) {
                dropped(1);
            }
        } else if (behind.contains(shard) || !needsPublisher() || !enqueue(run, i)) {
            behind.skip(shard, run.offset(i));
            if (kept != null) {
                kept.skipped(shard, run.offset(i));
            }
            waits();
        }
    }

    /** Records do not tell who published them. */
    private boolean needsPublisher() {
        return chooser.strategy() == Strategy.HASH_CLIENT;
    }

    /** False when there is no room for it. */
    private boolean enqueue(PublishRun run, int i) {
        int size = StoredMessage.sizeBytes(run.subject(i), run.payloadLength(i), run.blockLength(i));
        if (ended
                || queue.size() >= windows.limits().waitingMax()
                || queuedBytes + size > windows.limits().waitingBytesMax()) {
            return false;
        }
        WindowEntry entry = entry(run, i);
        ShardId shard = run.shard();
        if (kept != null && shard != null) {
            if (!kept.takes(shard, run.offset(i))) {
                return true;
            }
            entry.at(shard, run.offset(i));
        }
        entry.message(run.store(i));
        queue.add(entry);
        queuedBytes += size;
        waits();
        return true;
    }

    /** Looks once more after saying so: a member that makes room in between has seen nobody wait. */
    private void waits() {
        if (!waiting) {
            waiting = true;
            loop.execute(this::drain);
        }
    }

    /** A member cannot have them, or not any more. */
    void returned(List<WindowEntry> entries) {
        if (ended) {
            dropped(entries.size());
            return;
        }
        returned.addAll(entries);
        waiting = true;
        drain();
    }

    /** A member can take more; from any loop. */
    void roomMade() {
        if (waiting && roomAnnounced.compareAndSet(false, true)) {
            loop.execute(this::drain);
        }
    }

    private void drain() {
        roomAnnounced.set(false);
        long now = windows.clock().millis();
        WindowEntry next;
        while ((next = returned.isEmpty() ? queue.peek() : returned.peek()) != null) {
            boolean expired = next.message().expired(now);
            Link link = expired ? null : chooser.choose(next.publishedQos, next.publisherHash, next.subjectHash);
            if (!expired && link == null) {
                return;
            }
            removeFirst();
            if (link == null) {
                windows.counters().expired.increment();
                if (next.shard() != null) {
                    settling.settled(next, null);
                }
            } else {
                give(next, link);
            }
        }
        if (behind.isEmpty()) {
            waiting = false;
        } else if (anyRoom()) {
            behind.request(Behind.CHUNK);
        }
    }

    private boolean anyRoom() {
        for (Link link : chooser.links()) {
            if (link.takes(1)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void read(ShardId shard, List<LoggedMessage> messages) {
        for (LoggedMessage each : messages) {
            if (kept != null && !kept.takesRead(shard, each.offset())) {
                continue;
            }
            StoredMessage message = each.message();
            int subjectHash = message.subject().text().hashCode();
            WindowEntry entry = new WindowEntry(message.qos(), each.retain(), subjectHash, subjectHash);
            entry.message(message);
            if (kept != null) {
                entry.at(shard, each.offset());
            }
            queue.add(entry);
            queuedBytes += message.sizeBytes();
        }
        drain();
    }

    @Override
    public void passed(ShardId shard, long nextOffset) {
        if (kept != null) {
            kept.seen(shard, nextOffset);
        }
    }

    @Override
    public void found(ShardId shard, long asked, Mark mark) {
        if (kept != null) {
            kept.found(shard, asked, mark);
        }
    }

    @Override
    public void gone(ShardId shard) {
        if (kept != null) {
            kept.gone(shard);
        }
    }

    @Override
    public void lost(long byCount, long byBytes, long byAge, long byRetention) {
        dropped(byCount + byBytes + byAge + byRetention);
        if (kept != null) {
            kept.lost(byCount, byBytes, byAge, byRetention);
        }
    }

    @Override
    public void goOn() {
        if (!ended) {
            drain();
        }
    }

    private void removeFirst() {
        if (returned.poll() == null) {
            queuedBytes -= queue.remove().message().sizeBytes();
        }
    }

    private void give(WindowEntry entry, Link link) {
        if (entry.give(link.membership)) {
            redelivered++;
            windows.counters().redelivered.increment();
        }
        link.membership.given();
        count(1);
        if (link.loop == loop) {
            link.take(entry);
        } else {
            link.loop.execute(() -> link.take(entry));
        }
    }

    Description describe() {
        List<MemberDescription> described = new ArrayList<>();
        Map<Membership, Link> online = new LinkedHashMap<>();
        chooser.links().forEach(link -> online.put(link.membership, link));
        long underWay = 0;
        Set<String> asleepElsewhere =
                new TreeSet<>(kept == null ? Set.of() : windows.store().members(group));
        for (Membership each : members.keySet()) {
            Link link = online.get(each);
            asleepElsewhere.remove(each.member().name());
            underWay += each.underWay();
            described.add(new MemberDescription(
                    each.member().name(),
                    link == null ? null : link.loop.name(),
                    link == null ? 0 : link.credit,
                    each.underWay()));
        }
        asleepElsewhere.forEach(name -> described.add(new MemberDescription(name, null, 0, 0)));
        return new Description(
                group.name(),
                group.filter(),
                chooser.strategy(),
                returned.size() + queue.size() + behind.waiting(),
                underWay,
                delivered,
                redelivered,
                droppedHere,
                described,
                kept == null ? null : kept.describe());
    }
}
