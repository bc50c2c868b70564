/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import io.netty.channel.Channel;
import io.robustmq.kernel.Loop;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.connection.MqttConnection;
import io.robustmq.mqtt.connection.MqttListener;
import io.robustmq.mqtt.handler.ConnectHandler;
import io.robustmq.mqtt.handler.WillPublish;
import io.robustmq.mqtt.rules.MqttRules;
import io.robustmq.mqtt.session.MqttFeatures;
import io.robustmq.mqtt.session.MqttLimits;
import io.robustmq.mqtt.session.MqttLoop;
import io.robustmq.mqtt.session.MqttServices;
import io.robustmq.mqtt.session.QueuedBytes;
import io.robustmq.mqtt.sys.SysOptions;
import io.robustmq.protocol.ConnectionInfo;
import io.robustmq.protocol.ConnectionInitializer;
import io.robustmq.protocol.DocumentPort;
import io.robustmq.protocol.ListenerSpec;
import io.robustmq.protocol.Ports;
import io.robustmq.protocol.ProtocolPlugin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The MQTT protocol of a node. Thread-safe: what it holds is made once, when the ports open. */
public final class MqttPlugin implements ProtocolPlugin {
    public static final String NAME = "mqtt";
    private static final int RULES_SECONDS_MAX = 10;
    private static final Logger LOG = LoggerFactory.getLogger(MqttPlugin.class);

    /** Puts MQTT on the connections of a listener. */
    @FunctionalInterface
    public interface Equipment {
        ConnectionInitializer of(MqttListener listener);
    }

    private final Supplier<Ports> ports;
    private volatile MqttLimits limits;
    private final MqttFeatures features;
    private final MqttRules rules;
    private final QueuedBytes queued;
    private final SysOptions sys;
    private final Function<Equipment, List<ListenerSpec>> listeners;
    private volatile MqttServices services;

    /** With figures and events as by default. */
    public MqttPlugin(
            Supplier<Ports> ports,
            MqttLimits limits,
            long queuedBytesMax,
            Function<Equipment, List<ListenerSpec>> listeners) {
        this(ports, limits, MqttFeatures.DEFAULTS, queuedBytesMax, SysOptions.DEFAULTS, MqttRules.none(), listeners);
    }

    /**
     * @param ports asked for when the listeners open
     * @param queuedBytesMax what may wait for all sessions of the node together
     * @param sys what the node says about itself
     * @param rules about clients' topics; those of the cluster are added when the ports open
     * @param listeners which ports to open; the equipment puts handlers on their connections
     */
    @SuppressWarnings("NullAway.Init")
    public MqttPlugin(
            Supplier<Ports> ports,
            MqttLimits limits,
            MqttFeatures features,
            long queuedBytesMax,
            SysOptions sys,
            MqttRules rules,
            Function<Equipment, List<ListenerSpec>> listeners) {
        this.rules = rules;
        this.ports = ports;
        this.limits = limits;
        this.sys = sys;
        this.features = features;
        this.queued = new QueuedBytes(queuedBytesMax);
        this.listeners = listeners;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<ListenerSpec> listeners() {
        Ports open = ports.get();
        follow(open.documents());
        MqttServices made;
        synchronized (this) {
            made = new MqttServices(open, limits, features, queued, sys, rules);
            services = made;
        }
        made.ports()
                .sessions()
                .onWill((tenant, clientId, message) -> WillPublish.kept(made, tenant, clientId, message));
        if (limits.sessions().holdsRetention()) {
            made.ports()
                    .sessions()
                    .keepForSleepers(
                            limits.queuedMessagesMax(),
                            limits.queuedBytesMax(),
                            limits.sessions().queuedAgeMillisMax() > 0
                                    ? limits.sessions().queuedAgeMillisMax()
                                    : -1);
        }
        made.ports().budget().onPressure(under -> {
            if (!under) {
                for (int i = 0; i < made.loops(); i++) {
                    MqttLoop each = made.on(made.ports().loops().get(i));
                    each.loop().execute(each::resumeAll);
                }
            }
        });
        made.sys().start();
        return listeners.apply(
                listener -> (channel, loop, connection) -> initialize(channel, loop, connection, listener));
    }

    /** Nobody connects before the rules apply, unless the metadata cannot be read for long. */
    private void follow(DocumentPort documents) {
        try {
            rules.open(documents).toCompletableFuture().get(RULES_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the cluster's rules about topics are not known yet, and apply as soon as they are", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The rules about clients' topics, for administrators. */
    public MqttRules rules() {
        return rules;
    }

    /** Other limits, for connections from now on. */
    public synchronized void limits(MqttLimits wanted) {
        limits = wanted;
        MqttServices open = services;
        if (open != null) {
            open.limits(wanted);
        }
    }

    private void initialize(Channel channel, Loop loop, ConnectionInfo connection, MqttListener spec) {
        MqttListener listener = spec.packetBytesMax() == MqttListener.COMMON
                ? spec.with(services.limits().packetBytesMax())
                : spec;
        channel.pipeline()
                .addLast(
                        NAME,
                        new MqttConnection(
                                services,
                                channel,
                                loop,
                                connection,
                                listener,
                                made -> new ConnectHandler(services, made)));
    }

    /** What this protocol has done; null before its ports are open. */
    public @org.jspecify.annotations.Nullable MqttServices services() {
        return services;
    }

    @Override
    public CompletionStage<Void> drain(Duration timeMax) {
        MqttServices current = services;
        if (current == null) {
            return CompletableFuture.completedStage(null);
        }
        current.sys().stop();
        List<CompletableFuture<Void>> drained = new ArrayList<>();
        for (int i = 0; i < current.loops(); i++) {
            MqttLoop each = current.on(current.ports().loops().get(i));
            CompletableFuture<Void> done = new CompletableFuture<>();
            drained.add(done);
            each.loop().execute(() -> {
                each.forEach(wire -> wire.disconnect(ReasonCode.SERVER_SHUTTING_DOWN, "the server stops"));
                // Behind the flushes that the farewells asked for.
                each.loop().execute(() -> done.complete(null));
            });
        }
        return CompletableFuture.allOf(drained.toArray(CompletableFuture[]::new));
    }
}
