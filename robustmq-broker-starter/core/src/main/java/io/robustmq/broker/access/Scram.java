/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.kernel.RandomSource;
import io.robustmq.protocol.ScramSecret;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

/** What SCRAM keeps of a password (RFC 5802, section 3). Slow on purpose, so never called on a loop. Stateless. */
final class Scram {
    static final String SHA_256 = "SCRAM-SHA-256";
    static final String SHA_512 = "SCRAM-SHA-512";

    /** Kafka's own number; it is the clients that pay at each log-in. */
    private static final int ITERATIONS = 4096;

    private static final int SALT_BYTES = 24;

    private Scram() {}

    static ScramSecret secret(String mechanism, byte[] password, RandomSource random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        Digest digest = digest(mechanism);
        byte[] salted = Passwords.derive(digest(mechanism), password, salt, ITERATIONS, digest.getDigestSize());
        byte[] clientKey = hmac(mechanism, salted, "Client Key");
        byte[] storedKey = new byte[digest.getDigestSize()];
        digest.update(clientKey, 0, clientKey.length);
        digest.doFinal(storedKey, 0);
        return new ScramSecret(salt, storedKey, hmac(mechanism, salted, "Server Key"), ITERATIONS);
    }

    private static Digest digest(String mechanism) {
        return mechanism.equals(SHA_256) ? new SHA256Digest() : new SHA512Digest();
    }

    private static byte[] hmac(String mechanism, byte[] key, String text) {
        HMac mac = new HMac(digest(mechanism));
        mac.init(new KeyParameter(key));
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        mac.update(bytes, 0, bytes.length);
        byte[] out = new byte[mac.getMacSize()];
        mac.doFinal(out, 0);
        return out;
    }
}
