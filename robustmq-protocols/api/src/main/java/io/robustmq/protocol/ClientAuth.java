/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

/** Whether clients of an encrypted listener show a certificate. */
public enum ClientAuth {
    /** They are not asked. */
    NONE,
    /** They are asked; one that is shown must be trusted. */
    OPTIONAL,
    /** Without a trusted certificate nobody comes in. */
    REQUIRED
}
