/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import org.jspecify.annotations.Nullable;

/**
 * Which parts of the protocol clients may use, and which optional ones the server does. Immutable.
 *
 * @param qosMax highest quality of service of publishes and subscriptions, 0 to 2
 * @param retainAvailable whether messages may be retained
 * @param wildcardsAvailable whether filters may have wildcards
 * @param outboundAliasesMax topic aliases towards one client, at most what it allows; 0 for none
 * @param payloadFormatChecked whether a payload that says it is UTF-8 has to be
 * @param responseInformation what clients are told that ask for it, null for nothing; {@code %c} becomes the client id
 * @param shared how groups share their messages
 */
public record MqttFeatures(
        int qosMax,
        boolean retainAvailable,
        boolean wildcardsAvailable,
        int outboundAliasesMax,
        boolean payloadFormatChecked,
        @Nullable String responseInformation,
        SharedOptions shared) {

    public static final MqttFeatures DEFAULTS = new MqttFeatures(2, true, true, 32, false, null);

    /** With groups as by default. */
    public MqttFeatures(
            int qosMax,
            boolean retainAvailable,
            boolean wildcardsAvailable,
            int outboundAliasesMax,
            boolean payloadFormatChecked,
            @Nullable String responseInformation) {
        this(
                qosMax,
                retainAvailable,
                wildcardsAvailable,
                outboundAliasesMax,
                payloadFormatChecked,
                responseInformation,
                SharedOptions.DEFAULTS);
    }

    public MqttFeatures {
        if (qosMax < 0 || qosMax > 2) {
            throw new IllegalArgumentException("a quality of service is 0, 1 or 2, not " + qosMax);
        }
        if (outboundAliasesMax < 0 || outboundAliasesMax > 65_535) {
            throw new IllegalArgumentException("topic aliases are 0 to 65535, not " + outboundAliasesMax);
        }
    }

    /** The same with other rules for groups. */
    public MqttFeatures withShared(SharedOptions changed) {
        return new MqttFeatures(
                qosMax,
                retainAvailable,
                wildcardsAvailable,
                outboundAliasesMax,
                payloadFormatChecked,
                responseInformation,
                changed);
    }

    /** What a client that asked is told; null for nothing. */
    public @Nullable String responseInformation(String clientId) {
        return responseInformation == null ? null : responseInformation.replace("%c", clientId);
    }
}
