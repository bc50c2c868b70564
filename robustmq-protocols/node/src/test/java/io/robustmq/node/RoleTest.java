/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoleTest {

    @Test
    void namesAreReadWhateverTheirCaseAndOrder() {
        assertThat(Role.parse(List.of("broker", " META "))).containsExactly(Role.META, Role.BROKER);
        assertThat(Role.parse(Role.DEFAULT)).containsExactly(Role.META, Role.BROKER);
    }

    @Test
    void anUnknownRoleIsRefusedByNameWithTheValidOnes() {
        assertThatThrownBy(() -> Role.parse(List.of("meta", "metadata")))
                .isInstanceOfSatisfying(InvalidRolesException.class, refused -> {
                    assertThat(refused).hasMessage("'metadata' is not a role.");
                    assertThat(refused.action()).isEqualTo("Set robustmq.roles to one or more of meta, broker.");
                });
    }

    @Test
    void noRoleAtAllIsRefused() {
        assertThatThrownBy(() -> Role.parse(List.of("", " ")))
                .isInstanceOfSatisfying(InvalidRolesException.class, refused -> {
                    assertThat(refused).hasMessageContaining("robustmq.roles is empty");
                    assertThat(refused.action()).contains("meta, broker,");
                });
        assertThatThrownBy(() -> Role.parse(List.of())).isInstanceOf(InvalidRolesException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"journal", "engine", "Engine"})
    void theJournalIsNotThereYet(String name) {
        assertThatThrownBy(() -> Role.parse(List.of("meta", name)))
                .isInstanceOf(InvalidRolesException.class)
                .hasMessage("The role journal (alias engine) is not available in this build.");
    }
}
