/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which sessions of one shard of {@code __sessions} have filters of groups. While the shard is loaded nobody hears of changes; what
 * has changed by then is told at its end. Confined to the coordinator's loop.
 */
final class GroupMembers {
    private final Life life;
    private Map<GroupKey, Set<String>> members = new HashMap<>();
    private Map<GroupKey, Set<String>> told = Map.of();
    private boolean loading = true;

    /** Hears of it; called on the coordinator's loop, before the change is committed. */
    interface Life {
        void joined(GroupKey group, String clientId);

        /** @param session whose shard it was told by */
        void left(GroupKey group, SessionKey session);
    }

    GroupMembers(Life life) {
        this.life = life;
    }

    void changed(SessionKey session, String filter, boolean there) {
        GroupKey group = GroupKey.of(session.tenant(), filter);
        if (group == null) {
            return;
        }
        Set<String> clients = members.computeIfAbsent(group, key -> new HashSet<>());
        boolean changed = there ? clients.add(session.clientId()) : clients.remove(session.clientId());
        if (clients.isEmpty()) {
            members.remove(group);
        }
        if (changed && !loading) {
            tell(group, session.clientId(), there);
        }
    }

    private void tell(GroupKey group, String clientId, boolean there) {
        if (there) {
            life.joined(group, clientId);
        } else {
            life.left(group, new SessionKey(group.tenant(), clientId));
        }
    }

    void reset() {
        if (!loading) {
            told = members;
            loading = true;
        }
        members = new HashMap<>();
    }

    void loaded() {
        Map<GroupKey, Set<String>> before = told;
        told = Map.of();
        loading = false;
        members.forEach((group, clients) -> clients.forEach(client -> {
            if (!before.getOrDefault(group, Set.of()).contains(client)) {
                tell(group, client, true);
            }
        }));
        before.forEach((group, clients) -> clients.forEach(client -> {
            if (!members.getOrDefault(group, Set.of()).contains(client)) {
                tell(group, client, false);
            }
        }));
    }
}
