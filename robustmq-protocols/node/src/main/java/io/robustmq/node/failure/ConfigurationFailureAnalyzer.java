/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.failure;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** A value that core code refused ({@link RmqError#INVALID_CONFIG}); the sentence is the core's own. Immutable. */
class ConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<RmqException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, RmqException refused) {
        if (refused.error() != RmqError.INVALID_CONFIG) {
            return null;
        }
        return new FailureAnalysis(
                "The configuration is not possible: " + refused.getMessage() + ".",
                "Change the value of that key.",
                refused);
    }
}
