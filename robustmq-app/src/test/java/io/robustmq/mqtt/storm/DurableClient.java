/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.storm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.mqtt.codec.Auth;
import io.robustmq.mqtt.codec.ClientPacketHandler;
import io.robustmq.mqtt.codec.ConnAck;
import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.Disconnect;
import io.robustmq.mqtt.codec.FrameDecoder;
import io.robustmq.mqtt.codec.MqttClientDecoder;
import io.robustmq.mqtt.codec.MqttClientEncoder;
import io.robustmq.mqtt.codec.MqttEncoder;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.OutboundPublish;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.codec.SubAck;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.mqtt.codec.UnsubAck;
import io.robustmq.mqtt.storm.Ledger.Flow;
import io.robustmq.mqtt.storm.Ledger.Receipts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client that never forgets: whatever happens to its connections, it keeps its side of the session as the specification asks
 * for, so that what is lost or repeated is the broker's fault. The bytes' way is somebody else's, see {@link Link}. Confined to
 * one thread.
 */
final class DurableClient implements ClientPacketHandler {
    static final long EXPIRY_SECONDS = 3600;

    /** A connection: bytes to the broker. */
    interface Link {
        /** Takes the buffer over. */
        void send(ByteBuf owned);

        void close();
    }

    /** One of our own publishes that is not finished. */
    private static final class Outgoing {
        final Flow flow;
        final int number;
        /** PUBREC has come: PUBREL is what is left to say. */
        boolean received;

        Outgoing(Flow flow, int number) {
            this.flow = flow;
            this.number = number;
        }
    }

    private final Ledger ledger;
    private final String clientId;
    private final MqttVersion version;
    private final int window;
    private final boolean reusesIds;
    private final Map<Integer, Outgoing> outgoing = new LinkedHashMap<>();
    private final Map<Integer, String> incoming = new HashMap<>();
    private final Map<Flow, Receipts> receipts = new HashMap<>();
    private final Set<String> filters = new HashSet<>();
    private @Nullable String wanted;
    private boolean unsubscribing;
    private int subscribeId;
    private boolean sessionExpected;
    private boolean cleanStart;
    private long expirySeconds = EXPIRY_SECONDS;
    private int lastId;
    private @Nullable Link link;
    private boolean accepted;
    private MqttClientDecoder decoder;
    private ByteBuf unread = Unpooled.buffer();
    private ByteBuf out = Unpooled.buffer();

    /** @param reusesIds takes the smallest free packet id instead of the next one */
    DurableClient(Ledger ledger, String clientId, MqttVersion version, int window, boolean reusesIds) {
        this.ledger = ledger;
        this.clientId = clientId;
        this.version = version;
        this.window = window;
        this.reusesIds = reusesIds;
        this.decoder = new MqttClientDecoder(version, FrameDecoder.LARGEST_PACKET);
    }

    String clientId() {
        return clientId;
    }

    boolean isOnline() {
        return accepted;
    }

    boolean isConnecting() {
        return link != null && !accepted;
    }

    boolean isCurrent(Link one) {
        return link == one;
    }

    /** Whether all of its publishes are finished and it has no more to ask. */
    boolean isQuiet() {
        return accepted && outgoing.isEmpty() && incoming.isEmpty() && wanted == null;
    }

    // --- connections

    /**
     * Speaks over that connection from now on; another one is left as it is and not listened to any more.
     *
     * @param clean whether the session begins anew; not before MQTT 5, where it would end with its connection
     */
    void connect(Link opened, boolean clean) {
        link = opened;
        accepted = false;
        if (clean && !cleanStart && version == MqttVersion.V5) {
            // Until it is accepted nobody knows whether the old session is still there.
            cleanStart = true;
            forgetSession();
        }
        decoder = new MqttClientDecoder(version, FrameDecoder.LARGEST_PACKET);
        unread = Unpooled.buffer();
        out = Unpooled.buffer();
        MqttProperties properties = version == MqttVersion.V5
                ? MqttProperties.builder()
                        .number(PropertyId.SESSION_EXPIRY_INTERVAL, expirySeconds)
                        .build()
                : MqttProperties.NONE;
        MqttClientEncoder.connect(out, new Connect(version, clientId, cleanStart, 0, null, null, null, properties));
        flush();
    }

    /** The connection has broken. */
    void lost(Link one) {
        if (link == one) {
            link = null;
            accepted = false;
        }
    }

    /** Ends the connection without a word. */
    void breakOff() {
        Link current = link;
        if (current != null) {
            lost(current);
            current.close();
        }
    }

    /** Says goodbye; the session goes on. */
    void disconnect() {
        if (accepted) {
            MqttClientEncoder.disconnect(out, version, ReasonCode.NORMAL_DISCONNECTION, MqttProperties.NONE);
            flush();
        }
        breakOff();
    }

    /** The session cannot be there any more: the next one is a new one. */
    void sessionGone() {
        sessionExpected = false;
    }

