/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import io.robustmq.broker.access.AccessConfig;
import io.robustmq.broker.access.AccessControl;
import io.robustmq.broker.access.CredentialSource;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.AccessRule.Effect;
import io.robustmq.protocol.AccessRule.Who;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;

/** Users and rules of a broker under test, as a node has them. Thread-safe. */
public final class OpenedAccess implements AutoCloseable {
    private static final String TENANT = "default";

    private final ExecutorService passwords = SystemThreads.pool("test-passwords", 2);
    private final SystemThreads.OwnLoop timers = SystemThreads.loop("test-access");
    private final AccessControl control;

    public OpenedAccess() {
        this(new InMemoryMeta(), List.of());
    }

    /** With others who know users. */
    public OpenedAccess(List<CredentialSource> others) {
        this(new InMemoryMeta(), others);
    }

    /** With the tenants of a cluster. */
    public OpenedAccess(InMemoryMeta meta) {
        this(meta, List.of());
    }

    private OpenedAccess(InMemoryMeta meta, List<CredentialSource> others) {
        control = new AccessControl(
                AccessConfig.DEFAULTS, SystemClock.INSTANCE, SystemRandom.INSTANCE, passwords, others);
        control.open(meta.documents(), timers.loop(), () -> meta.image().tenants())
                .toCompletableFuture()
                .join();
    }

    public AccessControl control() {
        return control;
    }

    public OpenedAccess user(String name, String password) {
        return user(name, password, false);
    }

    public OpenedAccess user(String name, String password, boolean superuser) {
        return user(TENANT, name, password, superuser);
    }

    public OpenedAccess user(String tenant, String name, String password, boolean superuser) {
        control.admin()
                .addUser(tenant, name, bytes(password), superuser)
                .toCompletableFuture()
                .join();
        return this;
    }

    public OpenedAccess allow(String rule, String user, Action action, String filter) {
        return rule(AccessRule.ofSubject(TENANT, rule, Effect.ALLOW, Who.USER, user, action, filter));
    }

    public OpenedAccess deny(String rule, String user, Action action, String filter) {
        return rule(AccessRule.ofSubject(TENANT, rule, Effect.DENY, Who.USER, user, action, filter));
    }

    public OpenedAccess rule(AccessRule rule) {
        control.admin().add(rule).toCompletableFuture().join();
        return this;
    }

    public void revoke(String rule) {
        control.admin().deleteRule(TENANT, rule).toCompletableFuture().join();
    }

    public void delete(String user) {
        control.admin().deleteUser(TENANT, user).toCompletableFuture().join();
    }

    public void password(String user, String password) {
        control.admin()
                .changePassword(TENANT, user, bytes(password))
                .toCompletableFuture()
                .join();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        control.close();
        timers.close();
        passwords.shutdownNow();
    }
}
