/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

/** Settings of topics with good and bad values: the name and then the values. Stateless. */
final class ConfigValues {
    static final String[][] TOPIC = {
        {"cleanup.policy", "delete", "compact", "compact,delete", "delete,compact", "", "none", "DELETE"},
        {"retention.ms", "-1", "0", "1000", "604800000", "-2", "x", ""},
        {"retention.bytes", "-1", "0", "1000000", "-2", "x"},
        {"max.message.bytes", "1000", "0", "-1", "1048588", "2147483647", "2147483648"},
        {"message.timestamp.type", "CreateTime", "LogAppendTime", "createtime", ""},
        {"message.timestamp.before.max.ms", "1000", "-1", "9223372036854775807"},
        {"message.timestamp.after.max.ms", "1000", "-1", "9223372036854775807"},
        {"compression.type", "producer", "zstd", "lz4", "gzip", "snappy", "uncompressed", "none", "brotli"},
        {"min.insync.replicas", "1", "2", "0", "x"},
        {"segment.bytes", "1048576", "1073741824", "1", "0", "-1"},
        {"segment.ms", "1000", "604800000", "0", "-1"},
        {"min.compaction.lag.ms", "0", "1000", "-1"},
        {"max.compaction.lag.ms", "1000", "0", "9223372036854775807"},
        {"delete.retention.ms", "0", "86400000", "-1"},
        {"min.cleanable.dirty.ratio", "0", "0.5", "1", "1.1", "-0.1", "x"},
        {"file.delete.delay.ms", "0", "60000", "-1"},
        {"no.such.setting", "1", ""},
        {"", "1"},
        {"retention.ms ", "1"},
        {"cleanup.policy", null, null},
        {"retention.ms", null, null},
    };

    private ConfigValues() {}
}
