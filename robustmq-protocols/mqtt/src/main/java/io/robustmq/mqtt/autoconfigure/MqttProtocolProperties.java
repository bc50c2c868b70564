/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.autoconfigure;

import io.robustmq.mqtt.connection.MqttListener.FromCertificate;
import io.robustmq.mqtt.rules.MqttRules;
import io.robustmq.mqtt.session.MqttFeatures;
import io.robustmq.mqtt.session.MqttLimits;
import io.robustmq.mqtt.session.SharedOptions;
import io.robustmq.mqtt.sys.SysOptions;
import io.robustmq.node.config.Live;
import io.robustmq.node.config.RobustMqProperties;
import io.robustmq.protocol.ClientAuth;
import io.robustmq.protocol.TopicRulePort;
import io.robustmq.protocol.WindowPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The MQTT protocol. Immutable.
 *
 * @param enabled whether this broker speaks MQTT
 * @param tcp plain TCP
 * @param tls TLS
 * @param websocket WebSocket
 * @param websocketTls WebSocket over TLS, on the path of WebSocket
 * @param quic QUIC
 * @param listeners further listeners by their names
 * @param maxPacketSize largest packet that is read
 * @param receiveMaximum unacknowledged QoS 1 and 2 publishes that one client may have under way
 * @param topicAliasMaximum topic aliases that one client may set up
 * @param maxInflight unacknowledged QoS 1 and 2 publishes under way to one client, at most what the client allows
 * @param maxQueuedMessages messages that wait for one session
 * @param maxQueuedBytes bytes that wait for one session
 * @param maxQueuedBytesTotal bytes that wait for all sessions of this node; unset means a quarter of the heap
 * @param maxQueuedAge how long messages wait for a session without a connection; unset means as long as their topic keeps them
 * @param dropOldest whether a session that comes back to more than waits for it misses the oldest of it; else the newest
 * @param holdRetention whether a topic's retention leaves what sessions without a connection have not got, in each shard up to
 *     max-queued-messages, max-queued-bytes and max-queued-age behind the newest record
 * @param subscribeTimeout how long a SUBSCRIBE of a session that outlives its connection waits for the owners of the shards that it
 *     concerns; a filter with one that cannot answer is refused then
 * @param maxSubscriptions filters of one session
 * @param maxSubscriptionsTotal filters of all sessions of this node, of which one counts for each 256 bytes that have begun; unset means one for each KiB of the heap
 * @param outboundBuffer bytes that wait for one slow connection before QoS 0 is dropped
 * @param maxSessionExpiry longest time a session outlives its connection; unset means no limit
 * @param maxKeepAlive longest keep alive granted to MQTT 5 clients; unset means no limit
 * @param connectTimeout time from a connection's first byte to its complete CONNECT
 * @param outboundTopicAliasMaximum topic aliases towards one client, at most what the client allows; 0 for none
 * @param maxQos highest quality of service of publishes and subscriptions: 0, 1 or 2
 * @param retainAvailable whether messages may be retained
 * @param wildcardSubscriptionAvailable whether filters may have wildcards
 * @param checkPayloadFormat whether a payload that says it is UTF-8 has to be
 * @param responseInformation told to MQTT 5 clients that ask for it, as the root of their response topics; %c is the client id; unset
 *     means nothing is told
 * @param sharedSubscriptionStrategy which member of a group gets the next message
 * @param sharedSubscriptionStrategies the same for groups by their names
 * @param sys what the node says about itself below $SYS
 * @param rewrite rules that give clients' topics other names; the last one whose source matches decides
 * @param autoSubscribe subscriptions that clients get when they connect
 */
