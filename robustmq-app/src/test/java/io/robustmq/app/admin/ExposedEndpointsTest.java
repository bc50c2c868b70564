/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** An endpoint that is not exposed answers 404 in the packaged node only, where few tests look. */
class ExposedEndpointsTest {
    private static final String KEY = "endpoints.web.exposure.include: ";

    @Test
    void everyEndpointOfTheAdminApiIsExposed() throws Exception {
        Class<?> access = Class.forName("io.robustmq.app.access.AccessConfiguration");
        Class<?> config = Class.forName("io.robustmq.app.config.ConfigConfiguration");
        Class<?> alarm = Class.forName("io.robustmq.app.alarm.AlarmConfiguration");
        List<String> endpoints = Stream.of(AdminConfiguration.class, access, config, alarm)
                .flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
                .map(method -> method.getReturnType().getAnnotation(WebEndpoint.class))
                .filter(Objects::nonNull)
                .map(WebEndpoint::id)
                .toList();
        assertThat(endpoints)
                .contains("topics", "delayed", "rewrite", "autosubscribe", "tokens", "audit", "config", "alarms");
        assertThat(exposed()).containsAll(endpoints);
    }

    private static List<String> exposed() throws Exception {
        try (InputStream yaml = AdminConfiguration.class.getResourceAsStream("/application.yaml")) {
            String text = new String(Objects.requireNonNull(yaml).readAllBytes(), StandardCharsets.UTF_8);
            String line = text.lines()
                    .map(String::trim)
                    .filter(each -> each.startsWith(KEY))
                    .findFirst()
                    .orElseThrow();
            return List.of(line.substring(KEY.length()).split(","));
        }
    }
}
