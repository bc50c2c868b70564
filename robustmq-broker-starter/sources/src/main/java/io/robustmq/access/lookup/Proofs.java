/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.lookup;

import io.robustmq.kernel.RandomSource;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What tells one password of a user from the next without telling anything of either: keyed hashes, with a key of this process.
 * Thread-safe: immutable.
 */
public final class Proofs {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int PROOF_BYTES = 16;

    private final SecretKeySpec key;

    public Proofs(RandomSource random) {
        byte[] secret = new byte[KEY_BYTES];
        random.nextBytes(secret);
        key = new SecretKeySpec(secret, ALGORITHM);
    }

    public String of(String source, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            for (byte[] each : parts) {
                update(mac, each);
            }
            return source + ":" + HexFormat.of().formatHex(mac.doFinal(), 0, PROOF_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    private static void update(Mac mac, byte[] part) {
        mac.update((byte) (part.length >> 8));
        mac.update((byte) part.length);
        mac.update(part);
    }
}