    /** Bytes from that connection. The buffer is borrowed. */
    void bytes(Link from, ByteBuf in) {
        if (link != from) {
            return;
        }
        unread.writeBytes(in);
        decoder.decode(unread, this);
        unread.discardReadBytes();
        flush();
    }

    private void flush() {
        Link current = link;
        if (current != null && out.isReadable()) {
            ByteBuf full = out;
            out = Unpooled.buffer();
            current.send(full);
        }
    }

    // --- publishing

    /** Sends the flow's next number; false when there is no connection or the window is full. */
    boolean publish(Flow flow) {
        if (!accepted || outgoing.size() >= window) {
            return false;
        }
        int packetId = freeId();
        Outgoing message = new Outgoing(flow, ++flow.sent);
        outgoing.put(packetId, message);
        writePublish(packetId, message, false);
        flush();
        return true;
    }

    private int freeId() {
        int id = reusesIds ? 0 : lastId;
        do {
            id = id == 65_535 ? 1 : id + 1;
        } while (outgoing.containsKey(id) || id == subscribeId && wanted != null);
        lastId = id;
        return id;
    }

    private void writePublish(int packetId, Outgoing message, boolean again) {
        if (again) {
            message.flow.sentAgain.set(message.number);
        }
        ByteBuf topic = Unpooled.wrappedBuffer(message.flow.topic.getBytes(StandardCharsets.UTF_8));
        ByteBuf payload =
                Unpooled.wrappedBuffer(Integer.toString(message.number).getBytes(StandardCharsets.US_ASCII));
        MqttEncoder.publish(
                out,
                version,
                new OutboundPublish()
                        .topic(topic, 0, topic.readableBytes())
                        .payload(payload, 0, payload.readableBytes())
                        .flags(message.flow.qos, again, false, packetId));
    }

    // --- subscriptions

    /** Asks for the filter until that is acknowledged, over any number of connections. One wish at a time. */
    void subscribe(String filter) {
        wish(filter, false);
    }

    void unsubscribe(String filter) {
        filters.remove(filter);
        // From here on the broker may leave out what it has not begun to send.
        forFlowsOf(filter, (flow, of) -> of.dueFrom = isWanted(flow) ? of.dueFrom : Receipts.NOT_DUE);
        wish(filter, true);
    }

    boolean hasWish() {
        return wanted != null;
    }

    Set<String> filters() {
        return filters;
    }

    private void wish(String filter, boolean not) {
        if (wanted != null) {
            throw new IllegalStateException("one wish at a time");
        }
        if (!not) {
            forFlowsOf(filter, (flow, of) -> of.closedAfter = -1);
        }
        int id = freeId();
        wanted = filter;
        unsubscribing = not;
        subscribeId = id;
        if (accepted) {
            writeWish();
            flush();
        }
    }

    private void writeWish() {
        String filter = wanted;
        if (filter == null) {
            return;
        }
        if (unsubscribing) {
            MqttClientEncoder.unsubscribe(out, version, subscribeId, List.of(filter), MqttProperties.NONE);
        } else {
            MqttClientEncoder.subscribe(
                    out, version, subscribeId, List.of(new SubscriptionRequest(filter, 2)), MqttProperties.NONE);
        }
    }

    private boolean isWanted(Flow flow) {
        return filters.stream().anyMatch(filter -> Subjects.matches(Spelling.SLASH, filter, flow.topic));
    }

    /** What happens with the receipts of a flow. */
    private interface Change {
        void of(Flow flow, Receipts receipts);
    }

    private void forFlowsOf(String filter, Change change) {
        for (Flow flow : ledger.flows()) {
            if (Subjects.matches(Spelling.SLASH, filter, flow.topic)) {
                change.of(flow, receipts.computeIfAbsent(flow, made -> new Receipts()));
            }
        }
    }

    // --- what is missing

    /** What the session ought to have got and has not, as text; empty when nothing. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        receipts.forEach((flow, of) -> {
            var numbers = Ledger.missing(flow, of);
            if (!numbers.isEmpty()) {
                missing.add(clientId + " has not got " + flow.topic + "=" + numbers);
            }
        });
        return missing;
    }

    boolean hasEverything() {
        for (Map.Entry<Flow, Receipts> each : receipts.entrySet()) {
            if (!Ledger.missing(each.getKey(), each.getValue()).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** For messages about tests that wait in vain. */
    @Override
    public String toString() {
        return clientId + (accepted ? " online" : link == null ? " offline" : " connecting") + ", under way "
                + outgoing.keySet() + ", taking " + incoming.keySet() + (wanted == null ? "" : ", wishing " + wanted);
    }

    // --- packets

    @Override
    public void onConnAck(ConnAck connAck) {
        if (connAck.reasonCode() != 0) {
            ledger.violation(clientId + " was refused with " + connAck.reasonCode());
            breakOff();
            return;
        }
        if (connAck.sessionPresent() && cleanStart) {
            ledger.violation(clientId + " was given an old session after a clean start");
        }
        if (!connAck.sessionPresent()) {
            if (sessionExpected && !cleanStart) {
                ledger.violation("the session of " + clientId + " was lost");
            }
            if (!cleanStart) {
                forgetSession();
            }
        }
        sessionExpected = true;
        cleanStart = false;
        accepted = true;
        outgoing.forEach((packetId, message) -> {
            if (message.received) {
                MqttEncoder.pubRel(out, version, packetId, 0);
            } else {
                writePublish(packetId, message, true);
            }
        });
        writeWish();
    }

