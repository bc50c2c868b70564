/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.testkit;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class when a buffer was dropped without release, with where it was touched last. A leak of an earlier class
 * without this extension may surface here; the report names the code. {@code @ExtendWith(LeakExtension.class)} on the
 * class; invariant I8.
 */
public final class LeakExtension implements BeforeAllCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LeakExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getStore(NAMESPACE).put(LeakWatch.class, LeakWatch.start());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        LeakWatch watch = context.getStore(NAMESPACE).remove(LeakWatch.class, LeakWatch.class);
        try (watch) {
            check(watch, context.getDisplayName());
        }
    }

    static void check(LeakWatch watch, String testClass) {
        List<String> leaks = watch.leaks();
        if (!leaks.isEmpty()) {
            throw new AssertionError(
                    leaks.size() + " buffers leaked in " + testClass + ":\n" + String.join("\n", leaks));
        }
    }
}
