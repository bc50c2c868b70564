/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.state;

import com.google.protobuf.InvalidProtocolBufferException;
import io.robustmq.rpc.meta.DocumentKey;
import io.robustmq.rpc.meta.NodeState;

/** A document as it is kept: revision of its last change and content. Immutable; nobody writes to the array. */
public record Stored(DocKey key, byte[] value, long revision) {

    public DocumentKey toKey() {
        return key.toProto();
    }

    /** The content of a document of kind {@code node}. */
    public NodeState toNode() {
        try {
            return NodeState.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new StateFailure("the stored " + key + " is damaged", e);
        }
    }
}
