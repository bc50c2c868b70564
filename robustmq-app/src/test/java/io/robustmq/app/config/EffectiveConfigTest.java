/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class EffectiveConfigTest {
    @Test
    void secretsAreMaskedAndFilesAreNot() {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "a file",
                        Map.of(
                                "robustmq.rpc.shared-secret", "very secret",
                                "robustmq.admin.password-file", "/etc/robustmq/password",
                                "robustmq.retained.bytes-max", "1MB")));
        EffectiveConfig config = new EffectiveConfig(environment);
        assertThat(config.values(Map.of("robustmq.retained.bytes-max", "2MB")))
                .containsEntry("robustmq.rpc.shared-secret", EffectiveConfig.MASK)
                .containsEntry("robustmq.admin.password-file", "/etc/robustmq/password")
                .containsEntry("robustmq.retained.bytes-max", "2097152B")
                .containsEntry("robustmq.default-engine", null);
        assertThat(config.source("robustmq.rpc.shared-secret")).isEqualTo("a file");
        assertThat(config.source("robustmq.node-id")).isEqualTo("default");
        for (String key : new String[] {"a.password", "a.token", "a.client-secret", "a.private-key", "a.passwords.b"}) {
            assertThat(EffectiveConfig.isSecret(key)).as(key).isTrue();
        }
        assertThat(EffectiveConfig.isSecret("robustmq.node-id")).isFalse();
    }
}
