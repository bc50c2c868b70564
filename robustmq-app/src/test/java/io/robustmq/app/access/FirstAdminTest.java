/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemMemoryBudget;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.meta.client.MetaClient;
import io.robustmq.node.NodeContext;
import io.robustmq.node.NodeIdentity;
import io.robustmq.node.Role;
import io.robustmq.node.StartRefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstAdminTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final InMemoryMeta meta = new InMemoryMeta();
    private final List<String> console = new CopyOnWriteArrayList<>();
    private final List<FirstAdmin> started = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(FirstAdmin::stop);
    }

    private Accounts start(@Nullable String passwordFile) {
        NodeContext node = new NodeContext(
                new NodeIdentity("red", new NodeId(7), Set.of(Role.META)),
                directory,
                SystemClock.INSTANCE,
                SystemRandom.INSTANCE,
                new SystemMemoryBudget(1 << 20),
                () -> {
                    throw new IllegalStateException("no loops here");
                });
        node.put(MetaClient.class, meta);
        Accounts accounts = new Accounts(SystemClock.INSTANCE);
        FirstAdmin first = new FirstAdmin(node, accounts, new Passwords(), passwordFile, console::add);
        started.add(first);
        first.start();
        return accounts;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private Path file(String text) throws Exception {
        return Files.writeString(directory.resolve("password"), text);
    }

    @Test
    void onePasswordIsToldForAClusterHoweverManyNodesStart() {
        start(null);
        start(null);
        await(() -> !console.isEmpty());
        Accounts third = start(null);
        await(() -> third.account(FirstAdmin.NAME) != null);
        assertThat(console)
                .singleElement()
                .satisfies(told -> assertThat(told).containsPattern("password {2}[a-z0-9]{5}(-[a-z0-9]{5}){4}"));
        Account admin = third.account(FirstAdmin.NAME);
        assertThat(admin).isNotNull();
        assertThat(admin.role()).isEqualTo(AdminRole.ADMIN);
        assertThat(admin.passwordHash()).startsWith("$2");
        assertThat(admin.toString()).doesNotContain("$2");
    }

    @Test
    void aPasswordThatIsGivenIsNotTold() throws Exception {
        Accounts accounts = start(file("correct horse\n").toString());
        await(() -> accounts.account(FirstAdmin.NAME) != null);
        Account admin = accounts.account(FirstAdmin.NAME);
        assertThat(admin).isNotNull();
        assertThat(new Passwords()
                        .matches("correct horse", admin.passwordHash())
                        .block(PATIENCE))
                .isTrue();
        assertThat(console).isEmpty();
    }

    @Test
    void aFileWithoutAPasswordRefusesTheStart() throws Exception {
        String shortOne = file("1234567").toString();
        assertThatExceptionOfType(StartRefusedException.class)
                .isThrownBy(() -> start(shortOne))
                .withMessageContaining("holds no password")
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("1234567"));
        String absent = directory.resolve("absent").toString();
        assertThatExceptionOfType(StartRefusedException.class)
                .isThrownBy(() -> start(absent))
                .withMessageContaining("cannot be read");
    }
}
