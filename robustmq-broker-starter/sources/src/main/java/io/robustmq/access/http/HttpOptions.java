/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.http;

import io.robustmq.access.SourceLimits;
import io.robustmq.access.lookup.Secret;
import java.net.URI;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Whom to ask and how. Immutable.
 *
 * @param trust whom to believe that it is the service
 * @param headers sent with every question
 * @param user of HTTP's basic authentication, null for none
 * @param password asked for at each question
 */
public record HttpOptions(
        URI address,
        SSLContext trust,
        Map<String, String> headers,
        @Nullable String user,
        Secret password,
        SourceLimits limits) {

    @Override
    public String toString() {
        return address.getHost();
    }
}
