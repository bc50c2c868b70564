/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

/**
 * User event on a connection's pipeline: somebody wants it closed. A protocol that can say why does so, closes, and
 * does not pass the event on; a connection whose handlers pass it on is closed without a farewell. Immutable.
 *
 * @param reason a sentence for the log and, where the protocol has room for it, for the client
 */
public record CloseRequest(String reason) {}
