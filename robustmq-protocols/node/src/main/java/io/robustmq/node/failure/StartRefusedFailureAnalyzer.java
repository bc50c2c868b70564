/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.failure;

import io.robustmq.node.StartRefusedException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says what the exception says, wherever Spring has wrapped it: before Boot's own analyzers, which would speak of beans
 * and constructors. Immutable.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class StartRefusedFailureAnalyzer extends AbstractFailureAnalyzer<StartRefusedException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, StartRefusedException refused) {
        return new FailureAnalysis(String.valueOf(refused.getMessage()), refused.action(), refused);
    }
}
