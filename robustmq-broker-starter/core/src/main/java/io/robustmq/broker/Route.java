/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.netty.buffer.ByteBuf;
import io.robustmq.protocol.PublishedSubject;
import io.robustmq.protocol.Target;
import org.jspecify.annotations.Nullable;

/**
 * Where messages of one subject go, as one loop sees it: stages for what is captured and what is not, and the live
 * subscribers by loop. Immutable; valid while the versions of interest and directory stand.
 */
final class Route {
    final PublishedSubject subject;
    final @Nullable RunStage captured;
    final RunStage live;
    final boolean captureQos0;
    final boolean captureAcknowledged;
    final boolean keyIsSubject;
    final BrokerHeaders.@Nullable Mark mark;
    final PublishStage[] stages;
    final Target[][] targets;
    final long interestVersion;
    final long directoryVersion;

    Route(
            PublishedSubject subject,
            @Nullable RunStage captured,
            RunStage live,
            boolean captureQos0,
            boolean captureAcknowledged,
            boolean keyIsSubject,
            BrokerHeaders.@Nullable Mark mark,
            PublishStage[] stages,
            Target[][] targets,
            long interestVersion,
            long directoryVersion) {
        this.subject = subject;
        this.captured = captured;
        this.live = live;
        this.captureQos0 = captureQos0;
        this.captureAcknowledged = captureAcknowledged;
        this.keyIsSubject = keyIsSubject;
        this.mark = mark;
        this.stages = stages;
        this.targets = targets;
        this.interestVersion = interestVersion;
        this.directoryVersion = directoryVersion;
    }

    /** Where a publish of that quality of service is collected. */
    RunStage stageFor(int qos) {
        RunStage stage = captured;
        return stage != null && (qos == 0 ? captureQos0 : captureAcknowledged) ? stage : live;
    }

    /** Whether the bytes are this route's subject; eight at a time. */
    boolean isFor(ByteBuf buffer, int offset, int length) {
        byte[] own = subject.utf8();
        return own.length == length && SubjectBytes.equal(own, buffer, offset);
    }
}
