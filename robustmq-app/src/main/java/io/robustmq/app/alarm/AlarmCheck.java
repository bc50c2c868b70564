/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import java.util.List;

/** Looks at a part of the node. What it does not find is good. Confined to the loop of the alarms. */
@FunctionalInterface
interface AlarmCheck {
    List<Finding> look();
}
