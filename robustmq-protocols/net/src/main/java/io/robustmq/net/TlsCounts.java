/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

/**
 * The TLS handshakes of all listeners since the start. Immutable.
 *
 * @param pending under way
 * @param done led to an encrypted connection
 * @param failed the client went, took too long, or had no key that fits
 * @param refused not begun, or given up for a newer one, because too many were under way
 */
public record TlsCounts(int pending, long done, long failed, long refused) {}
