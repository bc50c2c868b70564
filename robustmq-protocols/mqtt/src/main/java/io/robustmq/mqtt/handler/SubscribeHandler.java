/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.handler;

import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.mqtt.codec.MqttEncoder;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.codec.Subscribe;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.mqtt.codec.Unsubscribe;
import io.robustmq.mqtt.connection.MqttConnection;
import io.robustmq.mqtt.connection.MqttWire;
import io.robustmq.mqtt.connection.SubscribePackets;
import io.robustmq.mqtt.error.MqttErrors;
import io.robustmq.mqtt.session.MqttServices;
import io.robustmq.mqtt.session.MqttSession;
import io.robustmq.mqtt.sys.SysEvents;
import io.robustmq.protocol.ClientIdentity;
import java.util.ArrayList;
import java.util.List;

/** SUBSCRIBE and UNSUBSCRIBE: one code per filter, then the retained messages. Confined to the connection's loop. */
public final class SubscribeHandler implements SubscribePackets {
    private static final String SHARED_PREFIX = "$share/";

    private final MqttServices services;
    private final MqttConnection connection;
    private final MqttSession session;
    private final ClientIdentity client;
    private final MqttWire wire;
    private final RetainedReplays replays;

    SubscribeHandler(
            MqttServices services,
            MqttConnection connection,
            MqttSession session,
            ClientIdentity client,
            MqttWire wire) {
        this.services = services;
        this.connection = connection;
        this.session = session;
        this.client = client;
        this.wire = wire;
        this.replays = new RetainedReplays(services.ports().retained(), session);
    }

    @Override
    public void subscribe(Subscribe subscribe) {
        List<Integer> codes = new ArrayList<>(subscribe.requests().size());
        List<SubscriptionRequest> replayed = new ArrayList<>();
        for (SubscriptionRequest request : subscribe.requests()) {
            int code = refusal(request.filter());
            if (code == 0 && !session.mayAdd(request.filter())) {
                services.counters().subscriptionsRefused.increment();
                code = ReasonCode.QUOTA_EXCEEDED;
            }
            if (code == 0) {
                SubscriptionRequest granted = request.atMost(services.features().qosMax());
                boolean isNew = session.subscribe(granted, granted.qos(), subscribe.subscriptionIdentifier());
                boolean wantsRetained = request.retainHandling() == 0 || request.retainHandling() == 1 && isNew;
                if (wantsRetained && services.features().retainAvailable()) {
                    replayed.add(granted);
                }
                code = granted.qos();
                SysEvents events = services.sys().events();
                if (events != null) {
                    events.subscribed(connection.loop(), client, connection.version(), granted);
                }
            }
            codes.add(code);
        }
        int size = MqttEncoder.subAck(
                connection.out(),
                connection.version(),
                subscribe.packetId(),
                codes,
                explanation(codes),
                wire.packetBytesMax());
        if (!wire.accepts(size)) {
            return;
        }
        int id = subscribe.subscriptionIdentifier();
        int[] ids = id == 0 ? new int[0] : new int[] {id};
        for (SubscriptionRequest request : replayed) {
            replays.begin(request, ids);
            services.sys().match(request.filter(), message -> session.offer(message, request.qos(), true, ids));
        }
    }

    /** Of the first filter that was refused. */
    private MqttProperties explanation(List<Integer> codes) {
        for (int code : codes) {
            if (ReasonCode.isError(code)) {
                return MqttErrors.explain(code, wire.explains());
            }
        }
        return MqttProperties.NONE;
    }

    /** 0 when the filter may be subscribed. */
    private int refusal(String filter) {
        if (filter.startsWith(SHARED_PREFIX)) {
            return ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
        }
        if (DelayedTopic.owns(filter) || !Subjects.isLegalFilter(Spelling.SLASH, filter)) {
            return ReasonCode.TOPIC_FILTER_INVALID;
        }
        if (!services.sys()
                .maySubscribe(filter, connection.info().remote().getAddress().isLoopbackAddress())) {
            return ReasonCode.NOT_AUTHORIZED;
        }
        if (!services.features().wildcardsAvailable() && (filter.indexOf('+') >= 0 || filter.indexOf('#') >= 0)) {
            return ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED;
        }
        if (!services.ports().access().allowsAll()
                && !services.ports().access().maySubscribe(client, Subjects.canonical(filter))) {
            return ReasonCode.NOT_AUTHORIZED;
        }
        return 0;
    }

    @Override
    public void unsubscribe(Unsubscribe unsubscribe) {
        List<Integer> codes = new ArrayList<>(unsubscribe.filters().size());
        for (String filter : unsubscribe.filters()) {
            boolean gone = session.unsubscribe(filter);
            replays.forget(filter);
            codes.add(gone ? ReasonCode.SUCCESS : ReasonCode.NO_SUBSCRIPTION_EXISTED);
            SysEvents events = services.sys().events();
            if (gone && events != null) {
                events.unsubscribed(connection.loop(), client, connection.version(), filter);
            }
        }
        int size = MqttEncoder.unsubAck(
                connection.out(),
                connection.version(),
                unsubscribe.packetId(),
                codes,
                MqttProperties.NONE,
                wire.packetBytesMax());
        wire.accepts(size);
    }
}
