/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ApiKeys;

/** The choices of one sequence, the same for the same seed. Confined to one thread. */
final class Dice {
    private final Random random;

    /** What the names of the sequence's own topics and groups begin with. */
    private final String prefix;

    Dice(String prefix, long seed) {
        this.random = new Random(seed);
        this.prefix = prefix;
    }

    String prefix() {
        return prefix;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    @SafeVarargs
    final <T> T one(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** Mostly the first. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    final <T> T mostly(T first, T... others) {
        return chance(0.7) ? first : one(others);
    }

    <T> List<T> some(int max, Supplier<T> element) {
        int count = chance(0.05) ? 0 : 1 + below(max);
        List<T> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list.add(element.get());
        }
        return list;
    }

    /** As {@link #some}, in most cases without doing the same twice. */
    <T> List<T> distinct(int max, Supplier<T> element, Function<T, Object> identity) {
        return chance(0.04) ? some(max, element) : different(max, element, identity);
    }

    <T> List<T> different(int max, Supplier<T> element, Function<T, Object> identity) {
        Set<Object> seen = new HashSet<>();
        return some(max, element).stream()
                .filter(each -> seen.add(identity.apply(each)))
                .toList();
    }

    <T> List<T> shuffled(List<T> list) {
        List<T> copy = new ArrayList<>(list);
        Collections.shuffle(copy, random);
        return copy;
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        // Compressible, so that codecs have something to do.
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + random.nextInt(4));
        }
        return bytes;
    }

    /** One of the versions that both sides tell. */
    short version(ApiKeys api) {
        return version(api, api.oldestVersion());
    }

    short version(ApiKeys api, int oldest) {
        return (short) (oldest + below(api.latestVersion(false) - oldest + 1));
    }

    int oddInt() {
        return one(0, -1, -2, 1, 2, 1000, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    long oddLong() {
        return one(0L, -1L, -2L, 1L, 2L, 100L, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** A topic of this sequence. */
    String own(String name) {
        return prefix + name;
    }

    String missing() {
        return own("missing" + below(3));
    }

    /** A name that no topic has, or can have. */
    String oddName() {
        return one(
                "",
                ".",
                "..",
                own("a b"),
                own("a/b"),
                own("ü"),
                own("x\0y"),
                own("+"),
                longName(249),
                longName(250),
                longName(400),
                own("__internal"));
    }

    private String longName(int length) {
        char[] filler = new char[length - prefix.length()];
        Arrays.fill(filler, 'n');
        return prefix + new String(filler);
    }
}
