/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.BanPort.Ban;
import io.robustmq.protocol.ScramSecret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Users and rules as bytes: 1 byte version, then the fields in their order. Stateless. */
final class AccessDocuments {
    static final String USERS = "access.user";
    static final String RULES = "access.rule";
    static final String BANS = "access.ban";
    private static final byte VERSION = 1;

    private AccessDocuments() {}

    static byte[] of(StoredUser user) {
        return written(out -> {
            out.writeBoolean(user.superuser());
            out.writeUTF(user.hash());
            write(out, user.scram256());
            write(out, user.scram512());
            out.writeLong(user.createdMillis());
            out.writeLong(user.changedMillis());
        });
    }

    static StoredUser user(String tenant, String name, byte[] value) {
        return read(
                value,
                in -> new StoredUser(
                        tenant,
                        name,
                        in.readBoolean(),
                        in.readUTF(),
                        readSecret(in),
                        readSecret(in),
                        in.readLong(),
                        in.readLong()));
    }

    static byte[] of(AccessRule rule) {
        return written(out -> {
            out.writeUTF(rule.effect().name());
            out.writeUTF(rule.who().name());
            out.writeUTF(rule.value());
            out.writeUTF(rule.action().name());
            out.writeUTF(rule.resource().name());
            out.writeUTF(rule.match().name());
            out.writeUTF(rule.filter());
            out.writeByte(rule.qosMask());
            Boolean retain = rule.retain();
            out.writeByte(retain == null ? -1 : retain ? 1 : 0);
        });
    }

    static AccessRule rule(String tenant, String name, byte[] value) {
        return read(
                value,
                in -> new AccessRule(
                        tenant,
                        name,
                        AccessRule.Effect.valueOf(in.readUTF()),
                        AccessRule.Who.valueOf(in.readUTF()),
                        in.readUTF(),
                        AccessRule.Action.valueOf(in.readUTF()),
                        AccessRule.Resource.valueOf(in.readUTF()),
                        AccessRule.Match.valueOf(in.readUTF()),
                        in.readUTF(),
                        in.readByte(),
                        readRetain(in.readByte())));
    }

    static byte[] of(Ban ban) {
        return written(out -> {
            out.writeUTF(ban.who().name());
            out.writeUTF(ban.value());
            out.writeLong(ban.untilMillis());
            out.writeUTF(ban.reason());
        });
    }

    static Ban ban(String tenant, byte[] value) {
        return read(
                value,
                in -> new Ban(tenant, AccessRule.Who.valueOf(in.readUTF()), in.readUTF(), in.readLong(), in.readUTF()));
    }

    private static @Nullable Boolean readRetain(byte value) {
        return value < 0 ? null : Boolean.valueOf(value == 1);
    }

    private static void write(DataOutputStream out, @Nullable ScramSecret secret) throws IOException {
        out.writeBoolean(secret != null);
        if (secret != null) {
            write(out, secret.salt());
            write(out, secret.storedKey());
            write(out, secret.serverKey());
            out.writeInt(secret.iterations());
        }
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeByte(bytes.length);
        out.write(bytes);
    }

    private static @Nullable ScramSecret readSecret(DataInputStream in) throws IOException {
        return in.readBoolean() ? new ScramSecret(bytes(in), bytes(in), bytes(in), in.readInt()) : null;
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readByte()];
        in.readFully(bytes);
        return bytes;
    }

    @FunctionalInterface
    private interface Fields {
        void write(DataOutputStream out) throws IOException;
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    private static byte[] written(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            fields.write(out);
        } catch (IOException e) {
            throw RmqError.INVALID_CONFIG.exception("it cannot be written: " + e.getMessage());
        }
        return bytes.toByteArray();
    }

    private static <T> T read(byte[] value, Reader<T> fields) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
            byte version = in.readByte();
            if (version != VERSION) {
                throw RmqError.NOT_SUPPORTED.exception("written by a newer build (version " + version + ")");
            }
            return fields.read(in);
        } catch (IOException | IllegalArgumentException | NegativeArraySizeException e) {
            throw RmqError.CORRUPT_DATA.exception("damaged: " + e.getMessage());
        }
    }
}
