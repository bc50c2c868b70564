/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.lookup;

import java.util.function.Supplier;

/**
 * A password of the node with a source; asked for at each use, so that one in a file can change. Thread-safe: immutable.
 */
public final class Secret {
    public static final Secret NONE = new Secret(() -> "");

    private final Supplier<String> text;

    private Secret(Supplier<String> text) {
        this.text = text;
    }

    public static Secret of(String text) {
        return new Secret(() -> text);
    }

    /** @param text reads it; may fail with IllegalStateException */
    public static Secret from(Supplier<String> text) {
        return new Secret(text);
    }

    public String text() {
        return text.get();
    }

    @Override
    public String toString() {
        return "******";
    }
}
