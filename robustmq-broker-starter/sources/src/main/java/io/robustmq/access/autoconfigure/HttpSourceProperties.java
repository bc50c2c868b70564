/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.autoconfigure;

import io.robustmq.access.HttpCalls;
import io.robustmq.access.SourceLimits;
import io.robustmq.access.http.HttpOptions;
import io.robustmq.kernel.RmqError;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A service over HTTP as a source of users. Immutable.
 *
 * @param url address that each log-in is posted to
 * @param caFile file with the certificates (PEM) that vouch for the service; unset for those of the JDK
 * @param headers headers that are sent along
 * @param user user of HTTP's basic authentication; unset for none
 * @param password its password
 * @param passwordFile file with its password; its first line is read at each question
 * @param timeout after which it is too late
 * @param remember how long a right password holds without another question
 * @param concurrency log-ins that are asked about at a time
 * @param onFailure what happens when it cannot tell: refuse for now, or ask the next source
 */
@ConfigurationProperties("robustmq.access.sources.http")
public record HttpSourceProperties(
        @Nullable String url,
        @Nullable String caFile,
        @DefaultValue Map<String, String> headers,
        @Nullable String user,
        @Nullable String password,
        @Nullable String passwordFile,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("1m") Duration remember,
        @DefaultValue("8") int concurrency,
        @DefaultValue("refuse") SourceLimits.OnFailure onFailure) {
    private static final String KEY = "robustmq.access.sources.http.";

    public HttpSourceProperties {
        headers = Map.copyOf(headers);
    }

    HttpOptions options() {
        HttpOptions options = new HttpOptions(
                HttpCalls.address(KEY + "url", url == null ? "" : url),
                Remote.trust("http.ca-file", JwtSourceProperties.present(caFile)),
                headers,
                JwtSourceProperties.present(user),
                Remote.secret(
                        "http.password",
                        JwtSourceProperties.present(password),
                        JwtSourceProperties.present(passwordFile)),
                new SourceLimits(timeout, remember, concurrency, onFailure));
        try {
            headers.forEach(HttpRequest.newBuilder()::setHeader);
        } catch (IllegalArgumentException e) {
            throw RmqError.INVALID_CONFIG.exception(KEY + "headers has a name or a value that HTTP does not allow");
        }
        return options;
    }

    @Override
    public String toString() {
        return "HttpSourceProperties[]";
    }
}
