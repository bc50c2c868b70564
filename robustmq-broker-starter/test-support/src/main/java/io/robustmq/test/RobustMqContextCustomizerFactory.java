/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.test;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Finds {@link AutoConfigureRobustMq} on test classes, those around them included. Stateless. */
final class RobustMqContextCustomizerFactory implements ContextCustomizerFactory {

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
            Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
        AutoConfigureRobustMq wanted =
                TestContextAnnotationUtils.findMergedAnnotation(testClass, AutoConfigureRobustMq.class);
        return wanted == null ? null : new RobustMqContextCustomizer(List.of(wanted.properties()));
    }
}
