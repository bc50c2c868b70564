/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** A broker in a container, for tests. */
@NullMarked
package io.robustmq.testcontainers;

import org.jspecify.annotations.NullMarked;
