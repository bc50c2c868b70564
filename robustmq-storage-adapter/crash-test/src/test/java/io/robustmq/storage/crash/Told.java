/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.crash;

import java.util.Arrays;

/**
 * One line of what the writer says. What it is about to do is said before, what was acknowledged afterwards;
 * the numbers of each kind are described there. Immutable.
 *
 * @param shard which shard it is about
 * @param why what has gone wrong, in one line; else empty
 */
record Told(Kind kind, int shard, String why, long... numbers) {

    /** What a line says. */
    enum Kind {
        /** base offset, count, writer, first sequence number, 1 when the record must survive the process. */
        APPENDED,
        /** new start. */
        DELETING,
        DELETED,
        /** name, version. */
        PUTTING,
        PUT,
        /** id, from, to, then the offsets that are kept. */
        REPLACING,
        /** id. */
        REPLACED,
        /** id: it was refused, and so has had no effect. */
        NOT_REPLACED,
        /** epoch. */
        OPENING,
        OPENED,
        /** Something that must not happen: why, and no numbers. */
        WRONG
    }

    Told(Kind kind, int shard, long... numbers) {
        this(kind, shard, "", numbers);
    }

    /** A call failed that must not. */
    static Told wrong(int shard, String call, long epoch, Throwable failure) {
        return new Told(Kind.WRONG, shard, (call + " in epoch " + epoch + ": " + failure).replace('\n', ' '));
    }

    String line() {
        StringBuilder line = new StringBuilder(48).append(kind).append(' ').append(shard);
        for (long number : numbers) {
            line.append(' ').append(number);
        }
        if (kind == Kind.WRONG) {
            line.append(' ').append(why);
        }
        return line.append('\n').toString();
    }

    static Told parse(String line) {
        if (line.startsWith(Kind.WRONG.name())) {
            String[] parts = line.split(" ", 3);
            return new Told(Kind.WRONG, Integer.parseInt(parts[1]), parts[2]);
        }
        String[] words = line.split(" ");
        long[] numbers = new long[words.length - 2];
        for (int at = 0; at < numbers.length; at++) {
            numbers[at] = Long.parseLong(words[at + 2]);
        }
        return new Told(Kind.valueOf(words[0]), Integer.parseInt(words[1]), numbers);
    }

    long number(int at) {
        return numbers[at];
    }

    @Override
    public String toString() {
        return kind + " " + shard + " " + why + Arrays.toString(numbers);
    }
}
