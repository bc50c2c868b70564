/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

/**
 * How a protocol spells the levels of a subject. The canonical form of every subject is its dot spelling.
 *
 * <p>Immutable.
 */
public enum Spelling {
    /** MQTT: {@code sensors/1/temp}, filters with {@code +} and {@code #}. */
    SLASH('/', '+', '#'),
    /** NATS subjects, AMQP routing keys, Kafka and RocketMQ topic names: {@code sensors.1.temp}, filters with {@code *} and {@code >}. */
    DOT('.', '*', '>');

    private final char separator;
    private final char one;
    private final char rest;

    Spelling(char separator, char one, char rest) {
        this.separator = separator;
        this.one = one;
        this.rest = rest;
    }

    /** The character between two levels. */
    public char separator() {
        return separator;
    }

    /** The wildcard of a filter that stands for exactly one level. */
    public char one() {
        return one;
    }

    /** The wildcard of a filter that stands for all further levels: none or more in MQTT, one or more in NATS. */
    public char rest() {
        return rest;
    }

    /** The other of the two spellings. */
    public Spelling other() {
        return this == SLASH ? DOT : SLASH;
    }
}
