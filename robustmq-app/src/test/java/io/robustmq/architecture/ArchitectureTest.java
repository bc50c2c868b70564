/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks the rules of the house against what is shipped, and each rule against a miniature house that breaks it: there
 * every class named {@code Bad...} must be reported and no class named {@code Good...}.
 */
class ArchitectureTest {

    private static final String ROOT = "io.robustmq";
    private static final String BAD = "io.robustmq.architecture.bad.";

    /** A rule that sees nothing passes: raise it as the house grows. */
    private static final int CLASSES_AT_LEAST = 350;

    private static JavaClasses production;

    @BeforeAll
    static void importProduction() {
        production = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages(ROOT);
    }

    static Stream<String> rules() {
        return new HouseRules(ROOT).all().keySet().stream();
    }

    @Test
    void seesTheWholeHouse() {
        assertThat(production).hasSizeGreaterThan(CLASSES_AT_LEAST);
        Set<String> rooms = production.stream()
                .map(type -> type.getPackageName().split("\\.", 4))
                .filter(levels -> levels.length > 2)
                .map(levels -> levels[2])
                .collect(Collectors.toSet());
        assertThat(rooms).contains("app", "kernel", "meta", "protocol", "storage");
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theHouseKeeps(String rule) {
        var result = new HouseRules(ROOT).all().get(rule).evaluate(production);
        assertThat(result.getFailureReport().getDetails())
                .as(result.getFailureReport().toString())
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theMiniatureIsCaughtBy(String rule) {
        String root = BAD + rule;
        JavaClasses miniature = new ClassFileImporter().importPackages(root);
        ArchRule built = new HouseRules(root).all().get(rule);

        String report = built.evaluate(miniature).getFailureReport().toString();

        assertThat(named(miniature, "Bad"))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(report).contains(name));
        assertThat(named(miniature, "Good"))
                .allSatisfy(name -> assertThat(report).doesNotContain("<" + name + "."));
    }

    @Test
    void everyAllowedClassStillNeedsItsPermission() {
        var edges = Map.of(
                Outside.CLOCK, Outside.CLOCK_EDGES,
                Outside.RANDOM, Outside.RANDOM_EDGES,
                Outside.THREADS, Outside.THREAD_EDGES,
                Outside.FILES, Outside.FILE_EDGES);
        edges.forEach((outside, allowed) -> allowed.stream()
                .filter(Outside.Edge::isClass)
                .forEach(edge -> assertThat(production.stream()
                                .filter(type -> edge.covers(ROOT, type.getName()))
                                .anyMatch(outside::isUsedBy))
                        .as("%s is allowed (%s) but does not use it", edge.where(), edge.reason())
                        .isTrue()));
        assertThat(edges).hasSize(4);
    }

    private static Set<String> named(JavaClasses classes, String prefix) {
        return classes.stream()
                .filter(type -> type.getSimpleName().startsWith(prefix))
                .map(JavaClass::getName)
                .collect(Collectors.toSet());
    }
}
