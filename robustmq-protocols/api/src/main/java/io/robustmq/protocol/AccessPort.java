/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Who may connect and do what. Thread-safe; decisions about subjects must not block. */
public interface AccessPort {

    /** Decides a connection attempt; never fails, an unreachable source is a refusal. */
    CompletionStage<Boolean> connect(ClientIdentity client, byte @Nullable [] password);

    /** @param canonicalSubject dot spelling */
    boolean mayPublish(ClientIdentity client, String canonicalSubject);

    /** @param canonicalFilter dot spelling, wildcards of its protocol */
    boolean maySubscribe(ClientIdentity client, String canonicalFilter);

    /** Whether the client may see the group of consumers, take part in it, and change its offsets. */
    default boolean mayUseGroup(ClientIdentity client, String group) {
        return true;
    }

    /** Whether everything is allowed to everybody; said in log and health. */
    boolean allowsAll();
}
