/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.subject.Subjects;
import java.nio.charset.StandardCharsets;

/** The name a message was published under, with its other spelling at hand. Immutable; thread-safe. */
public final class PublishedSubject {
    private final Spelling spelling;
    private final String text;
    private final byte[] utf8;
    private final String canonical;

    public PublishedSubject(Spelling spelling, String text) {
        this.spelling = spelling;
        this.text = text;
        this.utf8 = text.getBytes(StandardCharsets.UTF_8);
        this.canonical = Subjects.canonical(text);
    }

    public Spelling spelling() {
        return spelling;
    }

    /** As published. */
    public String text() {
        return text;
    }

    /** As published; not to be changed. */
    public byte[] utf8() {
        return utf8;
    }

    /** The dot spelling, which decides access, bindings and partitions. */
    public String canonical() {
        return canonical;
    }

    @Override
    public String toString() {
        return text;
    }
}
