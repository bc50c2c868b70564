/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.protocol.ClientAccess;
import io.robustmq.protocol.ClientIdentity;
import org.jspecify.annotations.Nullable;

/**
 * One connection's rights: compiled when rules have changed, and the last decisions about subjects remembered. Confined to the
 * connection's loop.
 */
final class CachedAccess implements ClientAccess {
    private static final int SLOTS = 32;

    private final AccessControl control;
    private final ClientIdentity client;
    private AccessControl.@Nullable State state;
    private RuleSet.@Nullable View view;
    private @Nullable String @Nullable [] subjects;
    /** Four bits of each slot: quality of service, retain, allowed. */
    private byte[] decisions = {};

    CachedAccess(AccessControl control, ClientIdentity client) {
        this.control = control;
        this.client = client;
    }

    private RuleSet.@Nullable View current() {
        AccessControl.State now = control.state();
        if (now != state) {
            state = now;
            view = now.open() ? null : control.view(now, client);
            subjects = null;
        }
        return view;
    }

    @Override
    public boolean mayPublish(String canonicalSubject, int qos, boolean retain) {
        RuleSet.View mine = current();
        if (mine == null) {
            return true;
        }
        @Nullable String[] known = subjects;
        if (known == null) {
            known = new String[SLOTS];
            subjects = known;
            decisions = new byte[SLOTS];
        }
        int asked = qos | (retain ? 4 : 0);
        int hash = canonicalSubject.hashCode() + asked;
        int slot = (hash ^ hash >>> 16) & SLOTS - 1;
        int decision = decisions[slot];
        if ((decision & 7) == asked && canonicalSubject.equals(known[slot])) {
            return counted((decision & 8) != 0);
        }
        boolean allowed = mine.mayPublish(canonicalSubject, qos, retain);
        known[slot] = canonicalSubject;
        decisions[slot] = (byte) (asked | (allowed ? 8 : 0));
        return counted(allowed);
    }

    private boolean counted(boolean allowed) {
        if (!allowed) {
            control.denied(client);
        }
        return allowed;
    }

    @Override
    public boolean maySubscribe(String canonicalFilter, int qos) {
        RuleSet.View mine = current();
        return mine == null || counted(mine.maySubscribe(canonicalFilter, qos));
    }
}
