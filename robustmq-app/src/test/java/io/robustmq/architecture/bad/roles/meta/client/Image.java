/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.roles.meta.client;

/** What every role may see of the meta service. */
public final class Image {}
