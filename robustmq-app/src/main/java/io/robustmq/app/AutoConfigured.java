/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.AutoConfigurationImportSelector;
import org.springframework.context.annotation.Import;

/**
 * Boot's {@code EnableAutoConfiguration} without the package that it remembers: Jackson's configuration would look through that for
 * mix-ins, by reading the directory of the whole jar at each start.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Import(AutoConfigured.Selector.class)
@interface AutoConfigured {

    /** Classes that are left out. */
    Class<?>[] exclude() default {};

    /** Names of classes that are left out. */
    String[] excludeName() default {};

    /** Boot's own, which reads this annotation. Stateless. */
    final class Selector extends AutoConfigurationImportSelector {
        @Override
        protected Class<?> getAnnotationClass() {
            return AutoConfigured.class;
        }
    }
}
