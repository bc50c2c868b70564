/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.kernel.RandomSource;
import io.robustmq.kernel.RmqError;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * Hashes of passwords as text: what is written here is argon2id; what others have written can be checked, too. Slow on purpose,
 * so never called on a loop. Stateless.
 */
public final class Passwords {
    /** About 15 ms of one core: what a log-in may cost, once for each password and node. */
    static final int ARGON2_KIB = 6144;

    static final int ARGON2_PASSES = 2;
    /** What somebody imports must not cost the node more than this. */
    private static final int ARGON2_KIB_MAX = 64 * 1024;

    private static final int ARGON2_PASSES_MAX = 10;
    private static final int ARGON2_LANES_MAX = 16;
    private static final int PBKDF2_ROUNDS_MAX = 1_000_000;
    private static final int BCRYPT_COST_MAX = 14;
    private static final int BCRYPT_BYTES_MAX = 72;
    private static final int HASH_CHARS_MAX = 512;
    private static final int MOSQUITTO_SHA512_CHARS = 88;
    private static final int SALT_BYTES = 16;
    private static final int KEY_BYTES = 32;
    private static final Base64.Encoder BASE64 = Base64.getEncoder().withoutPadding();

    private Passwords() {}

    /** A new hash, in the form that the argon2 tools write and read. */
    static String hash(byte[] password, RandomSource random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return written(salt, argon2(password, salt, ARGON2_KIB, ARGON2_PASSES, 1, KEY_BYTES));
    }

    /** The hash of no known password, which costs as much to check as one of {@link #hash} and nothing to make. */
    static String hashOfNobody(RandomSource random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return written(salt, key);
    }

    private static String written(byte[] salt, byte[] key) {
        return "$argon2id$v=19$m=" + ARGON2_KIB + ",t=" + ARGON2_PASSES + ",p=1$" + BASE64.encodeToString(salt) + "$"
                + BASE64.encodeToString(key);
    }

    /** What kind of hash it is; fails with INVALID_CONFIG for none that can be checked here. */
    static String kindOf(String hash) {
        if (hash.length() > HASH_CHARS_MAX) {
            throw unknown("a hash has at most " + HASH_CHARS_MAX + " characters");
        }
        try {
            return read(hash).kind();
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw unknown("the hash of the password is none that is known, or is damaged");
        }
    }

    private static RuntimeException unknown(String why) {
        return RmqError.INVALID_CONFIG.exception(why
                + "; known are $argon2id$, $2a$ $2b$ $2y$ (bcrypt), $pbkdf2-sha256$ $pbkdf2-sha512$, {SSHA256} {SSHA512},"
                + " and Mosquitto's $6$ and $7$");
    }

    /** Whether it is one that can be checked here. */
    public static boolean isKnown(String hash) {
        if (hash.length() > HASH_CHARS_MAX) {
            return false;
        }
        try {
            read(hash);
            return true;
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return false;
        }
    }

    /** False, too, for a hash that cannot be read. */
    public static boolean matches(String hash, byte[] password) {
        try {
            return read(hash).check().matches(password);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return false;
        }
    }

    private record Hash(String kind, Check check) {}

    @FunctionalInterface
    private interface Check {
        boolean matches(byte[] password);
    }

    private static Hash read(String hash) {
        String[] parts = hash.split("\\$", -1);
        if (hash.startsWith("{SSHA")) {
            return salted(hash);
        }
        if (parts.length < 4 || !parts[0].isEmpty()) {
            throw new IllegalArgumentException("not a hash");
        }
        return switch (parts[1]) {
            case "argon2id" -> argon2(parts);
            case "2a", "2b", "2y" -> bcrypt(hash);
            case "pbkdf2-sha256" -> passlib("pbkdf2-sha256", new SHA256Digest(), parts);
            case "pbkdf2-sha512" -> passlib("pbkdf2-sha512", new SHA512Digest(), parts);
            case "6" -> mosquittoDigest(parts);
            case "7" ->
                pbkdf2(
                        "mosquitto-pbkdf2-sha512",
                        SHA512Digest::new,
                        number(parts[2], PBKDF2_ROUNDS_MAX),
                        decoded(parts[3]),
                        decoded(parts[4]));
            default -> throw new IllegalArgumentException("unknown");
        };
    }

