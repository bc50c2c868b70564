/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.util.BitSet;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The QoS 2 publishes of a session's client: which are new, which are kept, which may be forgotten. Confined to the session's loop,
 * but for {@link #decided}.
 */
public final class InboundQos2 {
    private final Loop loop;
    private final @Nullable DurableQos2 durable;
    /** Made when there is something to remember. */
    private @Nullable ReceivedQos2 received;

    /** @param durable null for a session that ends with its connection */
    InboundQos2(Loop loop, @Nullable DurableQos2 durable) {
        this.loop = loop;
        this.durable = durable;
        this.received = durable == null || durable.journal().keptIds().isEmpty() ? null : made();
    }

    private ReceivedQos2 made() {
        return new ReceivedQos2(durable == null ? null : durable.journal());
    }

    /** A publish arrives. What is perhaps repeated is looked for with {@link #find}. */
    public Qos2Receipt receive(int packetId, boolean dup) {
        ReceivedQos2 ids = received;
        if (ids == null) {
            ids = made();
            received = ids;
        }
        return ids.receive(packetId, dup);
    }

    /** Told once, on the session's loop. */
    @FunctionalInterface
    public interface Found {
        void found(boolean kept, @Nullable RmqException failure);
    }

    /** Looks whether an earlier process has kept the publish; when it has not, the publish is a new one. */
    public void find(int packetId, String topic, Found done) {
        ReceivedQos2 ids = Objects.requireNonNull(received);
        Objects.requireNonNull(durable).find(packetId, topic, (id, failure) -> {
            if (failure == null) {
                if (id == null) {
                    ids.first(packetId);
                } else {
                    ids.found(packetId, id);
                }
            }
            done.found(id != null, failure);
        });
    }

    /** What the message of a publish must say of itself; null where that is not needed. */
    public byte @Nullable [] mark(int packetId) {
        return durable == null ? null : durable.journal().mark(packetId);
    }

    /** A publish is kept, or failed: then it is new when it is repeated. From any loop. */
    public void decided(int packetId, @Nullable RmqError error) {
        if (!loop.inLoop()) {
            loop.execute(() -> decided(packetId, error));
        } else if (received != null) {
            received.decided(packetId, error);
        }
    }

    /** Whether an earlier publish of that id is still under way; then the waiter is told on this loop how it ended. */
    public boolean await(int packetId, Consumer<@Nullable RmqError> waiter) {
        return received != null && received.await(packetId, waiter);
    }

    /** PUBREL: the id may be used again; false when it was not known. */
    public boolean release(int packetId) {
        if (received == null && durable != null) {
            // What an earlier life has kept of the id is finished by this.
            received = made();
        }
        return received != null && received.release(packetId);
    }

    /** Tells when the releases so far outlive the process: before that no PUBCOMP may leave. */
    public void whenReleaseIsKept(Consumer<@Nullable RmqException> then) {
        if (durable == null) {
            then.accept(null);
        } else {
            durable.written(then);
        }
    }

    /** Packet ids that wait for PUBREL, copied; null for none. */
    public @Nullable BitSet ids() {
        return received == null ? null : received.ids();
    }

    /** Runs the task when no publish is under way to the log any more. */
    void whenDecided(Runnable task) {
        if (received == null) {
            task.run();
        } else {
            received.whenDecided(task);
        }
    }

    /** The connection is gone: what the next one must know of exchanges is on its way to the coordinator. */
    void leave() {
        if (durable != null) {
            durable.leave();
        }
    }
}
