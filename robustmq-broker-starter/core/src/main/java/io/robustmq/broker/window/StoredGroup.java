/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import io.robustmq.kernel.ShardId;
import io.robustmq.protocol.WindowPort.Group;
import java.util.List;

/**
 * A group as an earlier process has left it. Immutable.
 *
 * @param sinceMillis tells it from a later one of the same name
 * @param held what of it sessions have begun at QoS 2 and not finished
 */
public record StoredGroup(Group group, long sinceMillis, GroupProgress progress, List<Held> held) {

    /**
     * A message that is one client's.
     *
     * @param settled the client has it, or its session has ended: nobody gets it any more
     */
    public record Held(String clientId, ShardId shard, long offset, boolean settled) {}
}
