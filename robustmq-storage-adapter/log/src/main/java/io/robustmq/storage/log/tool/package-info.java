/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** What people do with the files of a stopped node: look into them, prove them, mend them. */
@org.jspecify.annotations.NullMarked
package io.robustmq.storage.log.tool;
