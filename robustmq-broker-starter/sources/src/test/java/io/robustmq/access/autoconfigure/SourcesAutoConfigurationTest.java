/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.access.jwt.JwtSource;
import io.robustmq.broker.access.CredentialSource;
import io.robustmq.node.autoconfigure.NodeAutoConfiguration;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class SourcesAutoConfigurationTest {
    private static final String SECRET = "robustmq.access.sources.jwt.secret=01234567890123456789012345678901";

    @TempDir
    Path dir;

    private ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withPropertyValues("robustmq.data-dir=" + dir)
                .withConfiguration(AutoConfigurations.of(
                        NodeAutoConfiguration.class,
                        JwtSourceAutoConfiguration.class,
                        HttpSourceAutoConfiguration.class));
    }

    @Test
    void whatIsNotConfiguredIsNotThere() {
        runner().run(context -> assertThat(context).doesNotHaveBean(CredentialSource.class));
        runner().withPropertyValues("robustmq.access.sources.order=users")
                .run(context -> assertThat(context).doesNotHaveBean(CredentialSource.class));
        runner().withPropertyValues("robustmq.roles=meta", SECRET)
                .run(context -> assertThat(context).doesNotHaveBean(CredentialSource.class));
    }

    @Test
    void whatIsConfiguredIsThereAsConfigured() {
        runner().withPropertyValues(
                        SECRET,
                        "robustmq.access.sources.jwt.on-failure=next",
                        "robustmq.access.sources.jwt.timeout=2s",
                        "robustmq.access.sources.jwt.concurrency=3",
                        "robustmq.access.sources.http.url=https://auth.example/mqtt",
                        "robustmq.access.sources.http.headers.X-Site=plant")
                .run(context -> {
                    assertThat(context.getBeansOfType(CredentialSource.class).values())
                            .extracting(CredentialSource::name)
                            .containsExactlyInAnyOrder("jwt", "http");
                    JwtSource jwt = context.getBean(JwtSource.class);
                    assertThat(jwt.passesOnFailure()).isTrue();
                    assertThat(jwt.timeoutMillis()).isEqualTo(2_000);
                    assertThat(jwt.concurrencyMax()).isEqualTo(3);
                    assertThat(jwt.readsUserName()).isFalse();
                });
    }

    @Test
    void whatCannotBeIsSaidAtStart() {
        refuses("say one of", "robustmq.access.sources.jwt.issuer=x");
        refuses("algorithms", SECRET, "robustmq.access.sources.jwt.algorithms=none");
        refuses("user-claim", SECRET, "robustmq.access.sources.jwt.user-claim=");
        refuses(
                "user-claim",
                SECRET,
                "robustmq.access.sources.jwt.user-claim=",
                "robustmq.access.sources.jwt.claims.u=%u",
                "robustmq.access.sources.jwt.from=user-name");
        refuses("concurrency", SECRET, "robustmq.access.sources.jwt.concurrency=257");
        refuses("concurrency", SECRET, "robustmq.access.sources.jwt.concurrency=0");
        refuses("http.url", "robustmq.access.sources.http.user=x");
        refuses("headers", "robustmq.access.sources.http.url=http://x/", "robustmq.access.sources.http.headers.Host=x");
        runner().withPropertyValues(
                        SECRET,
                        "robustmq.access.sources.jwt.user-claim=",
                        "robustmq.access.sources.jwt.claims.u=%u",
                        "robustmq.access.sources.jwt.concurrency=256")
                .run(context -> assertThat(context).hasSingleBean(JwtSource.class));
    }

    private void refuses(String why, String... properties) {
        runner().withPropertyValues(properties)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining(why)
                        .hasMessageNotContaining("0123456789"));
    }
}
