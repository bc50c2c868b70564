/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

/**
 * Who comes and goes too often. Immutable.
 *
 * @param disconnectsMax of one client id within the window; one more is too many
 * @param addressDisconnectsMax the same of one address; 0 to ban no addresses, which many clients may share
 * @param banMillis how long it stays outside
 * @param tableMax client ids and addresses that are counted at once; beyond, the eldest are forgotten
 */
public record FlappingConfig(
        boolean enabled,
        int disconnectsMax,
        int addressDisconnectsMax,
        long windowMillis,
        long banMillis,
        int tableMax) {

    /** As EMQX has it, and off as there. */
    public static final FlappingConfig DEFAULTS = new FlappingConfig(false, 15, 0, 60_000, 300_000, 100_000);
}
