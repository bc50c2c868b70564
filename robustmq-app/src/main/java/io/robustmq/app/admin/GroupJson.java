/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.protocol.GroupPort.GroupDescription;
import io.robustmq.protocol.GroupPort.GroupSummary;
import io.robustmq.protocol.GroupPort.Member;
import io.robustmq.protocol.GroupPort.Moved;
import io.robustmq.protocol.GroupPort.Position;
import java.util.LinkedHashMap;
import java.util.Map;

/** Groups as the admin API writes them. Stateless. */
final class GroupJson {

    private GroupJson() {}

    static Map<String, Object> of(GroupSummary group) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("group", group.group());
        json.put("type", group.type());
        json.put("state", group.state());
        return json;
    }

    static Map<String, Object> of(GroupDescription group) {
        Map<String, Object> json = of(new GroupSummary(group.group(), group.type(), group.state()));
        json.put("assignor", group.assignor());
        json.put("members", group.members().stream().map(GroupJson::of).toList());
        json.put("positions", group.positions().stream().map(GroupJson::of).toList());
        json.put(
                "lag",
                group.positions().stream()
                        .mapToLong(position -> position.lag() == null ? 0 : position.lag())
                        .sum());
        return json;
    }

    private static Map<String, Object> of(Member member) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("member", member.id());
        json.put("instance", member.instanceId());
        json.put("client", member.clientId());
        json.put("host", member.host());
        json.put(
                "assigned",
                member.assigned().stream()
                        .map(each -> each.topic() + "-" + each.partition())
                        .toList());
        return json;
    }

    private static Map<String, Object> of(Position position) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("topic", position.topic());
        json.put("partition", position.partition());
        json.put("committed", position.committed());
        json.put("startOffset", position.start());
        json.put("highWatermark", position.end());
        json.put("lag", position.lag());
        json.put("member", position.member());
        return json;
    }

    static Map<String, Object> of(Moved moved) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("topic", moved.topic());
        json.put("partition", moved.partition());
        json.put("before", moved.before());
        json.put("after", moved.after());
        return json;
    }
}