    private static Hash argon2(String[] parts) {
        String[] costs = parts[3].split(",", -1);
        if (!parts[2].equals("v=19")
                || costs.length != 3
                || !costs[0].startsWith("m=")
                || !costs[1].startsWith("t=")
                || !costs[2].startsWith("p=")) {
            throw new IllegalArgumentException("costs");
        }
        int kib = number(costs[0].substring(2), ARGON2_KIB_MAX);
        int passes = number(costs[1].substring(2), ARGON2_PASSES_MAX);
        int lanes = number(costs[2].substring(2), ARGON2_LANES_MAX);
        byte[] salt = decoded(parts[4]);
        byte[] key = decoded(parts[5]);
        return new Hash(
                "argon2id",
                password -> MessageDigest.isEqual(key, argon2(password, salt, kib, passes, lanes, key.length)));
    }

    private static byte[] argon2(byte[] password, byte[] salt, int kib, int passes, int lanes, int bytes) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(kib)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build());
        byte[] key = new byte[bytes];
        generator.generateBytes(password, key);
        return key;
    }

    private static Hash bcrypt(String hash) {
        int cost = number(hash.substring(4, 6), BCRYPT_COST_MAX);
        if (hash.length() != 60 || cost < 4 || hash.charAt(6) != '$') {
            throw new IllegalArgumentException("bcrypt");
        }
        return new Hash("bcrypt", password -> {
            // As everywhere: of a longer password, the first 72 bytes count.
            byte[] used = Arrays.copyOf(password, Math.min(password.length, BCRYPT_BYTES_MAX));
            return OpenBSDBCrypt.checkPassword(hash, used);
        });
    }

    /** {@code $pbkdf2-sha512$rounds$salt$key}, in a base64 that writes a dot for the plus. */
    private static Hash passlib(String kind, Digest digest, String[] parts) {
        return pbkdf2(
                kind,
                digest instanceof SHA256Digest ? SHA256Digest::new : SHA512Digest::new,
                number(parts[2], PBKDF2_ROUNDS_MAX),
                decoded(parts[3].replace('.', '+')),
                decoded(parts[4].replace('.', '+')));
    }

    private static Hash pbkdf2(
            String kind, java.util.function.Supplier<Digest> digest, int rounds, byte[] salt, byte[] key) {
        return new Hash(
                kind, password -> MessageDigest.isEqual(key, derive(digest.get(), password, salt, rounds, key.length)));
    }

    /** PBKDF2 (RFC 8018), which is also the Hi of SCRAM. */
    static byte[] derive(Digest digest, byte[] password, byte[] salt, int rounds, int bytes) {
        PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(digest);
        generator.init(password, salt, rounds);
        return ((KeyParameter) generator.generateDerivedMacParameters(bytes * 8)).getKey();
    }

    /** Mosquitto before 2.0: {@code $6$salt$hash}, the password before the salt. */
    private static Hash mosquittoDigest(String[] parts) {
        // crypt(3) begins with the same sign, and has 86 characters of another alphabet.
        if (parts.length != 4 || parts[3].length() != MOSQUITTO_SHA512_CHARS) {
            throw new IllegalArgumentException("of crypt(3), which is another one");
        }
        byte[] salt = decoded(parts[2]);
        byte[] key = decoded(parts[3]);
        return new Hash("mosquitto-sha512", password -> MessageDigest.isEqual(key, digest("SHA-512", password, salt)));
    }

    /** LDAP's: the hash of password and salt, then the salt. */
    private static Hash salted(String hash) {
        boolean is256 = hash.startsWith("{SSHA256}");
        if (!is256 && !hash.startsWith("{SSHA512}")) {
            throw new IllegalArgumentException("unknown");
        }
        byte[] all = decoded(hash.substring("{SSHA256}".length()));
        int length = is256 ? 32 : 64;
        if (all.length <= length) {
            throw new IllegalArgumentException("without salt");
        }
        byte[] key = Arrays.copyOf(all, length);
        byte[] salt = Arrays.copyOfRange(all, length, all.length);
        return new Hash(
                is256 ? "ssha256" : "ssha512",
                password -> MessageDigest.isEqual(key, digest(is256 ? "SHA-256" : "SHA-512", password, salt)));
    }

    static byte[] digest(String algorithm, byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }

    private static int number(String text, int max) {
        int value = Integer.parseInt(text);
        if (value < 1 || value > max) {
            throw new IllegalArgumentException("costs " + value);
        }
        return value;
    }

    private static byte[] decoded(String base64) {
        byte[] bytes = Base64.getDecoder().decode(base64.getBytes(StandardCharsets.ISO_8859_1));
        if (bytes.length == 0) {
            throw new IllegalArgumentException("empty");
        }
        return bytes;
    }
}
