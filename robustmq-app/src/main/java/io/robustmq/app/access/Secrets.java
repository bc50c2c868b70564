/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Passwords and tokens that nobody guesses, and what is kept of tokens. Thread-safe: so is its source. */
final class Secrets {
    /** Without those that people take for one another. */
    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

    private static final int PASSWORD_GROUPS = 5;
    private static final int GROUP_LETTERS = 5;
    private static final int TOKEN_LETTERS = 40;
    private static final int ID_LETTERS = 10;

    private final SecureRandom random = new SecureRandom();

    /** 125 bits, in groups that can be typed. */
    String password() {
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < PASSWORD_GROUPS; i++) {
            password.append(i == 0 ? "" : "-").append(letters(GROUP_LETTERS));
        }
        return password.toString();
    }

    /** 200 bits. */
    String tokenSecret() {
        return letters(TOKEN_LETTERS);
    }

    String tokenId() {
        return letters(ID_LETTERS);
    }

    private String letters(int count) {
        StringBuilder letters = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            letters.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return letters.toString();
    }

    /** Enough for a secret of 200 bits: what makes hashes of passwords slow is that people choose them. */
    static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Takes as long for the wrong as for the right one. */
    static boolean same(String hash, String other) {
        return MessageDigest.isEqual(hash.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
