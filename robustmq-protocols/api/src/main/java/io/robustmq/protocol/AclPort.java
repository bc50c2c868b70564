/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The rules of the cluster about who may do what. Thread-safe. */
public interface AclPort {

    /** All rules of the tenant, by name. */
    List<AccessRule> rules(String tenant);

    /** Fails with INVALID_CONFIG when it says no rule, TOPIC_EXISTS when there is one of that name, QUOTA_EXCEEDED. */
    CompletionStage<AccessRule> add(AccessRule rule);

    /** Fails with NOT_FOUND. */
    CompletionStage<Void> deleteRule(String tenant, String name);

    /** What would be decided, and which rule decides it. */
    Decision decide(ClientIdentity client, Question question);

    /** See {@link #decide}. */
    record Question(AccessRule.Action action, AccessRule.Resource resource, String name, int qos, boolean retain) {}

    /** @param rule null when none is about it */
    record Decision(boolean allowed, @Nullable String rule, String why) {}
}
