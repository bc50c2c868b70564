/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.Clock;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.MemoryBudget;
import io.robustmq.kernel.RandomSource;
import org.jspecify.annotations.Nullable;

/**
 * Everything of the broker that a protocol may use. Immutable.
 *
 * @param tracing null where no message is followed
 */
public record Ports(
        PublishPort publish,
        SubscribePort subscribe,
        WindowPort windows,
        RetainedPort retained,
        DelayPort delays,
        SessionPort sessions,
        AccessPort access,
        QuotaPort quotas,
        TenantPort tenants,
        TopicPort topics,
        LogPort log,
        CoordinatorLogPort coordinatorLogs,
        DocumentPort documents,
        Turns turns,
        LoopGroup loops,
        Clock clock,
        RandomSource random,
        MemoryBudget budget,
        @Nullable Tracing tracing) {}
