/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.tracing;

import io.robustmq.node.config.RobustMqProperties;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether single messages are followed. Immutable.
 *
 * @param enabled whether messages that are part of a sampled trace (header traceparent) are followed
 * @param endpoint where spans go, by OTLP over HTTP
 * @param tokenFile file with the token that the endpoint asks for (Authorization: Bearer); unset means none
 * @param start whether a trace begins with messages that come without one; their headers say so from then on
 * @param sampling which share of the traces that begin here is followed, 0 to 1; others are as their beginning says
 * @param queueMax spans that wait to be sent; beyond so many they are dropped and counted
 * @param interval how often what waits is sent
 */
@ConfigurationProperties(TracingProperties.PREFIX)
public record TracingProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("http://127.0.0.1:4318/v1/traces") String endpoint,
        @Nullable String tokenFile,
        @DefaultValue("false") boolean start,
        @DefaultValue("0.01") double sampling,
        @DefaultValue("4096") int queueMax,
        @DefaultValue("1s") Duration interval) {
    static final String PREFIX = "robustmq.tracing";

    public TracingProperties {
        if (!(sampling >= 0 && sampling <= 1)) {
            throw RobustMqProperties.refused(PREFIX + ".sampling", Double.toString(sampling), "give it 0 to 1");
        }
        if (queueMax < 1 || queueMax > 1_000_000) {
            throw RobustMqProperties.refused(
                    PREFIX + ".queue-max", Integer.toString(queueMax), "give it 1 or more, at most 1000000");
        }
        if (interval.toMillis() < 10) {
            throw RobustMqProperties.refused(PREFIX + ".interval", interval.toString(), "give it 10ms or more");
        }
        if (!isHttp(endpoint)) {
            throw RobustMqProperties.refused(
                    PREFIX + ".endpoint", endpoint, "write it as http://host:4318/v1/traces, or with https");
        }
    }

    private static boolean isHttp(String endpoint) {
        try {
            URI uri = URI.create(endpoint);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
