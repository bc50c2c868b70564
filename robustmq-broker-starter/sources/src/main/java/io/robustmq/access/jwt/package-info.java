/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Tokens that say who a client is: signatures, claims, and keys that change. */
@org.jspecify.annotations.NullMarked
package io.robustmq.access.jwt;
