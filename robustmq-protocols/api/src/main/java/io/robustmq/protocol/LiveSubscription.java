/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.subject.Spelling;

/**
 * One filter of one subscriber. Immutable.
 *
 * @param maxQos granted quality of service
 * @param noLocal own publishes are not delivered
 * @param retainAsPublished the retain flag is passed on
 * @param subscriptionId the subscriber's own number for it, 0 for none
 */
public record LiveSubscription(
        Sink sink,
        Spelling spelling,
        String filter,
        int maxQos,
        boolean noLocal,
        boolean retainAsPublished,
        int subscriptionId) {}
