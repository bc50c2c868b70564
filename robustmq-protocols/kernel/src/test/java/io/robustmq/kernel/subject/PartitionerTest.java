/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionerTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 20261121})
    void hashesAsKafkaDoes(long seed) {
        Random random = new Random(seed);
        for (int length = 0; length < 600; length++) {
            byte[] bytes = new byte[length + 7];
            random.nextBytes(bytes);
            byte[] key = Arrays.copyOfRange(bytes, 3, 3 + length);
            int expected = Utils.murmur2(key);
            assertThat(Partitioner.murmur2(bytes, 3, length))
                    .as("length %d", length)
                    .isEqualTo(expected);
            ByteBuf heap = Unpooled.wrappedBuffer(bytes);
            ByteBuf direct = Unpooled.directBuffer().writeBytes(bytes).readerIndex(2);
            assertThat(Partitioner.murmur2(heap, 3, length)).isEqualTo(expected);
            assertThat(Partitioner.murmur2(direct, 3, length)).isEqualTo(expected);
            assertThat(direct.readerIndex()).isEqualTo(2);
            int partitions = 1 + random.nextInt(64);
            int partition = Utils.toPositive(expected) % partitions;
            assertThat(Partitioner.partition(bytes, 3, length, partitions)).isEqualTo(partition);
            assertThat(Partitioner.partition(direct, 3, length, partitions)).isEqualTo(partition);
            heap.release();
            direct.release();
        }
    }

    @Test
    void hashesStringsInTheirUtf8Form() {
        String key = "sensors.gr\u00f6\u00dfe.\ud83d\ude00";
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        assertThat(Partitioner.partition(key, 16)).isEqualTo(Utils.toPositive(Utils.murmur2(bytes)) % 16);
    }
}
