/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.TopicId;
import io.robustmq.meta.client.TopicConfig;
import io.robustmq.meta.client.TopicInfo;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicSettingsTest {
    private static TopicInfo topic(String engine, Map<String, String> config) {
        return new TopicInfo(
                Tenants.DEFAULT,
                "orders",
                new TopicId(1, 2),
                1,
                List.of("orders"),
                engine,
                false,
                new TopicConfig(config),
                0,
                1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "file | retention.ms | 1000",
                "file | retention.ms | -1",
                "file | retention.per.subject | 3",
                "file | retention.policy | work-queue",
                "file | cleanup.policy | compact,delete",
                "file | cleanup.policy | delete, compact",
                "file | delete.retention.ms | 0",
                "file | min.cleanable.dirty.ratio | 0.25",
                "file | segment.bytes | 1048576",
                "file | segment.ms | 60000",
                "file | durability | fsync",
                "file | durability | os",
                "rocksdb | durability | interval=50ms",
                "rocksdb | durability | interval=60m",
                "memory | retention.bytes | 4096",
                "memory | cleanup.policy | compact",
                "memory | max.message.bytes | 1024",
            })
    void whatActsIsTaken(String engine, String name, String value) {
        assertThatCode(() -> TopicSettings.validate(engine, Map.of(name, value)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "file | retention.hours | 3 | unknown topic setting 'retention.hours'",
                "file | max.batch.bytes | 4096 | unknown topic setting",
                "file | retention.ms | 0 | must be -1 (no limit) or more than 0",
                "file | retention.ms | soon | must be a whole number",
                "file | retention.policy | forever | limits, interest, work-queue",
                "file | cleanup.policy | compact,compact | compact,delete",
                "file | cleanup.policy | '' | compact,delete",
                "file | min.cleanable.dirty.ratio | 1.5 | from 0 to 1",
                "file | min.cleanable.dirty.ratio | NaN | from 0 to 1",
                "file | segment.bytes | 5000000000 | 4096 to 2147483647",
                "file | max.message.bytes | 10 | 1024 to",
                "file | durability | always | fsync",
                "file | durability | interval=0ms | interval=50ms",
                "file | durability | interval=61m | interval=50ms",
                "memory | durability | os | a restart loses it",
                "memory | retention.bytes | -1 | needs a limit in size",
                "memory | segment.bytes | 1048576 | no effect on the engine 'memory'",
                "rocksdb | segment.ms | 1000 | no effect on the engine 'rocksdb'",
            })
    void whatDoesNotActIsRefused(String engine, String name, String value, String why) {
        assertThatThrownBy(() -> TopicSettings.validate(engine, Map.of(name, value)))
                .hasMessageContaining(why);
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        assertThatThrownBy(() -> TopicSettings.validate(
                        "file", Map.of("cleanup.policy", "compact", "retention.policy", "work-queue")))
                .hasMessageContaining("can only be limits");
        assertThatThrownBy(() -> TopicSettings.validate(
                        "file", Map.of("min.compaction.lag.ms", "100", "max.compaction.lag.ms", "50")))
                .hasMessageContaining("more than");
    }

    @Test
    void aDurableTopicIsForcedAndKeptForSevenDaysUnlessItSaysOtherwise() {
        ShardConfig config = TopicSettings.shardConfig(topic("file", Map.of()));

        assertThat(config.durability()).isEqualTo(Durability.FSYNC);
        assertThat(config.flushIntervalMillis()).isEqualTo(-1);
        assertThat(config.retentionMillis()).isEqualTo(7L * 86_400_000);
        assertThat(config.retentionBytes()).isEqualTo(-1);
        assertThat(config.segmentBytes()).isEqualTo(ShardConfig.DEFAULT_SEGMENT_BYTES);
        assertThat(config.segmentMillis()).isEqualTo(86_400_000L * 7 / 8);
        assertThat(config.compacted()).isFalse();
        assertThat(TopicSettings.durability(topic("file", Map.of()))).isEqualTo("fsync");
    }

    @Test
    void anIntervalIsWrittenByTheOperatingSystemAndForcedInTime() {
        TopicInfo topic = topic("file", Map.of("durability", "interval=2s"));

        assertThat(TopicSettings.shardConfig(topic).durability()).isEqualTo(Durability.OS_BUFFER);
        assertThat(TopicSettings.shardConfig(topic).flushIntervalMillis()).isEqualTo(2_000);
        assertThat(TopicSettings.durability(topic)).isEqualTo("interval=2s");
    }

    @Test
    void aTopicInMemoryHasALimitAndMemoryOnly() {
        TopicInfo topic = topic("memory", Map.of());

        assertThat(TopicSettings.shardConfig(topic).durability()).isEqualTo(Durability.MEMORY);
        assertThat(TopicSettings.shardConfig(topic).retentionBytes()).isEqualTo(64 << 20);
        assertThat(TopicSettings.durability(topic)).isEqualTo("memory");
    }

    @Test
    void segmentsAreAnEighthOfWhatIsKept() {
        ShardConfig small = TopicSettings.shardConfig(topic("file", Map.of("retention.bytes", "80000000")));
        ShardConfig tiny = TopicSettings.shardConfig(topic("file", Map.of("retention.bytes", "4096")));
        ShardConfig said = TopicSettings.shardConfig(
                topic("file", Map.of("retention.bytes", "80000000", "segment.bytes", "8192")));

        assertThat(small.segmentBytes()).isEqualTo(10_000_000);
        assertThat(tiny.segmentBytes()).isEqualTo(1 << 20);
        assertThat(said.segmentBytes()).isEqualTo(8192);
        assertThat(TopicSettings.shardConfig(topic("file", Map.of("cleanup.policy", "compact")))
                        .segmentBytes())
                .as("written anew as a whole when a part of it is replaced")
                .isEqualTo(64 << 20);
    }

    @Test
    void policiesHaveKafkasDefaultsAndSpelling() {
        TopicPolicies unset = TopicSettings.policies(topic("file", Map.of()));
        TopicPolicies both = TopicSettings.policies(topic(
                "file",
                Map.of(
                        "cleanup.policy", "compact,delete",
                        "retention.per.subject", "5",
                        "delete.retention.ms", "10",
                        "min.cleanable.dirty.ratio", "0.1")));
        TopicInfo compacted = topic("file", Map.of("cleanup.policy", "compact"));

        assertThat(unset.delete()).isTrue();
        assertThat(unset.compact()).isFalse();
        assertThat(unset.retention()).isEqualTo(TopicPolicies.Retention.LIMITS);
        assertThat(unset.deleteRetentionMillis()).isEqualTo(86_400_000);
        assertThat(unset.minCleanableDirtyRatio()).isEqualTo(0.5);
        assertThat(unset.retentionPerSubject()).isEqualTo(-1);
        assertThat(both.delete() && both.compact()).isTrue();
        assertThat(both.retentionPerSubject()).isEqualTo(5);
        assertThat(both.deleteRetentionMillis()).isEqualTo(10);
        assertThat(both.minCleanableDirtyRatio()).isEqualTo(0.1);
        assertThat(TopicSettings.shardConfig(compacted).compacted()).isTrue();
        assertThat(TopicSettings.policies(compacted).delete()).isFalse();
    }
}
