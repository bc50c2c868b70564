/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import io.netty.channel.Channel;
import io.robustmq.kafka.connection.EarlyConnection;
import io.robustmq.kafka.connection.KafkaConnection;
import io.robustmq.kafka.connection.KafkaCounters;
import io.robustmq.kafka.connection.KafkaOptions;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.kafka.connection.Requests;
import io.robustmq.kafka.handler.Apis;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.protocol.ConnectionInfo;
import io.robustmq.protocol.ConnectionInitializer;
import io.robustmq.protocol.GroupPort;
import io.robustmq.protocol.ListenerSpec;
import io.robustmq.protocol.Ports;
import io.robustmq.protocol.ProtocolPlugin;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka protocol of a node. None of Kafka's own classes is loaded before the first client connects. Thread-safe: what it
 * holds is made once, when the ports open, and when the first client comes.
 */
public final class KafkaPlugin implements ProtocolPlugin {
    public static final String NAME = "kafka";

    private final Supplier<Ports> ports;
    private final KafkaOptions options;
    private final Function<ConnectionInitializer, List<ListenerSpec>> listeners;
    private final GroupDoor groups = new GroupDoor();
    private final KafkaCounters counters = new KafkaCounters();
    private volatile @Nullable KafkaServices services;

    /** Holds Kafka's classes: touched with the first connection. */
    private volatile @Nullable Requests requests;

    private @Nullable CompletableFuture<Requests> loading;

    /**
     * @param ports asked for when the listeners open
     * @param listeners which ports to open for connections that the given initializer equips
     */
    public KafkaPlugin(
            Supplier<Ports> ports,
            KafkaOptions options,
            Function<ConnectionInitializer, List<ListenerSpec>> listeners) {
        this.ports = ports;
        this.options = options;
        this.listeners = listeners;
    }

    @Override
    public String name() {
        return NAME;
    }

    public KafkaCounters counters() {
        return counters;
    }

    @Override
    public List<ListenerSpec> listeners() {
        KafkaServices made = new KafkaServices(ports.get(), options, counters);
        services = made;
        groups.open(made);
        made.startGroups();
        return listeners.apply((channel, loop, info) -> initialize(made, channel, loop, info));
    }

    /** Groups of consumers for administrators; UNAVAILABLE until the ports open. */
    public GroupPort groups() {
        return groups;
    }

    private void initialize(KafkaServices current, Channel channel, Loop loop, ConnectionInfo info) {
        Requests known = requests;
        channel.pipeline()
                .addLast(
                        NAME,
                        known == null
                                ? new EarlyConnection(
                                        load(current), made -> new KafkaConnection(current, channel, loop, info, made))
                                : new KafkaConnection(current, channel, loop, info, known));
    }

    /** On a thread of its own, which ends with it: it would hold up whoever else lives on the connection's loop. */
    private synchronized CompletableFuture<Requests> load(KafkaServices current) {
        CompletableFuture<Requests> begun = loading;
        if (begun == null) {
            CompletableFuture<Requests> loaded = new CompletableFuture<>();
            SystemThreads.OwnLoop thread = SystemThreads.loop("kafka-classes");
            thread.loop().execute(() -> {
                try {
                    requests = Apis.of(current);
                    loaded.complete(requests);
                } catch (RuntimeException | LinkageError e) {
                    loaded.completeExceptionally(e);
                } finally {
                    thread.end();
                }
            });
            loading = loaded;
            begun = loaded;
        }
        return begun;
    }

    @Override
    public CompletionStage<Void> drain(Duration timeMax) {
        KafkaServices current = services;
        return current == null ? CompletableFuture.completedStage(null) : current.drain();
    }
}
