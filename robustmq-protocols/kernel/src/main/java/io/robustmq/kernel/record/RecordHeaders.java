/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

/** Names of headers that only the broker writes (prefix {@code rmq.}), and only when needed. */
public final class RecordHeaders {
    public static final String RESERVED_PREFIX = "rmq.";
    /** The published subject, in exact topics that bind several names. */
    public static final String SUBJECT = "rmq.subject";
    /** A client's own key in a wildcard topic, whose record key is the subject. */
    public static final String KEY = "rmq.key";
    /** The spelling in which a subject was published, {@code /} or {@code .}, where its text alone would say otherwise. */
    public static final String SPELLING = "rmq.spelling";
    /** When the record stops being delivered, milliseconds since the epoch as decimal text. */
    public static final String EXPIRES = "rmq.expires";

    public static final String DELIVER_AT = "rmq.deliver-at";
    public static final String REPLY_TO = "rmq.reply-to";
    public static final String CONTENT_TYPE = "rmq.content-type";
    public static final String CORRELATION_ID = "rmq.correlation-id";
    /** The published quality of service, one ASCII digit; absent means 1 (acknowledged by its protocol). */
    public static final String QOS = "rmq.qos";
    /** {@code 1} on what its publisher wanted retained. */
    public static final String RETAIN = "rmq.retain";
    /** The client id of a publisher that does not want its own messages; others do not say who they are. */
    public static final String CLIENT = "rmq.client";
    /** The exchange that an MQTT publish of QoS 2 came with, by which it is found when it is sent again after a crash. */
    public static final String EXCHANGE = "rmq.exchange";
    /** What has no neutral meaning of an MQTT publish: the payload format indicator. */
    public static final String MQTT = "rmq.mqtt";

    /** The id under which the message waited for its time. */
    public static final String DELAYED = "rmq.delayed";

    private RecordHeaders() {}
}
