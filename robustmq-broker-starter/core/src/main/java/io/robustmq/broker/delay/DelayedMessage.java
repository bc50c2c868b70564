/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.delay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.record.HeaderBlockWriter;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.PublishedSubject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A message as it waits, with who published it: the value of a record of {@code __delayed}. Immutable; the arrays are not to be
 * changed.
 *
 * @param publisher see {@link Publish#publisher}
 * @param acceptedMillis when it came
 * @param expiresAtMillis 0 for never; counted from when it came
 * @param headers as {@link HeaderBlockWriter} wrote them
 * @param block the publisher's protocol block, empty for none
 */
public record DelayedMessage(
        ClientIdentity client,
        String protocol,
        PublishedSubject subject,
        byte @Nullable [] key,
        byte @Nullable [] publisher,
        int qos,
        boolean retain,
        long acceptedMillis,
        long expiresAtMillis,
        int headerCount,
        byte[] headers,
        byte[] block,
        byte[] payload) {

    private static final byte VERSION = 1;

    boolean expired(long nowMillis) {
        return expiresAtMillis != 0 && nowMillis >= expiresAtMillis;
    }

    /** The record's value. */
    static byte[] valueOf(
            ClientIdentity client, String protocol, PublishedSubject subject, Publish message, long acceptedMillis) {
        HeaderBlockWriter headers = message.headers();
        ByteBuf out = Unpooled.buffer(256 + message.payloadLength() + message.blockLength());
        out.writeByte(VERSION)
                .writeByte(message.qos())
                .writeBoolean(message.retain())
                .writeByte(subject.spelling().separator())
                .writeLong(acceptedMillis)
                .writeLong(message.expiresAtMillis());
        text(out, client.tenant());
        text(out, client.protocol());
        text(out, client.clientId());
        text(out, client.userName());
        text(out, client.remoteAddress());
        text(out, protocol);
        bytes(out, subject.utf8());
        bytes(out, message.key());
        bytes(out, message.publisher());
        out.writeInt(headers == null ? 0 : headers.count());
        out.writeInt(headers == null ? 0 : headers.length());
        if (headers != null) {
            out.writeBytes(headers.array(), 0, headers.length());
        }
        out.writeInt(message.blockLength())
                .writeBytes(message.blockBuffer(), message.blockOffset(), message.blockLength());
        out.writeInt(message.payloadLength())
                .writeBytes(message.payloadBuffer(), message.payloadOffset(), message.payloadLength());
        byte[] value = new byte[out.readableBytes()];
        out.readBytes(value);
        return value;
    }

    private static void text(ByteBuf out, @Nullable String text) {
        bytes(out, text == null ? null : text.getBytes(StandardCharsets.UTF_8));
    }

    private static void bytes(ByteBuf out, byte @Nullable [] bytes) {
        out.writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.writeBytes(bytes);
        }
    }

    static DelayedMessage parse(byte[] value) {
        ByteBuf in = Unpooled.wrappedBuffer(value);
        try {
            byte version = in.readByte();
            if (version != VERSION) {
                throw RmqError.NOT_SUPPORTED.exception("a delayed message was written by a newer build (version "
                        + version + ", this one knows " + VERSION + ")");
            }
            int qos = in.readByte();
            boolean retain = in.readBoolean();
            Spelling spelling = in.readByte() == Spelling.SLASH.separator() ? Spelling.SLASH : Spelling.DOT;
            long accepted = in.readLong();
            long expires = in.readLong();
            ClientIdentity client = new ClientIdentity(needed(in), needed(in), needed(in), optional(in), needed(in));
            String protocol = needed(in).intern();
            PublishedSubject subject = new PublishedSubject(spelling, needed(in));
            byte[] key = bytes(in);
            byte[] publisher = bytes(in);
            int headerCount = in.readInt();
            return new DelayedMessage(
                    client,
                    protocol,
                    subject,
                    key,
                    publisher,
                    qos,
                    retain,
                    accepted,
                    expires,
                    headerCount,
                    present(bytes(in)),
                    present(bytes(in)),
                    present(bytes(in)));
        } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw RmqError.CORRUPT_DATA.exception("a delayed message is damaged");
        }
    }

    private static byte @Nullable [] bytes(ByteBuf in) {
        int length = in.readInt();
        if (length < 0) {
            return null;
        }
        if (length > in.readableBytes()) {
            throw new IndexOutOfBoundsException();
        }
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return bytes;
    }

    private static byte[] present(byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new IndexOutOfBoundsException();
        }
        return bytes;
    }

    private static String needed(ByteBuf in) {
        return new String(present(bytes(in)), StandardCharsets.UTF_8);
    }

    private static @Nullable String optional(ByteBuf in) {
        byte[] bytes = bytes(in);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
