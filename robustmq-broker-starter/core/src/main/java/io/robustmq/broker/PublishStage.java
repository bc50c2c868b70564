/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.ClientAccess;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.PublishedSubject;
import org.jspecify.annotations.Nullable;

/**
 * One question every publish of a topic must pass: access, quota, schema. Compiled into an array when metadata changes.
 * Thread-safe; neither blocks nor allocates.
 */
@FunctionalInterface
interface PublishStage {

    /** Null to allow. */
    @Nullable
    RmqError check(ClientAccess access, PublishedSubject subject, Publish message);
}
