/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel;

/** The outermost name space. */
public final class Tenants {
    /** Exists always; the tenant of every client that names none. */
    public static final String DEFAULT = "default";

    private Tenants() {}
}
