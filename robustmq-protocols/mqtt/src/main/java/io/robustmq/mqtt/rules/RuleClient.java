/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.rules;

import org.jspecify.annotations.Nullable;

/**
 * What a rule may know of a client. Immutable.
 *
 * @param port of the client's side; 0 when it is not known any more
 */
public record RuleClient(String clientId, @Nullable String userName, String host, int port) {}
