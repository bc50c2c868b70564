/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.rules;

import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.TopicRulePort.Action;
import io.robustmq.protocol.TopicRulePort.AutoSubscription;
import io.robustmq.protocol.TopicRulePort.Rewrite;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** Rules as documents: 1 byte version, then the fields in their order. Stateless. */
final class RuleDocuments {
    private static final byte VERSION = 1;

    private RuleDocuments() {}

    static byte[] of(Rewrite rule) {
        return written(out -> {
            out.writeUTF(rule.action().name());
            out.writeUTF(rule.source());
            out.writeUTF(rule.regex());
            out.writeUTF(rule.destination());
        });
    }

    static byte[] of(AutoSubscription rule) {
        return written(out -> {
            out.writeUTF(rule.filter());
            out.writeByte(rule.qos());
            out.writeBoolean(rule.noLocal());
            out.writeBoolean(rule.retainAsPublished());
            out.writeByte(rule.retainHandling());
        });
    }

    static Rewrite rewrite(String name, byte[] value) {
        return read(
                value,
                in -> new Rewrite(name, false, Action.valueOf(in.readUTF()), in.readUTF(), in.readUTF(), in.readUTF()));
    }

    static AutoSubscription autoSubscription(String name, byte[] value) {
        return read(
                value,
                in -> new AutoSubscription(
                        name, false, in.readUTF(), in.readByte(), in.readBoolean(), in.readBoolean(), in.readByte()));
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
            throw RmqError.INVALID_CONFIG.exception("the rule cannot be written: " + e.getMessage());
        }
        return bytes.toByteArray();
    }

    private static <T> T read(byte[] value, Reader<T> fields) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
            byte version = in.readByte();
            if (version != VERSION) {
                throw RmqError.NOT_SUPPORTED.exception("a rule was written by a newer build (version " + version + ")");
            }
            return fields.read(in);
        } catch (IOException | IllegalArgumentException e) {
            throw RmqError.CORRUPT_DATA.exception("a rule is damaged: " + e.getMessage());
        }
    }
}
