/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.meta.client.MetaClient;
import io.robustmq.node.NodeContext;
import io.robustmq.node.Phases;
import io.robustmq.node.StartRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Follows the accounts as soon as the node reaches meta, and makes the first one of a cluster that has none. Its password is
 * told once, on the console and in no log; what is kept is its hash. Confined to the thread that starts and stops the
 * context, but for what happens in the background.
 */
final class FirstAdmin implements SmartLifecycle {
    static final String NAME = "admin";

    private static final Logger LOG = LoggerFactory.getLogger(FirstAdmin.class);
    private static final int RETRIES = 8;
    private static final Duration RETRY_FIRST = Duration.ofMillis(500);

    private final NodeContext node;
    private final Accounts accounts;
    private final Passwords passwords;
    private final @Nullable String passwordFile;
    private final Consumer<String> console;
    private @Nullable Disposable making;
    private volatile boolean running;

    FirstAdmin(
            NodeContext node,
            Accounts accounts,
            Passwords passwords,
            @Nullable String passwordFile,
            Consumer<String> console) {
        this.node = node;
        this.accounts = accounts;
        this.passwords = passwords;
        this.passwordFile = passwordFile;
        this.console = console;
    }

    @Override
    public void start() {
        String given = passwordFile == null ? null : read(passwordFile);
        MetaClient meta = node.get(MetaClient.class);
        accounts.open(meta.documents());
        making = make(given)
                .retryWhen(Retry.backoff(RETRIES, RETRY_FIRST))
                .subscribe(
                        nothing -> {},
                        failure -> LOG.warn(
                                "It could not be found out whether anybody may log in to the admin API; the next start"
                                        + " tries again: {}",
                                failure.toString()));
        running = true;
    }

    private Mono<Void> make(@Nullable String given) {
        return Mono.fromCompletionStage(accounts::anybody)
                .filter(anybody -> !anybody)
                .flatMap(nobody -> {
                    String password = given == null ? new Secrets().password() : given;
                    return passwords
                            .hash(password)
                            .flatMap(hash -> Mono.fromCompletionStage(() -> accounts.add(NAME, AdminRole.ADMIN, hash)))
                            .doOnNext(made -> tell(given == null ? password : null));
                })
                // Another node was first, and has told.
                .onErrorResume(
                        failure -> RmqException.errorOf(failure) == RmqError.REVISION_MISMATCH, made -> Mono.empty())
                .then();
    }

    private void tell(@Nullable String generated) {
        if (generated == null) {
            LOG.info("The account {} of the admin API has the password of robustmq.admin.password-file", NAME);
            return;
        }
        console.accept(String.join(
                System.lineSeparator(),
                "",
                "  The admin API has its first account. This is told once and kept nowhere:",
                "",
                "      user      " + NAME,
                "      password  " + generated,
                "",
                "  Another password: ctl admins password " + NAME,
                ""));
        LOG.info("The admin API has its first account, {}; its password is on the console", NAME);
    }

    private static String read(String file) {
        try {
            return Passwords.checked(Files.readString(Path.of(file)).strip());
        } catch (IOException e) {
            throw new StartRefusedException(
                    "robustmq.admin.password-file: " + file + " cannot be read: "
                            + e.getClass().getSimpleName() + ".",
                    "Put the first password of the account admin there, readable for this user, or leave the key out.");
        } catch (RmqException e) {
            throw new StartRefusedException(
                    "robustmq.admin.password-file: " + file + " holds no password: " + e.getMessage() + ".",
                    "Put a password there, or leave the key out, and one is generated.");
        }
    }

    @Override
    public void stop() {
        running = false;
        Disposable unfinished = making;
        if (unfinished != null) {
            unfinished.dispose();
        }
        accounts.close();
        passwords.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.META + 20;
    }
}
