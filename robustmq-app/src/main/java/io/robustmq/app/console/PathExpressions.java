/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.thymeleaf.context.IExpressionContext;
import org.thymeleaf.standard.expression.IStandardVariableExpression;
import org.thymeleaf.standard.expression.IStandardVariableExpressionEvaluator;
import org.thymeleaf.standard.expression.StandardExpressionExecutionContext;

/**
 * What {@code ${a.b.c}} means in our templates: fields of maps and components of records, and nothing that could call a method.
 * Comparing, joining and deciding is Thymeleaf's own, outside of the braces. Thread-safe: immutable.
 */
final class PathExpressions implements IStandardVariableExpressionEvaluator {
    /** Keeps the components of a kind of record. Thread-safe by itself. */
    private static final ClassValue<Map<String, RecordComponent>> COMPONENTS = new ClassValue<>() {
        @Override
        protected Map<String, RecordComponent> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .collect(java.util.stream.Collectors.toUnmodifiableMap(RecordComponent::getName, each -> each));
        }
    };

    @Override
    public @Nullable Object evaluate(
            IExpressionContext context,
            IStandardVariableExpression expression,
            StandardExpressionExecutionContext execution) {
        String[] path = expression.getExpression().split("\\.");
        if (path[0].equals("null")) {
            // What Thymeleaf makes of a choice without its second half.
            return null;
        }
        if (!context.containsVariable(path[0])) {
            throw new IllegalStateException(
                    "a template asks for " + expression.getExpression() + ", and there is no " + path[0]);
        }
        Object value = context.getVariable(path[0]);
        for (int i = 1; i < path.length && value != null; i++) {
            value = part(value, path[i]);
        }
        return value;
    }

    private static @Nullable Object part(Object value, String name) {
        if (value instanceof Map<?, ?> map) {
            return map.get(name);
        }
        if (value instanceof java.util.Collection<?> all && name.equals("size")) {
            return all.size();
        }
        RecordComponent component =
                value instanceof Record ? COMPONENTS.get(value.getClass()).get(name) : null;
        if (component == null) {
            throw new IllegalStateException(
                    "a template asks for " + name + " of a " + value.getClass().getSimpleName());
        }
        try {
            return component.getAccessor().invoke(value);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("a template asks for " + name, e);
        }
    }
}
