/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Users of a directory that speaks LDAP. */
@NullMarked
package io.robustmq.access.ldap;

import org.jspecify.annotations.NullMarked;
