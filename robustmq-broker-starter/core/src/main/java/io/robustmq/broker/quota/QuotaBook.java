/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.quota;

import io.robustmq.broker.quota.Account.Name;
import io.robustmq.protocol.QuotaAdminPort.Quota;
import io.robustmq.protocol.QuotaAdminPort.Whom;
import io.robustmq.protocol.QuotaLimits;
import java.util.Collection;
import java.util.Map;

/** All quotas at one time. Immutable; compared by identity. */
final class QuotaBook {
    static final QuotaBook EMPTY = new QuotaBook(Map.of());

    private final Map<Name, Quota> quotas;
    private final boolean ofClients;

    QuotaBook(Map<Name, Quota> quotas) {
        this.quotas = Map.copyOf(quotas);
        this.ofClients = this.quotas.keySet().stream()
                .anyMatch(each -> each.whom() == Whom.CLIENT || each.whom() == Whom.EACH_CLIENT);
    }

    Collection<Quota> all() {
        return quotas.values();
    }

    /** Whether there is a quota of a client. */
    boolean ofClients() {
        return ofClients;
    }

    /** Its own, else those of each. */
    QuotaLimits limits(Name name) {
        Quota own = quotas.get(name);
        if (own == null && name.whom() != Whom.TENANT) {
            Whom each = name.whom() == Whom.USER ? Whom.EACH_USER : Whom.EACH_CLIENT;
            own = quotas.get(new Name(name.tenant(), each, ""));
        }
        return own == null ? QuotaLimits.NONE : own.limits();
    }
}
