/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.lookup;

import io.robustmq.broker.access.Passwords;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** How a source keeps passwords. */
public enum HashKind {
    /** The text says what it is: argon2id, bcrypt, PBKDF2, salted SHA-2. */
    AUTO,
    /** The password itself. */
    PLAIN,
    /** SHA-256 of password and salt, in hexadecimal digits. */
    SHA256,
    /** SHA-512 of password and salt, in hexadecimal digits. */
    SHA512;

    /** Where the salt of SHA-256 and SHA-512 is put. */
    public enum Salt {
        /** Before the password. */
        PREFIX,
        /** Behind the password. */
        SUFFIX,
        /** Nowhere. */
        NONE
    }

    /** Fails with IllegalArgumentException, whose message has nothing of the hash, for one of another kind. */
    public boolean matches(String hash, String salt, Salt position, byte[] password) {
        return switch (this) {
            case AUTO -> {
                if (!Passwords.isKnown(hash)) {
                    throw new IllegalArgumentException("the hash is of no kind that is known");
                }
                yield Passwords.matches(hash, password);
            }
            case PLAIN -> MessageDigest.isEqual(hash.getBytes(StandardCharsets.UTF_8), password);
            case SHA256 -> digestMatches("SHA-256", 32, hash, salt, position, password);
            case SHA512 -> digestMatches("SHA-512", 64, hash, salt, position, password);
        };
    }

    private static boolean digestMatches(
            String algorithm, int length, String hash, String salt, Salt position, byte[] password) {
        if (hash.length() != 2 * length) {
            throw new IllegalArgumentException("the hash has not the " + 2 * length + " digits of " + algorithm);
        }
        byte[] expected;
        try {
            expected = HexFormat.of().parseHex(hash);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the hash is not written in hexadecimal digits");
        }
        byte[] grain = salt.getBytes(StandardCharsets.UTF_8);
        MessageDigest digest = digest(algorithm);
        if (position == Salt.PREFIX) {
            digest.update(grain);
        }
        digest.update(password);
        if (position == Salt.SUFFIX) {
            digest.update(grain);
        }
        return MessageDigest.isEqual(expected, digest.digest());
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
