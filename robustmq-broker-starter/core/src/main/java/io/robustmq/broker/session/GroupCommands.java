/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import io.robustmq.broker.coordinator.Command;
import io.robustmq.broker.coordinator.Command.Outcome;
import io.robustmq.broker.session.GroupRecords.GroupState;
import io.robustmq.broker.window.GroupProgress;
import io.robustmq.broker.window.StoredGroup.Held;
import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.SessionProgress.Outbound;
import io.robustmq.protocol.SessionProgress.Phase;
import io.robustmq.storage.Durability;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is asked of the coordinator that keeps a group. Stateless. */
final class GroupCommands {
    private GroupCommands() {}

    /** Answers with the group that is kept from now on, or has been before. */
    static Command<SessionMachine, GroupState> begin(GroupKey group, GroupProgress first, long nowMillis) {
        return machine -> {
            GroupState known = machine.group(group);
            if (known != null) {
                return Outcome.read(known);
            }
            GroupState begun = new GroupState(nowMillis, first);
            return Outcome.of(begun, List.of(GroupRecords.of(group, begun)));
        };
    }

    static Command<SessionMachine, Boolean> progress(
            GroupKey group, long sinceMillis, GroupProgress progress, boolean forced) {
        return machine -> {
            GroupState known = machine.group(group);
            if (known == null || known.sinceMillis() != sinceMillis) {
                throw RmqError.NOT_FOUND.exception("the group '" + group.name() + "' has ended");
            }
            return new Outcome<>(
                    true,
                    List.of(GroupRecords.of(group, new GroupState(sinceMillis, progress))),
                    forced ? Durability.FSYNC : Durability.OS_BUFFER);
        };
    }

    static Command<SessionMachine, Boolean> forget(GroupKey group) {
        return machine -> machine.group(group) == null
                ? Outcome.read(false)
                : Outcome.of(true, List.of(GroupRecords.gone(group)));
    }

    /** Answers when everything that was asked before is committed. */
    static Command<SessionMachine, Boolean> barrier() {
        return machine -> Outcome.read(true);
    }

    /** What one shard has of groups, and what its sessions have begun for them. */
    record Found(Map<GroupKey, GroupState> groups, Map<GroupKey, List<Held>> held) {}

    static Command<SessionMachine, Found> all() {
        return machine -> {
            Map<GroupKey, List<Held>> held = new HashMap<>();
            for (SessionState state : machine.all()) {
                for (Outbound each : state.progress().inFlight()) {
                    GroupKey group = each.group() == null
                            ? null
                            : GroupKey.of(state.key().tenant(), each.group());
                    if (group != null) {
                        boolean settled = each.phase() == Phase.PUBCOMP || state.subscription(each.group()) == null;
                        held.computeIfAbsent(group, key -> new ArrayList<>())
                                .add(new Held(state.key().clientId(), each.shard(), each.offset(), settled));
                    }
                }
            }
            return Outcome.read(new Found(Map.copyOf(machine.groups()), held));
        };
    }
}
