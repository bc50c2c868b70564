/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Whether strangers may do everything: clients come from other machines and nobody has to log in. Thread-safe: immutable. */
final class OpenCheck implements AlarmCheck {
    private final BooleanSupplier open;
    private final Supplier<Map<String, String>> listeners;

    /**
     * @param open whether clients are let in without a user, and may do what no rule is about
     * @param listeners name to {@code host:port}
     */
    OpenCheck(BooleanSupplier open, Supplier<Map<String, String>> listeners) {
        this.open = open;
        this.listeners = listeners;
    }

    @Override
    public List<Finding> look() {
        if (!open.getAsBoolean()) {
            return List.of();
        }
        List<String> reachable = new ArrayList<>();
        listeners.get().forEach((name, address) -> {
            if (!isLoopback(address.substring(0, Math.max(0, address.lastIndexOf(':'))))) {
                reachable.add(name + " " + address);
            }
        });
        return reachable.isEmpty()
                ? List.of()
                : List.of(Finding.bad(
                        AlarmKind.OPEN_TO_ALL,
                        "",
                        "Ports are open to other machines and there is no user yet, so everybody may do everything. Add one: 'ctl users"
                                + " add NAME'; from then on clients log in and what no rule allows is denied (docs/security.md).",
                        Map.of("listeners", reachable)));
    }

    /** Addresses only: nothing is looked up. */
    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
