/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import io.robustmq.kernel.RmqError;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Hashes and checks passwords on threads of its own, few enough that guessing takes no core away from messages. A password
 * that was right is remembered for as long as the process runs, as a hash that only this process can make. Thread-safe: the
 * cache is guarded by itself, the rest is immutable.
 */
final class Passwords {
    static final int LENGTH_MIN = 8;
    /** bcrypt looks at no more. */
    static final int BYTES_MAX = 72;

    private static final int STRENGTH = 10;
    private static final int THREADS = 2;
    private static final int WAITING_MAX = 64;
    private static final int IDLE_SECONDS = 30;
    private static final int REMEMBERED_MAX = 1000;

    private final BCryptPasswordEncoder encoder = new BCryptPasswordEncoder(STRENGTH);
    private final Scheduler threads =
            Schedulers.newBoundedElastic(THREADS, WAITING_MAX, "admin-password", IDLE_SECONDS, true);
    private final String processSecret = new Secrets().tokenSecret();
    private final Map<String, Boolean> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    /** Fails with INVALID_REQUEST when it is too short or too long. */
    static String checked(@Nullable String password) {
        if (password == null
                || password.length() < LENGTH_MIN
                || password.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
            throw RmqError.INVALID_REQUEST.exception(
                    "a password has at least " + LENGTH_MIN + " characters and at most " + BYTES_MAX + " bytes");
        }
        return password;
    }

    Mono<String> hash(String password) {
        return Mono.fromCallable(() -> encoder.encode(password)).subscribeOn(threads);
    }

    /** @param hash null for nobody, which takes as long */
    Mono<Boolean> matches(String password, @Nullable String hash) {
        if (password.isEmpty() || password.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
            return Mono.just(false);
        }
        return Mono.defer(() -> {
            String key = Secrets.sha256(processSecret + hash + " " + password);
            synchronized (remembered) {
                if (remembered.get(key) != null) {
                    return Mono.just(true);
                }
            }
            return Mono.fromCallable(() -> check(password, hash, key)).subscribeOn(threads);
        });
    }

    private boolean check(String password, @Nullable String hash, String key) {
        boolean right = encoder.matches(password, hash == null ? Nobody.HASH : hash) && hash != null;
        if (right) {
            synchronized (remembered) {
                remembered.put(key, true);
            }
        }
        return right;
    }

    void close() {
        threads.dispose();
    }

    /** The hash of a password that nobody has. Made when the first unknown account is asked for. */
    private static final class Nobody {
        static final String HASH = new BCryptPasswordEncoder(STRENGTH).encode(new Secrets().tokenSecret());
    }
}
