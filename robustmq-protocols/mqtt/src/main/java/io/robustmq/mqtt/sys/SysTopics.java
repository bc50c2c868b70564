/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.sys;

import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.PublishPort;
import io.robustmq.protocol.PublishedSubject;
import io.robustmq.protocol.Publisher;
import io.robustmq.protocol.StoredMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what a node says about itself. Figures are looked at now and then, told to live subscribers where they have changed, and
 * to new subscribers as if they were retained; none of it is kept. Thread-safe: the figures are confined to the first loop, and what
 * they said last is one immutable list.
 */
public final class SysTopics {
    private static final String SHARE = "$share/";
    private static final String QUEUE = "$queue/";
    private static final String EXCLUSIVE = "$exclusive/";

    private final SysSource source;
    private final SysOptions options;
    private final ClientIdentity self;
    private final Publisher[] publishers;
    private final @Nullable SysEvents events;
    private final SysFigures figures;
    private volatile List<StoredMessage> current = List.of();
    private volatile boolean stopped;
    private @Nullable Cancellable timer;

    public SysTopics(SysSource source, SysOptions options) {
        this.source = source;
        this.options = options;
        this.self = new ClientIdentity(Tenants.DEFAULT, PublishPort.SYSTEM, "$SYS", null, "");
        this.publishers = new Publisher[source.ports().loops().size()];
        this.figures = new SysFigures(source, options.version());
        boolean toSomebody = options.subscribers() != SysOptions.Subscribers.NOBODY;
        this.events = options.events() && toSomebody ? new SysEvents(this, options.node()) : null;
    }

    /** Where clients that come and go are told of; null where nobody wants to know. */
    public @Nullable SysEvents events() {
        return events;
    }

    /** Whether figures have been looked at. */
    public boolean hasFigures() {
        return !current.isEmpty();
    }

    SysSource source() {
        return source;
    }

    public void start() {
        if (options.intervalMillis() > 0 && options.subscribers() != SysOptions.Subscribers.NOBODY) {
            home().execute(this::look);
        }
    }

    public void stop() {
        stopped = true;
        home().execute(() -> {
            Cancellable next = timer;
            if (next != null) {
                next.cancel();
            }
        });
    }

    private Loop home() {
        return source.ports().loops().get(0);
    }

    /** Asks every loop for what it has counted. */
    private void look() {
        if (stopped) {
            return;
        }
        source.traffic().thenAccept(counted -> home().execute(() -> publish(Traffic.sum(counted))));
    }

    private void publish(Traffic traffic) {
        if (stopped) {
            return;
        }
        List<StoredMessage> before = current;
        List<StoredMessage> now = new ArrayList<>();
        for (Map.Entry<String, String> figure : figures.look(traffic).entrySet()) {
            byte[] text = figure.getValue().getBytes(StandardCharsets.UTF_8);
            // The figures are always the same ones in the same order.
            StoredMessage last = before.isEmpty() ? null : before.get(now.size());
            boolean changed = last == null || !java.util.Arrays.equals(last.payload(), text);
            PublishedSubject subject =
                    last == null ? new PublishedSubject(Spelling.SLASH, figure.getKey()) : last.subject();
            now.add(changed || last == null ? new StoredMessage(subject, text, 0, "mqtt", new byte[0], 0) : last);
            if (changed) {
                tell(home(), subject, text);
            }
        }
        current = List.copyOf(now);
        timer = home().schedule(options.intervalMillis(), this::look);
    }

    /** Publishes to whoever has subscribed; on the loop. */
    void tell(Loop loop, PublishedSubject subject, byte[] payload) {
        if (!isHeard(subject.text())) {
            return;
        }
        Publisher publisher = publishers[loop.index()];
        if (publisher == null) {
            publisher = source.ports()
                    .publish()
                    .open(self, PublishPort.SYSTEM, Spelling.SLASH, this, loop, (token, offset, error) -> {});
            publishers[loop.index()] = publisher;
        }
        publisher.publish(new Publish()
                .begin(subject.buffer(), 0, subject.utf8().length)
                .payload(Unpooled.wrappedBuffer(payload), 0, payload.length));
    }

    /** Publishes an event of the node below {@code $SYS/brokers/NODE/}, if somebody has subscribed to it; from any thread. */
    public void tell(String event, byte[] payload) {
        String subject = "$SYS/brokers/" + SysEvents.level(options.node()) + "/" + event;
        if (!stopped && isHeard(subject)) {
            home().execute(() -> tell(home(), new PublishedSubject(Spelling.SLASH, subject), payload));
        }
    }

    boolean isHeard(String subject) {
        return source.ports().subscribe().isHeard(Tenants.DEFAULT, Spelling.SLASH, subject);
    }

    /** The same for clients of a tenant: only the default one has what the node says. */
    public boolean maySubscribe(String tenant, String filter, boolean fromLoopback) {
        return maySubscribe(filter, fromLoopback) && (tenant.equals(Tenants.DEFAULT) || !isSystem(filter));
    }

    private static boolean isSystem(String filter) {
        return !filter.isEmpty() && filter.charAt(0) == '$' && Subjects.isSystem(plain(filter));
    }

    /** Whether the filter may be subscribed from there, as far as it asks for what is below {@code $SYS}. */
    public boolean maySubscribe(String filter, boolean fromLoopback) {
        if (!isSystem(filter)) {
            return true;
        }
        return switch (options.subscribers()) {
            case NOBODY -> false;
            case LOOPBACK -> fromLoopback;
            case EVERYBODY -> true;
        };
    }

    /** What a shared or exclusive subscription is to. */
    private static String plain(String filter) {
        if (filter.startsWith(SHARE)) {
            return filter.substring(Math.max(SHARE.length(), filter.indexOf('/', SHARE.length()) + 1));
        }
        if (filter.startsWith(QUEUE)) {
            return filter.substring(QUEUE.length());
        }
        return filter.startsWith(EXCLUSIVE) ? filter.substring(EXCLUSIVE.length()) : filter;
    }

    /** Hands what matching topics said last to the consumer, as retained messages are; from any loop. */
    public void match(String filter, Consumer<StoredMessage> consumer) {
        if (!Subjects.isSystem(filter)) {
            return;
        }
        for (StoredMessage message : current) {
            if (Subjects.matches(Spelling.SLASH, filter, message.subject().text())) {
                consumer.accept(message);
            }
        }
    }
}
