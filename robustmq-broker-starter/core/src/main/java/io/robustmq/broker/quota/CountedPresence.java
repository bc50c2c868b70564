/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.quota;

import io.robustmq.broker.quota.Account.Name;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.QuotaAdminPort.Whom;
import io.robustmq.protocol.QuotaPort.Meter;
import io.robustmq.protocol.QuotaPort.Presence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection: what it charges, made anew when quotas change. Confined to the connection's loop. */
final class CountedPresence implements Presence {
    private final QuotaControl control;
    private final ClientIdentity client;
    private final Account tenant;
    private final @Nullable Account user;
    private @Nullable Account own;
    private QuotaBook seen = QuotaBook.EMPTY;
    private @Nullable Meter incoming;
    private @Nullable Meter outgoing;
    private boolean left;

    CountedPresence(QuotaControl control, ClientIdentity client, Account tenant, @Nullable Account user) {
        this.control = control;
        this.client = client;
        this.tenant = tenant;
        this.user = user;
    }

    @Override
    public @Nullable Meter incoming() {
        QuotaBook now = control.book();
        if (now != seen) {
            follow(now);
        }
        return incoming;
    }

    @Override
    public @Nullable Meter outgoing() {
        QuotaBook now = control.book();
        if (now != seen) {
            follow(now);
        }
        return outgoing;
    }

    private void follow(QuotaBook now) {
        if (left) {
            return;
        }
        seen = now;
        if (now.ofClients() && own == null && !client.clientId().isEmpty()) {
            own = control.hold(new Name(client.tenant(), Whom.CLIENT, client.clientId()));
        }
        List<Account> accounts = new ArrayList<>();
        accounts.add(tenant);
        add(user, accounts);
        add(own, accounts);
        incoming = control.meter(now, accounts, true);
        outgoing = control.meter(now, accounts, false);
    }

    private static void add(@Nullable Account account, List<Account> to) {
        if (account != null) {
            to.add(account);
        }
    }

    @Override
    public void leave() {
        if (left) {
            return;
        }
        left = true;
        control.letGo(tenant);
        if (user != null) {
            control.letGo(user);
        }
        if (own != null) {
            control.letGo(own);
        }
    }
}
