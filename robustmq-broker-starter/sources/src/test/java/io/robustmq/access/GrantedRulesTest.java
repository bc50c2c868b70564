/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.AccessRule.Effect;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GrantedRulesTest {

    @Test
    void listsOfTopicsAllow() {
        List<AccessRule> rules = GrantedRules.read(Map.of("pub", List.of("a/${clientid}/#"), "sub", List.of()));
        assertThat(rules).singleElement().satisfies(rule -> {
            assertThat(rule.effect()).isEqualTo(Effect.ALLOW);
            assertThat(rule.action()).isEqualTo(Action.PUBLISH);
            assertThat(rule.filter()).isEqualTo("a/%c/#");
            assertThat(rule.qosMask()).isEqualTo(AccessRule.ANY_QOS);
            assertThat(rule.retain()).isNull();
        });
        assertThat(GrantedRules.read(Map.of("all", List.of("a", "b"))))
                .extracting(AccessRule::action)
                .containsExactly(Action.ALL, Action.ALL);
        assertThat(GrantedRules.read(null)).isEmpty();
    }

    @Test
    void rulesSayWhatTheyAllowOrDeny() {
        List<AccessRule> rules = GrantedRules.read(List.of(
                Map.of("permission", "deny", "action", "subscribe", "topics", List.of("a", "b"), "qos", List.of(1, 2)),
                Map.of("topic", "home/${username}", "retain", false)));
        assertThat(rules).hasSize(3);
        assertThat(rules.get(1).effect()).isEqualTo(Effect.DENY);
        assertThat(rules.get(1).filter()).isEqualTo("b");
        assertThat(rules.get(1).qosMask()).isEqualTo(0b110);
        assertThat(rules.get(2).effect()).isEqualTo(Effect.ALLOW);
        assertThat(rules.get(2).action()).isEqualTo(Action.ALL);
        assertThat(rules.get(2).filter()).isEqualTo("home/%u");
        assertThat(rules.get(2).retain()).isFalse();
    }

    @Test
    void whatIsNotUnderstoodIsRefused() {
        assertWrong("a/#");
        assertWrong(List.of("a/#"));
        assertWrong(Map.of("deny", List.of("a")));
        assertWrong(Map.of("pub", "a"));
        assertWrong(Map.of("pub", List.of(1)));
        assertWrong(List.of(Map.of("permission", "deny")));
        assertWrong(List.of(Map.of("topic", "a", "permission", "denied")));
        assertWrong(List.of(Map.of("topic", "a", "permission", true)));
        assertWrong(List.of(Map.of("topic", "a", "action", "delete")));
        assertWrong(List.of(Map.of("topic", "a", "qos", 3)));
        assertWrong(List.of(Map.of("topic", "a", "qos", 1.5)));
        assertWrong(List.of(Map.of("topic", "a", "retain", "no")));
        assertWrong(List.of(Map.of("topic", "a", "clientid_re", "^x")));
        assertWrong(List.of(Map.of("topic", "eq a/#")));
        assertThat(GrantedRules.read(Map.of("pub", Collections.nCopies(1_000, "a"))))
                .hasSize(1_000);
        assertWrong(Map.of("pub", Collections.nCopies(1_001, "a")));
    }

    private static void assertWrong(Object acl) {
        assertThatThrownBy(() -> GrantedRules.read(acl)).isInstanceOf(IllegalArgumentException.class);
    }
}
