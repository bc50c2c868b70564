/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class RobustMqApplicationTest {

    /** There is no scan that would find one that was forgotten. */
    @Test
    void everyConfigurationOfTheAppIsImported() {
        List<String> there = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.robustmq.app")
                        .stream()
                        .filter(type -> type.isAnnotatedWith(Configuration.class))
                        .filter(JavaClass::isTopLevelClass)
                        .map(JavaClass::getName)
                        .toList();
        assertThat(Arrays.stream(RobustMqApplication.class
                                .getAnnotation(Import.class)
                                .value())
                        .map(Class::getName))
                .containsExactlyInAnyOrderElementsOf(there);
    }

    /** One that a new Boot has renamed would come back unseen. */
    @Test
    void whatIsLeftOutIsThereToBeLeftOut() {
        ImportCandidates offered =
                ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader());
        assertThat(offered.getCandidates())
                .contains(RobustMqApplication.class
                        .getAnnotation(AutoConfigured.class)
                        .excludeName());
    }
}