@ConfigurationProperties("robustmq.mqtt")
public record MqttProtocolProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue Tcp tcp,
        @DefaultValue Tls tls,
        @DefaultValue Websocket websocket,
        @DefaultValue Tls websocketTls,
        @DefaultValue Quic quic,
        @DefaultValue Map<String, MqttListenerProperties> listeners,

        @Live("for the next connection; frames of WebSocket stay as they are") @DefaultValue("16MB")
        DataSize maxPacketSize,

        @Live("for the next connection") @DefaultValue("1024")
        int receiveMaximum,

        @DefaultValue("32") int topicAliasMaximum,

        @Live("for the next connection") @DefaultValue("1024")
        int maxInflight,

        @DefaultValue("100000") int maxQueuedMessages,
        @DefaultValue("256MB") DataSize maxQueuedBytes,
        @Nullable DataSize maxQueuedBytesTotal,
        @Nullable Duration maxQueuedAge,
        @DefaultValue("false") boolean dropOldest,
        @DefaultValue("true") boolean holdRetention,
        @DefaultValue("5s") Duration subscribeTimeout,
        @DefaultValue("100000") int maxSubscriptions,
        @Nullable Long maxSubscriptionsTotal,
        @DefaultValue("16MB") DataSize outboundBuffer,
        @Live("for the next connection") @Nullable Duration maxSessionExpiry,
        @Live("for the next connection") @Nullable Duration maxKeepAlive,
        @DefaultValue("10s") Duration connectTimeout,
        @DefaultValue("32") int outboundTopicAliasMaximum,
        @DefaultValue("2") int maxQos,
        @DefaultValue("true") boolean retainAvailable,
        @DefaultValue("true") boolean wildcardSubscriptionAvailable,
        @DefaultValue("false") boolean checkPayloadFormat,
        @Nullable String responseInformation,
        @DefaultValue("round-robin") WindowPort.Strategy sharedSubscriptionStrategy,
        Map<String, WindowPort.Strategy> sharedSubscriptionStrategies,
        @DefaultValue Sys sys,
        @DefaultValue List<MqttRewriteProperties> rewrite,
        @DefaultValue List<MqttAutoSubscribeProperties> autoSubscribe) {

    /**
     * Plain TCP.
     *
     * @param port port of MQTT over TCP, 0 for any free one; -1 closes it
     */
    public record Tcp(@DefaultValue("1883") int port) {}

    /**
     * TLS.
     *
     * @param bundle name of the SSL bundle (spring.ssl.bundle.*) with the node's certificate; unset leaves the port closed
     * @param port port, 0 for any free one; unset means 8883 (8084 for WebSocket) once there is a bundle; -1 closes it
     * @param namedBundles names of further SSL bundles, for clients that name a server of their certificates
     * @param clientAuth whether clients show a certificate, which the bundle's trust store must know
     * @param certificateAsUserName what of the client's certificate is its user name, whatever CONNECT says
     */
    public record Tls(
            @Nullable String bundle,
            @Nullable Integer port,
            @DefaultValue List<String> namedBundles,
            @DefaultValue("none") ClientAuth clientAuth,
            @DefaultValue("none") FromCertificate certificateAsUserName) {}

    /**
     * WebSocket.
     *
     * @param port port of MQTT over WebSocket, 0 for any free one; -1 closes it
     * @param path the path that is answered
     */
    public record Websocket(
            @DefaultValue("8083") int port,
            @DefaultValue("/mqtt") String path) {}

    /**
     * QUIC.
     *
     * @param port port of MQTT over QUIC; unset or -1 leaves it closed
     */
    public record Quic(@DefaultValue("-1") int port) {}

    /**
     * What the node says about itself below $SYS.
     *
     * @param interval how often figures are looked at, and published where they have changed; 0 for never
     * @param events whether the node tells of clients that come, go, subscribe and unsubscribe
     * @param subscribers who may subscribe to topics below $SYS
     */
    public record Sys(
            @DefaultValue("10s") Duration interval,
            @DefaultValue("true") boolean events,
            @DefaultValue("loopback") SysOptions.Subscribers subscribers) {
        public Sys {
            if (interval.isNegative() || !interval.isZero() && interval.toMillis() < 100) {
                throw RobustMqProperties.refused(
                        "robustmq.mqtt.sys.interval", interval.toString(), "give it 100ms or more, or 0 for never");
            }
        }

        SysOptions options(int node, String version) {
            return new SysOptions(interval.toMillis(), events, subscribers, Integer.toString(node), version);
        }
    }

    /** The rules of this node, before those of the cluster. */
    MqttRules rules() {
        List<TopicRulePort.Rewrite> rewrites = new ArrayList<>();
        for (MqttRewriteProperties each : rewrite) {
            rewrites.add(each.rule("robustmq.mqtt.rewrite[" + rewrites.size() + "]"));
        }
        List<TopicRulePort.AutoSubscription> subscriptions = new ArrayList<>();
        for (MqttAutoSubscribeProperties each : autoSubscribe) {
            subscriptions.add(each.rule("robustmq.mqtt.auto-subscribe[" + subscriptions.size() + "]"));
        }
        return new MqttRules(rewrites, subscriptions);
    }

    long queuedBytesTotal() {
        return maxQueuedBytesTotal != null
                ? maxQueuedBytesTotal.toBytes()
                : Runtime.getRuntime().maxMemory() / 4;
    }

    MqttFeatures features() {
        return new MqttFeatures(
                maxQos,
                retainAvailable,
                wildcardSubscriptionAvailable,
                outboundTopicAliasMaximum,
                checkPayloadFormat,
                responseInformation,
                new SharedOptions(
                        sharedSubscriptionStrategy,
                        sharedSubscriptionStrategies == null ? Map.of() : sharedSubscriptionStrategies));
    }

    MqttLimits limits() {
        return new MqttLimits(
                Math.toIntExact(maxPacketSize.toBytes()),
                receiveMaximum,
                topicAliasMaximum,
                maxInflight,
                maxQueuedMessages,
                maxQueuedBytes.toBytes(),
                Math.toIntExact(outboundBuffer.toBytes()),
                maxSessionExpiry == null ? MqttLimits.NEVER : Math.min(MqttLimits.NEVER, maxSessionExpiry.toSeconds()),
                maxKeepAlive == null ? 0 : Math.toIntExact(Math.min(65_535, maxKeepAlive.toSeconds())),
                connectTimeout.toMillis(),
                new MqttLimits.Sessions(
                        maxSubscriptions,
                        maxSubscriptionsTotal == null ? Runtime.getRuntime().maxMemory() / 1024 : maxSubscriptionsTotal,
                        maxQueuedAge == null ? 0 : maxQueuedAge.toMillis(),
                        dropOldest,
                        subscribeTimeout.toMillis(),
                        holdRetention));
    }
}
