/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/**
 * Unpacks the records of a compressed batch with Kafka's own codecs into a recycled array, up to a limit. Every failure of
 * a codec is CORRUPT_BATCH. Confined to its reader's loop.
 */
final class BatchDecompressor {
    private static final int INITIAL_BYTES = 16 * 1024;
    /** An array that one large batch made larger than this is not kept. */
    private static final int MAX_KEPT_BYTES = 1024 * 1024;

    private static final byte[] EMPTY = {};

    private final int maxBytes;
    /** Keeps the codecs' own work space, 64 KiB for LZ4, from one batch to the next. */
    private final BufferSupplier workSpace = BufferSupplier.create();

    private byte[] bytes = EMPTY;

    BatchDecompressor(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    void clear() {
        if (bytes.length > MAX_KEPT_BYTES) {
            bytes = EMPTY;
        }
    }

    /** The unpacked bytes in a heap buffer over the recycled array: valid until the next call, nothing to release. */
    ByteBuf decompress(int compression, ByteBuf source, int index, int length) {
        ByteBuffer packed = source.nioBuffer(index, length);
        CompressionType type = CompressionType.forId(compression);
        if (type == CompressionType.SNAPPY) {
            SnappyFraming.check(packed.duplicate(), maxBytes);
        }
        clear();
        try (InputStream stream =
                Compression.of(type).build().wrapForInput(packed, RecordBatch.CURRENT_MAGIC, workSpace)) {
            int unpacked = readAll(stream);
            return Unpooled.wrappedBuffer(bytes, 0, unpacked);
        } catch (RmqException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw failed(type, e);
        } catch (Error e) {
            if (e instanceof VirtualMachineError || e instanceof LinkageError) {
                throw e;
            }
            // snappy-java reports bad input with an Error of its own.
            throw failed(type, e);
        }
    }

    private int readAll(InputStream stream) throws IOException {
        int length = 0;
        while (true) {
            if (length == bytes.length) {
                if (length >= maxBytes) {
                    if (stream.read() < 0) {
                        return length;
                    }
                    throw VarintCursor.corrupt("it unpacks to more than " + maxBytes + " bytes");
                }
                bytes = Arrays.copyOf(bytes, (int) Math.min(maxBytes, Math.max(INITIAL_BYTES, 2L * length)));
            }
            int read = stream.read(bytes, length, bytes.length - length);
            if (read < 0) {
                return length;
            }
            length += read;
        }
    }

    private static RmqException failed(CompressionType type, Throwable cause) {
        return new RmqException(
                RmqError.CORRUPT_BATCH, "corrupt record batch: " + type.name + " cannot unpack it: " + cause, cause);
    }
}