    private void forgetSession() {
        outgoing.clear();
        incoming.clear();
        filters.clear();
        receipts.clear();
    }

    @Override
    public void onPublish(
            ByteBuf buffer,
            int qos,
            boolean dup,
            boolean retain,
            int packetId,
            int topicOffset,
            int topicLength,
            int propertiesOffset,
            int propertiesLength,
            int payloadOffset,
            int payloadLength,
            int topicAlias) {
        String topic = buffer.toString(topicOffset, topicLength, StandardCharsets.UTF_8);
        String payload = buffer.toString(payloadOffset, payloadLength, StandardCharsets.US_ASCII);
        String message = topic + "=" + payload;
        if (qos == 2) {
            String known = incoming.putIfAbsent(packetId, message);
            if (known == null) {
                take(topic, payload, qos);
            } else if (!known.equals(message)) {
                ledger.violation(clientId + " was sent " + message + " as " + packetId + ", which is still " + known);
            } else if (!dup) {
                ledger.violation(clientId + " was sent " + message + " again without DUP");
            }
            MqttEncoder.pubRec(out, version, packetId, 0);
        } else {
            take(topic, payload, qos);
            if (qos == 1) {
                MqttEncoder.pubAck(out, version, packetId, 0);
            }
        }
    }

    private void take(String topic, String payload, int qos) {
        Flow flow = ledger.flow(topic, qos);
        ledger.received(
                clientId,
                topic,
                Integer.parseInt(payload),
                qos,
                receipts.computeIfAbsent(flow, made -> new Receipts()));
    }

    @Override
    public void onPubAck(int packetId, int reasonCode) {
        Outgoing message = outgoing.get(packetId);
        if (message == null || message.flow.qos != 1) {
            ledger.violation(clientId + " got a PUBACK for " + packetId + ", which does not wait for it");
            return;
        }
        if (ReasonCode.isError(reasonCode)) {
            refused(message, reasonCode);
            return;
        }
        message.flow.acknowledged.set(message.number);
        outgoing.remove(packetId);
    }

    private void refused(Outgoing message, int reasonCode) {
        ledger.violation(
                clientId + " was refused " + message.flow.topic + "=" + message.number + " with " + reasonCode);
        breakOff();
    }

    @Override
    public void onPubRec(int packetId, int reasonCode) {
        Outgoing message = outgoing.get(packetId);
        if (message == null || message.flow.qos != 2) {
            ledger.violation(clientId + " got a PUBREC for " + packetId + ", which does not wait for it");
            return;
        }
        if (ReasonCode.isError(reasonCode)) {
            refused(message, reasonCode);
            return;
        }
        message.flow.acknowledged.set(message.number);
        message.received = true;
        MqttEncoder.pubRel(out, version, packetId, 0);
    }

    @Override
    public void onPubRel(int packetId, int reasonCode) {
        incoming.remove(packetId);
        MqttEncoder.pubComp(out, version, packetId, 0);
    }

    @Override
    public void onPubComp(int packetId, int reasonCode) {
        Outgoing message = outgoing.get(packetId);
        if (message == null || !message.received) {
            ledger.violation(clientId + " got a PUBCOMP for " + packetId + ", which does not wait for it");
            return;
        }
        outgoing.remove(packetId);
    }

    @Override
    public void onSubAck(SubAck subAck) {
        String filter = wanted;
        if (filter == null || unsubscribing || subAck.packetId() != subscribeId) {
            ledger.violation(clientId + " got a SUBACK for " + subAck.packetId());
            return;
        }
        if (subAck.reasonCodes().get(0) != 2) {
            ledger.violation(clientId + " was granted " + subAck.reasonCodes() + " for " + filter);
        }
        wanted = null;
        filters.add(filter);
        forFlowsOf(filter, (flow, of) -> of.dueFrom = Math.min(of.dueFrom, flow.sent + 1));
    }

    @Override
    public void onUnsubAck(UnsubAck unsubAck) {
        String filter = wanted;
        if (filter == null || !unsubscribing || unsubAck.packetId() != subscribeId) {
            ledger.violation(clientId + " got an UNSUBACK for " + unsubAck.packetId());
            return;
        }
        wanted = null;
        forFlowsOf(filter, (flow, of) -> of.closedAfter = isWanted(flow) ? -1 : flow.sent);
    }

    @Override
    public void onPingResp() {}

    @Override
    public void onDisconnect(Disconnect disconnect) {
        if (disconnect.reasonCode() != ReasonCode.SERVER_SHUTTING_DOWN) {
            ledger.violation(clientId + " was disconnected with " + disconnect.reasonCode());
        }
        breakOff();
    }

    @Override
    public void onAuth(Auth auth) {
        ledger.violation(clientId + " got an AUTH");
    }
}
