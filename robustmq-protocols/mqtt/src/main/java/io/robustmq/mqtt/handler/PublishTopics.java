/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.handler;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.mqtt.rules.MqttRules;
import io.robustmq.mqtt.rules.RewriteRules;
import io.robustmq.mqtt.rules.RuleClient;
import io.robustmq.mqtt.session.MqttServices;
import io.robustmq.protocol.Publish;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the topic of a client's publish means: rules may rewrite it, and it may say a time. The last topic that was rewritten is
 * remembered. Confined to the client's loop.
 */
final class PublishTopics {
    private final MqttServices services;
    private final MqttRules rules;
    private final RuleClient client;
    private @Nullable RewriteRules lastRules;
    private ByteBuf lastTopic = Unpooled.EMPTY_BUFFER;
    /** Null when the rules made nothing legal of it. */
    private @Nullable ByteBuf lastRewritten;

    PublishTopics(MqttServices services, String tenant, RuleClient client) {
        this.services = services;
        this.rules = services.rules(tenant);
        this.client = client;
    }

    /** Sets subject and time of the message; answers why it cannot be published. */
    @Nullable
    RmqError resolve(Publish message) {
        RewriteRules rewrites = rules.publishing();
        if (rewrites != null && !rewrite(rewrites, message)) {
            return RmqError.INVALID_SUBJECT;
        }
        if (!DelayedTopic.owns(message.subjectBuffer(), message.subjectOffset(), message.subjectLength())) {
            return null;
        }
        RmqError refusal = DelayedTopic.apply(message, services.ports().clock().millis());
        if (refusal == null && rewrites != null && !rewrite(rewrites, message)) {
            return RmqError.INVALID_SUBJECT;
        }
        return refusal == null
                        && DelayedTopic.owns(message.subjectBuffer(), message.subjectOffset(), message.subjectLength())
                ? RmqError.INVALID_SUBJECT
                : refusal;
    }

    private boolean rewrite(RewriteRules rewrites, Publish message) {
        int length = message.subjectLength();
        boolean known = lastRules == rewrites
                && lastTopic.readableBytes() == length
                && ByteBufUtil.equals(lastTopic, 0, message.subjectBuffer(), message.subjectOffset(), length);
        if (!known) {
            byte[] topic = new byte[length];
            message.subjectBuffer().getBytes(message.subjectOffset(), topic);
            lastRules = rewrites;
            lastTopic = Unpooled.wrappedBuffer(topic);
            lastRewritten = rewritten(rewrites, new String(topic, StandardCharsets.UTF_8));
        }
        ByteBuf rewritten = lastRewritten;
        if (rewritten == null) {
            rules.refused.increment();
            return false;
        }
        if (rewritten != lastTopic) {
            rules.rewritten.increment();
            message.subject(rewritten, 0, rewritten.readableBytes());
        }
        return true;
    }

    private @Nullable ByteBuf rewritten(RewriteRules rewrites, String topic) {
        String other = rewrites.apply(topic, client);
        if (topic.equals(other)) {
            return lastTopic;
        }
        return other == null || !Subjects.isLegalSubject(Spelling.SLASH, other)
                ? null
                : Unpooled.wrappedBuffer(other.getBytes(StandardCharsets.UTF_8));
    }
}
