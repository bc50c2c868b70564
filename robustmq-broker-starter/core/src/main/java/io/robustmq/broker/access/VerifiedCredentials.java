/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.broker.access.CredentialSource.Answer;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.RandomSource;
import io.robustmq.protocol.Grants;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.jspecify.annotations.Nullable;

/**
 * Passwords that were right, so that a client that comes back costs no hash. What is kept is a keyed hash whose key is of this
 * process: neither the password nor anything that could be tried elsewhere. Thread-safe: guarded by this.
 */
final class VerifiedCredentials {
    private static final int KEY_BYTES = 32;

    private final int max;
    private final Clock clock;
    private final KeyParameter key;
    private final Map<ByteBuffer, Known> known;
    final LongAdder hits = new LongAdder();

    /** What was answered then. Immutable. */
    record Known(String proof, Grants grants, long untilNanos) {}

    VerifiedCredentials(int max, Clock clock, RandomSource random) {
        this.max = max;
        this.clock = clock;
        byte[] secret = new byte[KEY_BYTES];
        random.nextBytes(secret);
        this.key = new KeyParameter(secret);
        this.known = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Known> eldest) {
                return size() > VerifiedCredentials.this.max;
            }
        };
    }

    /** @param revision changes with what the sources know of the user, so that what was right then is not found any more */
    ByteBuffer keyOf(String tenant, String user, String revision, byte[] password) {
        HMac mac = new HMac(new SHA256Digest());
        mac.init(key);
        for (String part : new String[] {tenant, user, revision}) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
                mac.update((byte) (bytes.length >> shift));
            }
            mac.update(bytes, 0, bytes.length);
        }
        mac.update(password, 0, password.length);
        byte[] out = new byte[mac.getMacSize()];
        mac.doFinal(out, 0);
        return ByteBuffer.wrap(out);
    }

    /** Null when it must be asked for. */
    synchronized @Nullable Known find(ByteBuffer credential) {
        Known found = known.get(credential);
        if (found == null) {
            return null;
        }
        if (found.untilNanos != Long.MAX_VALUE && clock.nanos() - found.untilNanos >= 0) {
            known.remove(credential);
            return null;
        }
        hits.increment();
        return found;
    }

    synchronized void remember(ByteBuffer credential, Answer answer) {
        Grants grants = answer.grants();
        long left =
                grants.expiresAtMillis() == Grants.NEVER ? Long.MAX_VALUE : grants.expiresAtMillis() - clock.millis();
        long millis = Math.min(answer.rememberMillis(), left);
        if (millis <= 0) {
            return;
        }
        long until = millis == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : clock.nanos() + TimeUnit.MILLISECONDS.toNanos(Math.min(millis, TimeUnit.DAYS.toMillis(1)));
        known.put(credential, new Known(answer.proof(), grants, until));
    }

    synchronized int size() {
        return known.size();
    }
}
