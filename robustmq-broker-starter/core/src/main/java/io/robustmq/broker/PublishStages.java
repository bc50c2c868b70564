/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.AccessPort;
import java.util.ArrayList;
import java.util.List;

/** Builds the array of stages. What allows everything is left out, so that it costs nothing. */
final class PublishStages {
    /** For subjects that no filter can match, for instance because they are too deep: found once a route, not a message. */
    static final PublishStage[] ILLEGAL_SUBJECT = {(access, subject, message) -> RmqError.INVALID_SUBJECT};

    /** The subject belongs to a topic that is not for this protocol. */
    static final PublishStage[] INVISIBLE = {(access, subject, message) -> RmqError.POLICY_VIOLATION};

    /** The subject is kept for what the node says about itself. */
    static final PublishStage[] RESERVED = {(access, subject, message) -> RmqError.UNAUTHORIZED};

    /** Whoever publishes is the node itself. */
    static final PublishStage[] NONE = {};

    private PublishStages() {}

    static PublishStage[] compile(BrokerConfig config, AccessPort port) {
        List<PublishStage> stages = new ArrayList<>();
        stages.add((access, subject, message) ->
                message.payloadLength() > config.payloadBytesMax() ? RmqError.PAYLOAD_TOO_LARGE : null);
        if (!(port instanceof AllowAll)) {
            // Also while there are no rules: they may come at any time.
            stages.add((access, subject, message) ->
                    access.mayPublish(subject.canonical(), message.qos(), message.retain())
                            ? null
                            : RmqError.UNAUTHORIZED);
        }
        return stages.toArray(new PublishStage[0]);
    }

    /** The stages of a compacted topic that binds one name: there the key is the client's own to give. */
    static PublishStage[] withKey(PublishStage[] stages) {
        PublishStage[] keyed = java.util.Arrays.copyOf(stages, stages.length + 1);
        keyed[stages.length] = (access, subject, message) -> message.key() == null ? RmqError.KEY_REQUIRED : null;
        return keyed;
    }
}
