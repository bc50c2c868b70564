/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.config;

/**
 * A key that was set for the whole cluster while it runs: the content of a document. Immutable.
 *
 * @param by the account
 */
public record Setting(String value, String by, long sinceMillis) {}
