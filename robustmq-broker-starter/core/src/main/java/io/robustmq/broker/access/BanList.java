/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.protocol.AccessRule.Who;
import io.robustmq.protocol.BanPort.Ban;
import io.robustmq.protocol.ClientIdentity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All bans at one time. Immutable. */
final class BanList {
    static final BanList EMPTY = new BanList(List.of());

    private final Map<Name, Ban> named = new HashMap<>();
    private final List<Range> ranges = new ArrayList<>();

    private record Name(String tenant, Who who, String value) {}

    private record Range(Ban ban, AddressRange addresses) {}

    BanList(Collection<Ban> bans) {
        for (Ban each : bans) {
            if (each.who() == Who.ADDRESS) {
                ranges.add(new Range(each, AddressRange.of(each.value())));
            } else {
                named.put(new Name(each.tenant(), each.who(), each.value()), each);
            }
        }
    }

    boolean isEmpty() {
        return named.isEmpty() && ranges.isEmpty();
    }

    boolean holds(ClientIdentity client, long nowMillis) {
        if (isEmpty()) {
            return false;
        }
        String user = client.userName();
        if (user != null && holds(named.get(new Name(client.tenant(), Who.USER, user)), nowMillis)
                || holds(named.get(new Name(client.tenant(), Who.CLIENT_ID, client.clientId())), nowMillis)) {
            return true;
        }
        for (Range each : ranges) {
            if (each.ban.tenant().equals(client.tenant())
                    && holds(each.ban, nowMillis)
                    && each.addresses.contains(client.remoteAddress())) {
                return true;
            }
        }
        return false;
    }

    static boolean holds(@Nullable Ban ban, long nowMillis) {
        return ban != null && (ban.untilMillis() == 0 || ban.untilMillis() > nowMillis);
    }
}
