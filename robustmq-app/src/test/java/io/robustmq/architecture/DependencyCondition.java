/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** A rule about which class may use which other class of the house. Immutable. */
abstract class DependencyCondition extends ArchCondition<JavaClass> {

    private final String root;

    DependencyCondition(String root, String description) {
        super(description);
        this.root = root;
    }

    /** Both names are relative to the root: {@code kernel.system.SystemClock}. */
    abstract boolean allows(String from, String to);

    @Override
    public final void check(JavaClass type, ConditionEvents events) {
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            String target = dependency.getTargetClass().getBaseComponentType().getName();
            if (inHouse(target) && !allows(relative(type.getName()), relative(target))) {
                events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
            }
        }
    }

    static boolean isIn(String relativeName, String room) {
        return relativeName.startsWith(room + ".");
    }

    private boolean inHouse(String name) {
        return name.startsWith(root + ".");
    }

    private String relative(String name) {
        return name.substring(root.length() + 1);
    }
}
