/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.handler;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.ErrorKind;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.event.ConnectionClosed;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.Disconnect;
import io.robustmq.mqtt.codec.KeptWill;
import io.robustmq.mqtt.codec.MqttEncoder;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttProtocolException;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.codec.Will;
import io.robustmq.mqtt.connection.ConnectPackets;
import io.robustmq.mqtt.connection.MqttConnection;
import io.robustmq.mqtt.connection.MqttWire;
import io.robustmq.mqtt.rules.RuleClient;
import io.robustmq.mqtt.session.MqttFeatures;
import io.robustmq.mqtt.session.MqttLimits;
import io.robustmq.mqtt.session.MqttServices;
import io.robustmq.mqtt.session.MqttSession;
import io.robustmq.mqtt.session.SessionHolder;
import io.robustmq.mqtt.sys.SysEvents;
import io.robustmq.protocol.AccessListener;
import io.robustmq.protocol.Admission;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.DurableSession.DelayedWill;
import io.robustmq.protocol.Grants;
import io.robustmq.protocol.QuotaPort;
import io.robustmq.protocol.SessionPort;
import io.robustmq.protocol.TenantPort;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From CONNECT to CONNACK, and what the connection leaves behind: the will and the session. Confined to the connection's
 * loop; steps that wait come back to it.
 */
