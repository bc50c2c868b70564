/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

/**
 * What the server grants. Immutable.
 *
 * @param packetBytesMax largest packet that is read, told to MQTT 5 clients
 * @param receiveMaximum unacknowledged QoS 1 and 2 publishes that a client may have under way
 * @param topicAliasMaximum aliases that a client may set up
 * @param inflightMax unacknowledged QoS 1 and 2 publishes that the server has under way to one client
 * @param queuedMessagesMax messages that wait for one session
 * @param queuedBytesMax bytes that wait for one session
 * @param outboundBytesMax bytes that wait for a slow connection before QoS 0 is dropped
 * @param sessionExpirySecondsMax larger wishes are cut to it; 4294967295 for no limit
 * @param keepAliveSecondsMax larger wishes are cut to it for MQTT 5; 0 for no limit
 * @param connectTimeoutMillis time from the first byte to a complete CONNECT
 * @param sessions of sessions and what waits for them
 */
public record MqttLimits(
        int packetBytesMax,
        int receiveMaximum,
        int topicAliasMaximum,
        int inflightMax,
        int queuedMessagesMax,
        long queuedBytesMax,
        int outboundBytesMax,
        long sessionExpirySecondsMax,
        int keepAliveSecondsMax,
        long connectTimeoutMillis,
        Sessions sessions) {

    private static final int FRAME_ROOM_BYTES = 1 << 20;

    /**
     * What sessions may have, and what becomes of what waits for them. Immutable.
     *
     * @param subscriptionsMax filters of one session
     * @param subscriptionsTotalMax filters of all sessions of the node, see {@link Subscribed}
     * @param queuedAgeMillisMax how long messages wait for a session that sleeps; 0 for no limit
     * @param dropsOldest whether a session that comes back to too much misses the oldest of it, else the newest
     * @param subscribeTimeoutMillis how long a SUBSCRIBE of a session that outlives its connection waits for the owners of the log
     * @param holdsRetention whether what sessions that sleep have not got is kept from retention, within their limits
     */
    public record Sessions(
            int subscriptionsMax,
            long subscriptionsTotalMax,
            long queuedAgeMillisMax,
            boolean dropsOldest,
            long subscribeTimeoutMillis,
            boolean holdsRetention) {
        private static final Sessions DEFAULTS = new Sessions(100_000, 10_000_000, 0, false, 5000, true);
    }

    /** With what sessions may have by default. */
    public MqttLimits(
            int packetBytesMax,
            int receiveMaximum,
            int topicAliasMaximum,
            int inflightMax,
            int queuedMessagesMax,
            long queuedBytesMax,
            int outboundBytesMax,
            long sessionExpirySecondsMax,
            int keepAliveSecondsMax,
            long connectTimeoutMillis) {
        this(
                packetBytesMax,
                receiveMaximum,
                topicAliasMaximum,
                inflightMax,
                queuedMessagesMax,
                queuedBytesMax,
                outboundBytesMax,
                sessionExpirySecondsMax,
                keepAliveSecondsMax,
                connectTimeoutMillis,
                Sessions.DEFAULTS);
    }

    /** The same with other limits of subscriptions. */
    public MqttLimits withSubscriptionsMax(int ofSession, long ofNode) {
        return with(new Sessions(
                ofSession,
                ofNode,
                sessions.queuedAgeMillisMax,
                sessions.dropsOldest,
                sessions.subscribeTimeoutMillis,
                sessions.holdsRetention));
    }

    /** The same with other limits of what waits for sessions that sleep. */
    public MqttLimits withBacklog(long ageMillisMax, boolean oldestDropped) {
        return with(new Sessions(
                sessions.subscriptionsMax,
                sessions.subscriptionsTotalMax,
                ageMillisMax,
                oldestDropped,
                sessions.subscribeTimeoutMillis,
                sessions.holdsRetention));
    }

    /** The same with another time that a SUBSCRIBE may wait. */
    public MqttLimits withSubscribeTimeout(long millis) {
        return with(new Sessions(
                sessions.subscriptionsMax,
                sessions.subscriptionsTotalMax,
                sessions.queuedAgeMillisMax,
                sessions.dropsOldest,
                millis,
                sessions.holdsRetention));
    }

    /** The same with all that sessions may have. */
    public MqttLimits with(Sessions other) {
        return new MqttLimits(
                packetBytesMax,
                receiveMaximum,
                topicAliasMaximum,
                inflightMax,
                queuedMessagesMax,
                queuedBytesMax,
                outboundBytesMax,
                sessionExpirySecondsMax,
                keepAliveSecondsMax,
                connectTimeoutMillis,
                other);
    }

    /** What the remaining length can say, a header included. */
    public static final int PACKET_BYTES_MAX = 268_435_460;

    /** Session expiry that means never. */
    public static final long NEVER = 0xFFFF_FFFFL;

    public static final MqttLimits DEFAULTS = new MqttLimits(
            16 * 1024 * 1024, 1024, 32, 1024, 100_000, 256L * 1024 * 1024, 16 * 1024 * 1024, NEVER, 0, 10_000);

    /**
     * The largest WebSocket frame: clients send a packet in one frame, however large it is, and others before and behind it
     * in the same one.
     */
    public int frameBytesMax() {
        return frameBytesMax(packetBytesMax);
    }

    /** The same for a listener with a limit of its own. */
    public static int frameBytesMax(int packetBytesMax) {
        return packetBytesMax + FRAME_ROOM_BYTES;
    }
}
