/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.handler;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
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
import io.robustmq.mqtt.session.DurableState;
import io.robustmq.mqtt.session.ExclusiveFilters;
import io.robustmq.mqtt.session.MqttServices;
import io.robustmq.mqtt.session.MqttSession;
import io.robustmq.mqtt.session.SharedFilter;
import io.robustmq.mqtt.sys.SysEvents;
import io.robustmq.protocol.ClientAccess;
import io.robustmq.protocol.ClientIdentity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SUBSCRIBE and UNSUBSCRIBE: one code per filter, then the retained messages. Confined to the connection's loop. */
public final class SubscribeHandler implements SubscribePackets {
    private final MqttServices services;
    private final MqttConnection connection;
    private final MqttSession session;
    private final ClientIdentity client;
    private final MqttWire wire;
    private final SubscribeTopics topics;
    private final ClientAccess access;

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
        this.access = services.ports().access().open(client);
        this.wire = wire;
        this.topics =
                new SubscribeTopics(services.rules(client.tenant()), ConnectHandler.ruleClient(client, connection));
    }

    /** What rules subscribe for every client that connects. Access is asked as for the client's own wishes. */
    void subscribeByRules() {
        Subscribe byRules = topics.byRules(session, connection.version());
        if (byRules != null) {
            perform(byRules);
        }
    }

    @Override
    public void subscribe(Subscribe subscribe) {
        if (anyWithoutOwn(subscribe)) {
            // [MQTT-3.8.3-4]
            connection.close(ReasonCode.PROTOCOL_ERROR, "no local is not allowed for shared subscriptions");
            return;
        }
        perform(topics.rewritten(subscribe));
    }

    private void perform(Subscribe subscribe) {
        List<Integer> codes = new ArrayList<>(subscribe.requests().size());
        List<SubscriptionRequest> kept = new ArrayList<>();
        List<SubscriptionRequest> replayed = new ArrayList<>();
        for (SubscriptionRequest request : subscribe.requests()) {
            SubscriptionRequest granted = request.atMost(services.features().qosMax());
            int code = subscribe(granted, subscribe.subscriptionIdentifier(), replayed);
            if (!ReasonCode.isError(code)) {
                kept.add(granted);
            }
            codes.add(code);
        }
        DurableState durable = session.durable();
        if (durable == null || kept.isEmpty()) {
            answer(subscribe, codes, replayed);
            return;
        }
        durable.subscribe(kept, subscribe.subscriptionIdentifier(), (refused, failure) -> {
            if (connection.isClosed()) {
                return;
            }
            services.counters().subscriptionsRefused.add(refused.size());
            for (int i = 0; i < codes.size(); i++) {
                String filter = subscribe.requests().get(i).filter();
                if (ReasonCode.isError(codes.get(i))) {
                    continue;
                }
                if (refused.contains(filter)) {
                    codes.set(i, ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
                } else if (failure != null) {
                    codes.set(i, ReasonCode.UNSPECIFIED_ERROR);
                }
            }
            replayed.removeIf(request -> failure != null || refused.contains(request.filter()));
            answer(subscribe, codes, replayed);
        });
    }

    private void answer(Subscribe subscribe, List<Integer> codes, List<SubscriptionRequest> replayed) {
        if (subscribe.packetId() != SubscribeTopics.NO_PACKET && !told(subscribe, codes)) {
            return;
        }
        session.beginShared();
        int id = subscribe.subscriptionIdentifier();
        int[] ids = id == 0 ? new int[0] : new int[] {id};
        for (SubscriptionRequest request : replayed) {
            session.replays().begin(request, ids);
            services.sys()
                    .match(
                            ExclusiveFilters.inner(request.filter()),
                            message -> session.offer(message, request.qos(), true, ids));
        }
    }

    private static boolean anyWithoutOwn(Subscribe subscribe) {
        for (SubscriptionRequest request : subscribe.requests()) {
            if (request.noLocal() && SharedFilter.isShared(request.filter())) {
                return true;
            }
        }
        return false;
    }

    /** The code for SUBACK; a group gets no retained messages (MQTT 5.0, 4.8.2). */
    private int subscribe(SubscriptionRequest request, int subscriptionId, List<SubscriptionRequest> replayed) {
        int refusal = refusal(request.filter(), request.qos());
        if (refusal != 0) {
            return refusal;
        }
        if (!session.mayAdd(request.filter())) {
            services.counters().subscriptionsRefused.increment();
            return ReasonCode.QUOTA_EXCEEDED;
        }
        try {
            boolean isNew = session.subscribe(request, request.qos(), subscriptionId);
            boolean wanted = request.retainHandling() == 0 || request.retainHandling() == 1 && isNew;
            if (wanted && services.features().retainAvailable() && !SharedFilter.isShared(request.filter())) {
                replayed.add(request);
            }
            SysEvents events = services.sys().events();
            if (events != null) {
                events.subscribed(connection.loop(), client, connection.version(), request);
            }
            return request.qos();
        } catch (RmqException e) {
            services.counters().subscriptionsRefused.increment();
            return e.error() == RmqError.QUOTA_EXCEEDED ? ReasonCode.QUOTA_EXCEEDED : ReasonCode.UNSPECIFIED_ERROR;
        }
    }

    /** False when the client cannot be answered, and loses its connection. */
    private boolean told(Subscribe subscribe, List<Integer> codes) {
        int size = MqttEncoder.subAck(
                connection.out(),
                connection.version(),
                subscribe.packetId(),
                codes,
                explanation(codes),
                wire.packetBytesMax());
        return wire.accepts(size);
    }

    /** Of the first filter that was refused. */
    private MqttProperties explanation(List<Integer> codes) {
        for (int code : codes) {
            if (code == ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR) {
                return MqttErrors.inWords("a part of the log cannot be asked now", wire.explains());
            }
            if (ReasonCode.isError(code)) {
                return MqttErrors.explain(code, wire.explains());
            }
        }
        return MqttProperties.NONE;
    }

    /** 0 when the filter may be subscribed. */
    private int refusal(String filter, int qos) {
        String matched = matched(filter);
        if (matched == null || DelayedTopic.owns(matched) || !Subjects.isLegalFilter(Spelling.SLASH, matched)) {
            return ReasonCode.TOPIC_FILTER_INVALID;
        }
        if (!services.sys()
                .maySubscribe(
                        session.tenant(),
                        matched,
                        connection.info().remote().getAddress().isLoopbackAddress())) {
            return ReasonCode.NOT_AUTHORIZED;
        }
        if (!services.features().wildcardsAvailable() && (matched.indexOf('+') >= 0 || matched.indexOf('#') >= 0)) {
            return ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED;
        }
        if (!access.maySubscribe(Subjects.canonical(matched), qos)) {
            return ReasonCode.NOT_AUTHORIZED;
        }
        return 0;
    }

    /** Takes away what rules do not allow any more; true when there was something. */
    boolean dropDenied() {
        if (services.ports().access().allowsAll()) {
            return false;
        }
        List<String> denied = new ArrayList<>();
        session.subscriptions().forEach((filter, qos) -> {
            String matched = matched(filter);
            if (matched != null && !access.maySubscribe(Subjects.canonical(matched), qos)) {
                denied.add(filter);
            }
        });
        for (String filter : denied) {
            session.unsubscribe(filter);
            session.replays().forget(filter);
        }
        DurableState durable = session.durable();
        if (durable != null && !denied.isEmpty()) {
            durable.unsubscribe(denied, failure -> {});
        }
        return !denied.isEmpty();
    }

    /** What subjects are compared with, without the name of a group before it; null when that is no name, or one in another. */
    private static @Nullable String matched(String filter) {
        String inner = ExclusiveFilters.inner(filter);
        if (SharedFilter.isShared(filter)) {
            SharedFilter shared = SharedFilter.of(filter);
            inner = shared == null ? null : shared.filter();
        }
        boolean nested = inner != null
                && !inner.equals(filter)
                && (SharedFilter.isShared(inner) || ExclusiveFilters.isExclusive(inner));
        return nested ? null : inner;
    }

    @Override
    public void unsubscribe(Unsubscribe unsubscribe) {
        List<Integer> codes = new ArrayList<>(unsubscribe.filters().size());
        List<String> gone = new ArrayList<>();
        for (String filter : topics.rewritten(unsubscribe).filters()) {
            if (filter.equals(SubscribeTopics.ILLEGAL)) {
                codes.add(ReasonCode.TOPIC_FILTER_INVALID);
                continue;
            }
            boolean known = session.unsubscribe(filter);
            session.replays().forget(filter);
            codes.add(known ? ReasonCode.SUCCESS : ReasonCode.NO_SUBSCRIPTION_EXISTED);
            SysEvents events = services.sys().events();
            if (known) {
                gone.add(filter);
            }
            if (known && events != null) {
                events.unsubscribed(connection.loop(), client, connection.version(), filter);
            }
        }
        DurableState durable = session.durable();
        if (durable == null || gone.isEmpty()) {
            answer(unsubscribe, codes);
            return;
        }
        durable.unsubscribe(gone, failure -> {
            if (failure != null) {
                codes.replaceAll(code -> code == ReasonCode.SUCCESS ? ReasonCode.UNSPECIFIED_ERROR : code);
            }
            if (!connection.isClosed()) {
                answer(unsubscribe, codes);
            }
        });
    }

    private void answer(Unsubscribe unsubscribe, List<Integer> codes) {
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
