/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;

/** Which formats of a scrape reach Actuator. */
class TextScrapesTest {
    /** What Prometheus sends when it looks for native histograms. */
    private static final String BINARY =
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    private static @Nullable String passedOn(String path, String accept) {
        AtomicReference<@Nullable String> seen = new AtomicReference<>();
        new TextScrapes("/actuator/prometheus")
                .filter(
                        MockServerWebExchange.from(
                                MockServerHttpRequest.get(path).header(HttpHeaders.ACCEPT, accept)),
                        exchange -> {
                            seen.set(exchange.getRequest().getHeaders().getFirst(HttpHeaders.ACCEPT));
                            return Mono.empty();
                        })
                .block();
        return seen.get();
    }

    @Test
    void theBinaryFormatIsTakenOutOfAScrape() {
        assertThat(passedOn("/actuator/prometheus", BINARY + ";q=0.7,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"))
                .isEqualTo("text/plain;version=0.0.4;q=0.3, */*;q=0.2");
    }

    @Test
    void whoAsksForNothingElseGetsTheDefault() {
        assertThat(passedOn("/actuator/prometheus", BINARY)).isNull();
    }

    @Test
    void nothingElseIsTouched() {
        assertThat(passedOn("/actuator/prometheus", "text/plain;version=0.0.4")).isEqualTo("text/plain;version=0.0.4");
        assertThat(passedOn("/actuator/prometheus", "no type")).isEqualTo("no type");
        assertThat(passedOn("/actuator/metrics", BINARY)).isEqualTo(BINARY);
    }
}
