/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.util.Random;
import java.util.function.LongSupplier;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever bytes a client stores, reading them ends, or throws CORRUPT_BATCH and nothing else. */
class RecordBatchFuzzTest {
    private static final int ROUNDS = 1000;

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void onlyCorruptBatchEscapes(CompressionType type) {
        RecordBatchReader reader = new RecordBatchReader(1 << 20);
        RecordBatchValidator validator = new RecordBatchValidator(1 << 20);
        int refused = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            ByteBuf good = KafkaRecords.batch(type, 0, KafkaRecords.random(random, 1 + random.nextInt(5)));
            // A direct buffer of exact size: a read beyond it is an exception of its own kind.
            ByteBuf bad = PooledByteBufAllocator.DEFAULT.directBuffer(good.readableBytes(), good.readableBytes());
            bad.writeBytes(good);
            mutate(random, bad);
            try {
                KafkaRecords.readByUs(reader, bad);
                bad.setInt(17, RecordBatches.computeCrc(new RecordBatch(bad)));
                validator.validate(new RecordBatch(bad));
            } catch (RmqException e) {
                assertThat(e.error()).as("seed %d", seed).isEqualTo(RmqError.CORRUPT_BATCH);
                refused++;
            } catch (Throwable e) {
                fail("seed " + seed + " of " + type, e);
            }
            assertThat(bad.refCnt()).isOne();
            bad.release();
        }
        assertThat(refused).as("the mutations do hit").isGreaterThan(ROUNDS / 4);
    }

    /** The short way of validation says the same of each record as the long one. */
    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"NONE", "LZ4"})
    void checkingRecordsAgreesWithParsingThem(CompressionType type) {
        RecordBatchReader reader = new RecordBatchReader(1 << 20);
        int refused = 0;
        for (int seed = 0; seed < 10 * ROUNDS; seed++) {
            Random random = new Random(seed);
            ByteBuf bytes = KafkaRecords.batch(type, 0, KafkaRecords.random(random, 1 + random.nextInt(5)));
            if (random.nextInt(5) > 0) {
                mutate(random, bytes);
            }
            String parsed = outcome(() -> {
                long latest = Long.MIN_VALUE;
                reader.reset(bytes).nextBatch();
                while (reader.nextRecord()) {
                    latest = Math.max(latest, reader.record().timestampMillis());
                }
                return latest;
            });
            String checked = outcome(() -> {
                reader.reset(bytes).nextBatch();
                return reader.checkRecords();
            });
            assertThat(checked).as("seed %d", seed).isEqualTo(parsed);
            refused += parsed.startsWith("corrupt") ? 1 : 0;
            bytes.release();
        }
        assertThat(refused).isBetween(ROUNDS, 9 * ROUNDS);
    }

    private static String outcome(LongSupplier walk) {
        try {
            return "latest " + walk.getAsLong();
        } catch (RmqException e) {
            return e.getMessage();
        }
    }

    private static void mutate(Random random, ByteBuf bytes) {
        int mutations = 1 + random.nextInt(4);
        for (int i = 0; i < mutations; i++) {
            // Mostly behind the header, where nothing but the walk protects us.
            int from = random.nextInt(4) == 0 ? 0 : RecordBatch.HEADER_BYTES;
            int index = from + random.nextInt(bytes.writerIndex() - from);
            switch (random.nextInt(5)) {
                case 0 -> bytes.setByte(index, bytes.getByte(index) ^ (1 << random.nextInt(8)));
                case 1 -> bytes.setByte(index, 0xFF);
                case 2 -> bytes.setByte(index, 0);
                case 3 -> bytes.setByte(index, random.nextInt());
                default -> {
                    int end = Math.min(bytes.writerIndex(), index + 6);
                    for (int at = index; at < end; at++) {
                        bytes.setByte(at, 0xFF);
                    }
                }
            }
        }
        if (random.nextInt(10) == 0) {
            bytes.writerIndex(random.nextInt(bytes.writerIndex()) + 1);
        }
    }
}
