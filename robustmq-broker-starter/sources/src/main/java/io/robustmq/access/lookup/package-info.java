/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** What sources that look users up have in common. */
@NullMarked
package io.robustmq.access.lookup;

import org.jspecify.annotations.NullMarked;