public final class ConnectHandler implements ConnectPackets {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectHandler.class);
    private static final int STRING_BYTES_MAX = 65_535;

    private final MqttServices services;
    private final MqttConnection connection;
    /** Those when the client came: what it is told holds as long as it stays. */
    private final MqttLimits limits;

    private final SessionHolder holder = new SessionHolder();
    private @Nullable ClientIdentity client;
    private @Nullable MqttSession session;
    private @Nullable Will will;
    private Admission admitted = Admission.ALLOWED;
    private @Nullable Cancellable attendance;
    private QuotaPort.@Nullable Presence presence;
    private boolean assignedId;
    private boolean waiting;
    private boolean saidGoodbye;
    private long connectedMillis;

    public ConnectHandler(MqttServices services, MqttConnection connection) {
        this.services = services;
        this.connection = connection;
        this.limits = services.limits();
    }

    @Override
    public void connect(Connect request) {
        if (request.properties().has(PropertyId.AUTHENTICATION_METHOD)) {
            refuse(ReasonCode.BAD_AUTHENTICATION_METHOD);
            return;
        }
        int willRefusal = willRefusal(request.will());
        if (willRefusal != 0) {
            refuse(willRefusal);
            return;
        }
        ProvenNames names = ProvenNames.of(request, connection);
        if (names == null) {
            refuse(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
            return;
        }
        String clientId = names.clientId();
        assignedId = !clientId.equals(request.clientId()) && request.clientId().isEmpty();
        if (clientId.isEmpty()) {
            // 3.1 wants an id; 3.1.1 allows none with a clean session only ([MQTT-3.1.3-8] of 3.1.1).
            if (request.version() == MqttVersion.V3_1
                    || request.version() == MqttVersion.V3_1_1 && !request.cleanStart()) {
                refuse(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
                return;
            }
            clientId = "auto-" + services.ports().random().nextUuid();
            assignedId = true;
        }
        ClientIdentity said = said(names, clientId);
        client = said;
        connection.suspendDecoding();
        waiting = true;
        services.ports()
                .access()
                .admit(said, request.password())
                .whenComplete((admission, failure) -> onLoop(() -> {
                    ClientIdentity identity = failure != null ? said : admission.of(said);
                    int refusal = failure != null ? ReasonCode.BAD_USER_NAME_OR_PASSWORD : refusal(admission);
                    if (refusal == 0 && !(isInTenant(identity) && mayLeave(identity, request.will()))) {
                        refusal = ReasonCode.NOT_AUTHORIZED;
                    }
                    if (refusal != 0) {
                        refuse(refusal);
                    } else {
                        admitted = admission;
                        client = identity;
                        ProvenNames.show(identity, connection);
                        acquire(identity, request);
                    }
                }));
    }

    private ClientIdentity said(ProvenNames names, String clientId) {
        TenantPort.Named named =
                services.ports().tenants().of(connection.listener().tenant(), names.userName());
        return new ClientIdentity(
                        named.tenant(),
                        "mqtt",
                        clientId,
                        named.userName(),
                        connection.info().remote().getAddress().getHostAddress(),
                        names.certified())
                .showing(names.certificate());
    }

    /** A listener, or who vouches for the client, may say a tenant that is not there. */
    private boolean isInTenant(ClientIdentity identity) {
        boolean there = services.ports().tenants().exists(identity.tenant());
        if (!there) {
            LOG.debug(
                    "{} wants to be in tenant '{}', which is not there",
                    connection.info().remote(),
                    identity.tenant());
        }
        return there;
    }

    private static int refusal(Admission admission) {
        return switch (admission.verdict()) {
            case ALLOWED -> 0;
            case BAD_CREDENTIALS -> ReasonCode.BAD_USER_NAME_OR_PASSWORD;
            case NOT_AUTHORIZED -> ReasonCode.NOT_AUTHORIZED;
            case BANNED -> ReasonCode.BANNED;
            case BUSY -> ReasonCode.SERVER_BUSY;
        };
    }

    /**
     * Nobody shall rely on a will that would not be published. It is asked again when it is; what rules and delays make of its
     * topic is known then only.
     */
    private boolean mayLeave(ClientIdentity identity, @Nullable Will asked) {
        if (asked == null
                || services.ports().access().allowsAll()
                || services.rules(identity.tenant()).publishing() != null
                || DelayedTopic.owns(asked.topic())) {
            return true;
        }
        String subject = Subjects.canonical(asked.topic());
        return services.ports().access().open(identity).mayPublish(subject, asked.qos(), asked.retain());
    }

    /** What the connection learns about its rights while it is there. Called on any thread. */
    private AccessListener rights(SubscribeHandler subscribing) {
        return new AccessListener() {
            @Override
            public void noLongerWelcome(String why) {
                connection.loop().execute(() -> {
                    // Whoever it was, it was not to say this any more.
                    will = null;
                    connection.close(ReasonCode.NOT_AUTHORIZED, why);
                });
            }

            @Override
            public void rulesChanged() {
                connection.loop().execute(() -> {
                    if (!connection.isClosed() && subscribing.dropDenied()) {
                        connection.close(ReasonCode.NOT_AUTHORIZED, "a subscription is not allowed any more");
                    }
                });
            }
        };
    }

    /** 0 when the will could be published, and asks for nothing that is not there ([MQTT-3.2.2-12], [MQTT-3.2.2-13]). */
    private int willRefusal(@Nullable Will asked) {
        MqttFeatures features = services.features();
        if (asked == null) {
            return 0;
        }
        if (!Subjects.isLegalSubject(Spelling.SLASH, asked.topic())) {
            return ReasonCode.TOPIC_NAME_INVALID;
        }
        if (asked.qos() > features.qosMax()) {
            return ReasonCode.QOS_NOT_SUPPORTED;
        }
        if (asked.retain() && !features.retainAvailable()) {
            return ReasonCode.RETAIN_NOT_SUPPORTED;
        }
        boolean isText = features.payloadFormatChecked()
                && asked.properties().number(PropertyId.PAYLOAD_FORMAT_INDICATOR, 0) == 1;
        boolean wrong = isText && !ByteBufUtil.isText(Unpooled.wrappedBuffer(asked.payload()), StandardCharsets.UTF_8);
        return wrong ? ReasonCode.PAYLOAD_FORMAT_INVALID : 0;
    }

    private void onLoop(Runnable step) {
        Loop loop = connection.loop();
        if (loop.inLoop()) {
            step.run();
        } else {
            loop.execute(step);
        }
    }

    private void acquire(ClientIdentity identity, Connect request) {
        if (connection.isClosed()) {
            holder.ready(null);
            return;
        }
        if (!countIn(identity)) {
            holder.ready(null);
            refuse(ReasonCode.QUOTA_EXCEEDED);
            return;
        }
        services.ports()
                .sessions()
                .acquire(
                        new SessionPort.SessionRequest(
                                identity.tenant(),
                                identity.clientId(),
                                request.cleanStart(),
                                expirySeconds(request),
                                keptWill(identity, request)),
                        holder)
                .whenComplete((lease, failure) -> onLoop(() -> {
                    if (failure != null || lease == null) {
                        refuseWithoutSession(identity, failure);
                    } else {
                        establish(lease, identity, request);
                    }
                }));
    }

    /** Whether there may be another connection, and another session if there is none of that name. */
    private boolean countIn(ClientIdentity identity) {
        SessionPort sessions = services.ports().sessions();
        QuotaPort quotas = services.ports().quotas();
        boolean replaces = sessions.isHeld(identity.tenant(), identity.clientId());
        String problem = replaces ? null : quotas.refusesSession(identity.tenant(), identity.clientId(), sessions);
        if (problem == null) {
            QuotaPort.Entrance entrance = quotas.enter(identity, replaces);
            QuotaPort.Presence counted = entrance.presence();
            if (counted != null) {
                presence = counted;
                connection.counted(counted);
                return true;
            }
            problem = entrance.why();
        }
        LOG.debug("'{}' of {} is not let in: {}", identity.clientId(), identity.remoteAddress(), problem);
        return false;
    }

    private void refuseWithoutSession(ClientIdentity identity, @Nullable Throwable failure) {
        holder.ready(null);
        RmqError error = failure == null ? RmqError.INTERNAL : RmqException.errorOf(failure);
        if (error.kind() == ErrorKind.INTERNAL) {
            LOG.error("the session of '{}' could not be taken", identity.clientId(), failure);
            refuse(ReasonCode.UNSPECIFIED_ERROR);
        } else {
            LOG.warn("the session of '{}' could not be taken: {}", identity.clientId(), failure.getMessage());
            refuse(ReasonCode.SERVER_UNAVAILABLE);
        }
    }

    /** What the session's coordinator publishes when neither this connection nor this process is there to do it. */
    private @Nullable DelayedWill keptWill(ClientIdentity identity, Connect request) {
        Will wanted = request.will();
        return wanted == null || expirySeconds(request) == 0
                ? null
                : new DelayedWill(
                        wanted.properties().number(PropertyId.WILL_DELAY_INTERVAL, 0),
                        new KeptWill(
                                        wanted,
                                        identity.userName(),
                                        identity.remoteAddress(),
                                        identity.grants() != Grants.NONE)
                                .encode());
    }

    private void establish(SessionPort.Lease lease, ClientIdentity identity, Connect request) {
        MqttSession mine = new MqttSession(services, identity.tenant(), identity.clientId(), connection.loop(), lease);
        mine.expirySeconds(expirySeconds(request));
        if (connection.isClosed()) {
            // The client left while it waited: its session waits for it, if it is one that does.
            mine.detach(false);
            holder.ready(mine);
            return;
        }
        session = mine;
        will = request.will();
        waiting = false;
        MqttWire wire = wire(request);
        int keepAliveSeconds = keepAliveSeconds(request);
        PublishInHandler publishing = new PublishInHandler(services, limits, connection, mine, identity, wire);
        SubscribeHandler subscribing = new SubscribeHandler(services, connection, mine, identity, wire);
        mine.attach(wire);
        connection.mqttLoop().opened(wire);
        services.counters().connects.increment();
        connection.established(mine, wire, publishing, subscribing, keepAliveSeconds);
        int size = MqttEncoder.connAck(
                connection.out(),
                request.version(),
                lease.present(),
                ReasonCode.SUCCESS,
                granted(request, identity, keepAliveSeconds, mine.expirySeconds()),
                wire.packetBytesMax());
        if (size > wire.packetBytesMax()) {
            // Not even this may be larger than the client takes ([MQTT-3.1.2-24]); nobody was connected.
            connection.out().writerIndex(connection.out().writerIndex() - size);
            will = null;
            refuse(ReasonCode.PACKET_TOO_LARGE);
            holder.ready(mine);
            return;
        }
        // What was allowed when it fell asleep need not be now.
        subscribing.dropDenied();
        attendance = services.ports().access().attend(identity, admitted, rights(subscribing));
        mine.resume();
        SysEvents events = services.sys().events();
        if (events != null) {
            connectedMillis = services.ports().clock().millis();
            events.connected(
                    connection.loop(),
                    identity,
                    request.version(),
                    keepAliveSeconds,
                    request.cleanStart(),
                    mine.expirySeconds(),
                    connectedMillis);
        }
        subscribing.subscribeByRules();
        holder.ready(mine);
        connection.resumeDecoding();
    }

    /** What rules may know of the client. */
    static RuleClient ruleClient(ClientIdentity client, MqttConnection connection) {
        return new RuleClient(
                client.clientId(),
                client.userName(),
                client.remoteAddress(),
                connection.info().remote().getPort());
    }

    private MqttWire wire(Connect request) {
        MqttProperties wishes = request.properties();
        int window = (int) Math.min(limits.inflightMax(), wishes.number(PropertyId.RECEIVE_MAXIMUM, 65_535));
        int packetBytesMax =
                (int) Math.min(Integer.MAX_VALUE, wishes.number(PropertyId.MAXIMUM_PACKET_SIZE, Integer.MAX_VALUE));
        boolean explains = wishes.number(PropertyId.REQUEST_PROBLEM_INFORMATION, 1) == 1;
        int aliasesMax = (int)
                Math.min(services.features().outboundAliasesMax(), wishes.number(PropertyId.TOPIC_ALIAS_MAXIMUM, 0));
        return new MqttWire(connection, services.counters(), window, packetBytesMax, explains, aliasesMax);
    }

    private long expirySeconds(Connect request) {
        if (request.version() != MqttVersion.V5) {
            return request.cleanStart() ? 0 : limits.sessionExpirySecondsMax();
        }
        long wanted = request.properties().number(PropertyId.SESSION_EXPIRY_INTERVAL, 0);
        return Math.min(wanted, limits.sessionExpirySecondsMax());
    }

    private int keepAliveSeconds(Connect request) {
        int wanted = request.keepAliveSeconds();
        int max = limits.keepAliveSecondsMax();
        boolean cut = request.version() == MqttVersion.V5 && max > 0 && (wanted == 0 || wanted > max);
        return cut ? max : wanted;
    }

    /** What an MQTT 5 client must know of what differs from its wishes or from the defaults of the protocol. */
    private MqttProperties granted(Connect request, ClientIdentity identity, int keepAliveSeconds, long expirySeconds) {
        if (request.version() != MqttVersion.V5) {
            return MqttProperties.NONE;
        }
        MqttProperties.Builder properties = MqttProperties.builder()
                .number(PropertyId.RECEIVE_MAXIMUM, limits.receiveMaximum())
                .number(PropertyId.TOPIC_ALIAS_MAXIMUM, limits.topicAliasMaximum())
                .number(PropertyId.MAXIMUM_PACKET_SIZE, connection.listener().packetBytesMax());
        MqttFeatures features = services.features();
        if (features.qosMax() < 2) {
            properties.number(PropertyId.MAXIMUM_QOS, features.qosMax());
        }
        if (!features.retainAvailable()) {
            properties.flag(PropertyId.RETAIN_AVAILABLE, false);
        }
        if (!features.wildcardsAvailable()) {
            properties.flag(PropertyId.WILDCARD_SUBSCRIPTION_AVAILABLE, false);
        }
        String information = features.responseInformation(identity.clientId());
        boolean asked = request.properties().number(PropertyId.REQUEST_RESPONSE_INFORMATION, 0) == 1;
        if (asked && information != null && ByteBufUtil.utf8Bytes(information) <= STRING_BYTES_MAX) {
            properties.string(PropertyId.RESPONSE_INFORMATION, information);
        }
        if (assignedId) {
            properties.string(PropertyId.ASSIGNED_CLIENT_IDENTIFIER, identity.clientId());
        }
        if (keepAliveSeconds != request.keepAliveSeconds()) {
            properties.number(PropertyId.SERVER_KEEP_ALIVE, keepAliveSeconds);
        }
        if (expirySeconds != request.properties().number(PropertyId.SESSION_EXPIRY_INTERVAL, 0)) {
            properties.number(PropertyId.SESSION_EXPIRY_INTERVAL, expirySeconds);
        }
        return properties.build();
    }

    private void refuse(int reasonCode) {
        if (connection.isClosed()) {
            return;
        }
        services.counters().connectsRefused.increment();
        MqttEncoder.connAck(
                connection.out(), connection.version(), false, reasonCode, MqttProperties.NONE, Integer.MAX_VALUE);
        connection.closeSilently();
    }

    @Override
    public void refuseMalformed(MqttProtocolException fault) {
        services.counters().connectsRefused.increment();
        if (fault.reasonCode() == ReasonCode.UNSUPPORTED_PROTOCOL_VERSION) {
            MqttEncoder.refuseVersion(connection.out(), connection.decoder().protocolLevel());
        } else if (connection.decoder().version() == MqttVersion.V5) {
            MqttEncoder.connAck(
                    connection.out(),
                    MqttVersion.V5,
                    false,
                    fault.reasonCode(),
                    MqttProperties.NONE,
                    Integer.MAX_VALUE);
        }
        connection.closeSilently();
    }

    @Override
    public boolean clientSaidGoodbye(Disconnect disconnect) {
        MqttSession current = session;
        long wanted = disconnect.properties().number(PropertyId.SESSION_EXPIRY_INTERVAL, -1);
        if (current != null && wanted >= 0) {
            if (current.expirySeconds() == 0 && wanted > 0) {
                // It said zero at CONNECT and cannot take that back ([MQTT-3.14.2-2]).
                connection.close(ReasonCode.PROTOCOL_ERROR, "a session expiry of 0 cannot be raised");
                return false;
            }
            current.expirySeconds(Math.min(wanted, limits.sessionExpirySecondsMax()));
        }
        saidGoodbye = true;
        if (disconnect.reasonCode() == ReasonCode.NORMAL_DISCONNECTION) {
            will = null;
        }
        return true;
    }

    @Override
    public void connectionClosed() {
        Cancellable attending = attendance;
        if (attending != null) {
            attending.cancel();
        }
        QuotaPort.Presence counted = presence;
        if (counted != null) {
            counted.leave();
        }
        MqttSession mine = session;
        if (mine == null) {
            if (!waiting) {
                holder.ready(null);
            }
            return;
        }
        session = null;
        Will last = will;
        ClientIdentity identity = client;
        boolean later = false;
        if (last != null && identity != null) {
            will = null;
            long delay = Math.min(last.properties().number(PropertyId.WILL_DELAY_INTERVAL, 0), mine.expirySeconds());
            later = delay > 0 && mine.durable() != null;
            if (!later) {
                new WillPublish(services, identity, mine, last).publish(connection.loop(), () -> {});
            }
        }
        mine.detach(later);
        ConnectionClosed.tell(
                connection.info().id(),
                connection.info().listener(),
                connection.info().remote(),
                identity == null ? null : identity.clientId(),
                reason(),
                connection.loop().clock().millis() - connection.info().openedMillis());
        SysEvents events = services.sys().events();
        if (events != null && identity != null) {
            events.disconnected(connection.loop(), identity, connection.version(), reason(), connectedMillis);
        }
    }

    /** Why the connection has ended, in EMQX's words where it has some. */
    private String reason() {
        return switch (connection.closeReason()) {
            case -1 -> saidGoodbye ? "normal" : "tcp_closed";
            case ReasonCode.SESSION_TAKEN_OVER -> "takenover";
            case ReasonCode.KEEP_ALIVE_TIMEOUT -> "keepalive_timeout";
            case ReasonCode.ADMINISTRATIVE_ACTION -> "kicked";
            case ReasonCode.SERVER_SHUTTING_DOWN -> "server_shutdown";
            default -> String.format("closed_with_0x%02x", connection.closeReason());
        };
    }
}
