/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Binds {@link Role#KEY} as a list, so that a comma list and a YAML list mean the same and {@code meta} is never found
 * in a longer word. Immutable.
 */
final class OnRoleCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Map<String, Object> attributes =
                Objects.requireNonNull(metadata.getAnnotationAttributes(ConditionalOnRole.class.getName()));
        Set<Role> roles = rolesOf(context.getEnvironment());
        Role[] wanted = (Role[]) Objects.requireNonNull(attributes.get("value"));
        ConditionMessage.Builder message =
                ConditionMessage.forCondition(ConditionalOnRole.class, Arrays.toString(wanted));
        boolean match = Arrays.stream(wanted).anyMatch(roles::contains);
        return new ConditionOutcome(match, message.because("the roles of this node are " + roles));
    }

    /** The node's roles, with the default when nothing is said. */
    static Set<Role> rolesOf(Environment environment) {
        List<String> names = Binder.get(environment)
                .bind(Role.KEY, Bindable.listOf(String.class))
                .orElse(Role.DEFAULT);
        return Role.parse(names);
    }
}
