/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

/** What one client may do. Confined to the loop of its connection; neither blocks nor allocates when asked again. */
public interface ClientAccess {

    /** @param canonicalSubject dot spelling */
    boolean mayPublish(String canonicalSubject, int qos, boolean retain);

    /** @param canonicalFilter dot spelling, wildcards of its protocol */
    boolean maySubscribe(String canonicalFilter, int qos);
}
