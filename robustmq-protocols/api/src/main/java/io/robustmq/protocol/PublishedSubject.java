/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.subject.Subjects;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The name a message was published under, with its other spelling at hand. Immutable; thread-safe. */
public final class PublishedSubject {
    private final Spelling spelling;
    private final String text;
    private final byte[] utf8;
    private final ByteBuf buffer;
    private final String canonical;
    private volatile @Nullable PublishedSubject otherSpelling;

    public PublishedSubject(Spelling spelling, String text) {
        this.spelling = spelling;
        this.text = text;
        this.utf8 = text.getBytes(StandardCharsets.UTF_8);
        this.buffer = Unpooled.wrappedBuffer(utf8);
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

    /** The same bytes, for reads at absolute indexes; never released. */
    public ByteBuf buffer() {
        return buffer;
    }

    /** The subject as it is shown to a reader of that spelling. */
    public PublishedSubject in(Spelling wanted) {
        if (wanted == spelling) {
            return this;
        }
        PublishedSubject other = otherSpelling;
        if (other == null) {
            other = new PublishedSubject(wanted, Subjects.translate(text, spelling, wanted));
            otherSpelling = other;
        }
        return other;
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
