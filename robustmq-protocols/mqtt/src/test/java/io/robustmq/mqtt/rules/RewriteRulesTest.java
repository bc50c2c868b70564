/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.protocol.TopicRulePort.Action;
import io.robustmq.protocol.TopicRulePort.AutoSubscription;
import io.robustmq.protocol.TopicRulePort.Rewrite;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RewriteRulesTest {
    private static final RuleClient ALICE = new RuleClient("c1", "alice", "10.0.0.1", 4711);
    private static final RuleClient NOBODY = new RuleClient("c2", null, "10.0.0.1", 0);

    private static Rewrite rule(Action action, String source, String regex, String destination) {
        return new Rewrite("r", false, action, source, regex, destination);
    }

    private static RewriteRules rules(Action action, Rewrite... all) {
        return RewriteRules.of(List.of(all).stream().map(RewriteRule::new).toList(), action);
    }

    private static String apply(String source, String regex, String destination, String topic, RuleClient client) {
        return rules(Action.ALL, rule(Action.ALL, source, regex, destination)).apply(topic, client);
    }

    /** The example of EMQX's manual, with its results. */
    @ParameterizedTest
    @CsvSource({"y/a/z/b,y/z/b", "y/def,y/def", "x/1/2,x/1/2", "x/y/2,z/y/2", "x/y/z,x/y/z", "x/y/a/b,z/y/x/a/b"})
    void theLastRuleWhoseSourceMatchesDecides(String topic, String expected) {
        RewriteRules rules = rules(
                Action.ALL,
                rule(Action.ALL, "y/+/z/#", "^y/(.+)/z/(.+)$", "y/z/$2"),
                rule(Action.ALL, "x/#", "^x/y/(.+)$", "z/y/x/$1"),
                rule(Action.ALL, "x/y/+", "^x/y/(\\d+)$", "z/y/$1"));
        assertThat(rules.apply(topic, ALICE)).isEqualTo(expected);
    }

    @Test
    void aRuleIsForWhatItsActionSays() {
        Rewrite publish = rule(Action.PUBLISH, "a", "a", "p");
        Rewrite subscribe = rule(Action.SUBSCRIBE, "b", "b", "s/#");
        assertThat(rules(Action.PUBLISH, publish, subscribe).apply("a", ALICE)).isEqualTo("p");
        assertThat(rules(Action.PUBLISH, publish, subscribe).apply("b", ALICE)).isEqualTo("b");
        assertThat(rules(Action.SUBSCRIBE, publish, subscribe).apply("b", ALICE))
                .isEqualTo("s/#");
        assertThat(rules(Action.SUBSCRIBE, publish)).as("costs nothing").isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "%c/%u/$1,c1/alice/x",
        "${clientid}/${username}/$1,c1/alice/x",
        "at/${host}/${port}/$1,at/10.0.0.1/4711/x",
        "at/%h/%p/$1,at/10.0.0.1/4711/x",
        "$delayed/10/$1$1,$delayed/10/xx",
        "$SYS/%d/$/${what}/$1,$SYS/%d/$/${what}/x"
    })
    void placesAreFilled(String destination, String expected) {
        assertThat(apply("t/#", "^t/(.+)$", destination, "t/x", ALICE)).isEqualTo(expected);
    }

    @Test
    void whatAClientSendsIsNotTakenForAPlace() {
        RuleClient sly = new RuleClient("$1%u", "bob", "h", 1);
        assertThat(apply("t/#", "^t/(.+)$", "%c/$1", "t/%c", sly)).isEqualTo("$1%u/%c");
    }

    @Test
    void whatIsNotKnownOrBringsWildcardsMakesNoTopic() {
        assertThat(apply("t/#", "^t/(.+)$", "%u/$1", "t/x", NOBODY)).isNull();
        assertThat(apply("t/#", "^t/(.+)$", "${port}/$1", "t/x", NOBODY)).isNull();
        assertThat(apply("t/#", "^t/(.+)$", "%c/$1", "t/x", new RuleClient("+/#", "u", "h", 1)))
                .isNull();
        assertThat(apply("t/#", "^t/(a)?(.+)$", "n/$1$2", "t/x", NOBODY))
                .as("a group that took no part")
                .isEqualTo("n/x");
    }

    @Test
    void ofASharedSubscriptionOnlyTheFilterIsRewritten() {
        RewriteRules rules = rules(Action.SUBSCRIBE, rule(Action.ALL, "t/#", "^t/(.+)$", "n/$1"));
        assertThat(rules.applyToFilter("$share/t/t/1", ALICE)).isEqualTo("$share/t/n/1");
        assertThat(rules.applyToFilter("$queue/t/+", ALICE)).isEqualTo("$queue/n/+");
        assertThat(rules.applyToFilter("$exclusive/t/1", ALICE)).isEqualTo("$exclusive/n/1");
        assertThat(rules.applyToFilter("t/#", ALICE)).isEqualTo("n/#");
        assertThat(rules.applyToFilter("$share/t", ALICE)).isEqualTo("$share/t");
    }

    @Test
    void topicsThatWouldTakeTooLongAreRefusedAndTheLongestPassSimpleRules() {
        String longest = "t/" + "a".repeat(65_533);
        assertThat(apply("t/#", "^t/(.+)$", "n/$1", longest, ALICE)).hasSize(65_535);
        assertThat(apply("t/#", "^t/(.+)$", "much/longer/$1", longest, ALICE))
                .as("longer than topics may be")
                .isNull();
        assertThat(apply("t/#", "(.*a){20}z", "n", longest, ALICE)).isNull();
        assertThat(apply("t/#", "(.*a){20}z", "n", longest.substring(0, 9000), ALICE))
                .hasSize(9000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a/#/b;a;b;topic filter",
                "'';a;b;topic filter",
                "a;(;b;RE2",
                "a;(a)\\1;b;RE2",
                "a;(?=a)b;b;RE2",
                "a;(a{1,100}){1,100};b;",
                "a;a;'';destination",
                "a;(a);$2;no group",
                "a;(a);$0;no group",
                "a;a;b/#;wildcards"
            })
    void whatIsNoRuleIsRefused(String source, String regex, String destination, String problem) {
        assertThatThrownBy(() -> new RewriteRule(rule(Action.ALL, source, regex, destination)))
                .hasMessageContaining(problem == null ? "" : problem);
    }

    @Test
    void configuredRulesAreNamedWhenTheyAreNone() {
        List<Rewrite> bad = List.of(new Rewrite("robustmq.mqtt.rewrite[0]", true, Action.ALL, "a", "(", "b"));
        assertThatThrownBy(() -> new MqttRules(bad, List.of())).hasMessageContaining("robustmq.mqtt.rewrite[0]: regex");
    }

    @Test
    void rulesAreTheSameAfterTheyWereDocuments() {
        Rewrite rule = rule(Action.SUBSCRIBE, "a/#", "^a/(.*)$", "b/$1");
        assertThat(RuleDocuments.rewrite("r", RuleDocuments.of(rule))).isEqualTo(rule);
        AutoSubscription subscription = new AutoSubscription("s", false, "a/%c", 2, true, true, 1);
        assertThat(RuleDocuments.autoSubscription("s", RuleDocuments.of(subscription)))
                .isEqualTo(subscription);
        assertThatThrownBy(() -> RuleDocuments.rewrite("r", new byte[] {1, 0})).hasMessageContaining("damaged");
        assertThatThrownBy(() -> RuleDocuments.rewrite("r", new byte[] {9})).hasMessageContaining("newer build");
    }

    @Test
    void clientsGetTheSubscriptionsThatAreAboutThem() {
        AutoSubscribeRule rule = new AutoSubscribeRule(new AutoSubscription("s", false, "in/%c/%u", 2, true, true, 1));
        assertThat(rule.requestOf(ALICE, MqttVersion.V5))
                .isEqualTo(new SubscriptionRequest("in/c1/alice", 2, true, true, 1));
        assertThat(rule.requestOf(ALICE, MqttVersion.V3_1_1)).isEqualTo(new SubscriptionRequest("in/c1/alice", 2));
        assertThat(rule.requestOf(NOBODY, MqttVersion.V5)).isNull();
        assertThat(rule.requestOf(new RuleClient("#", "u", "h", 1), MqttVersion.V5))
                .isNull();
        List<AutoSubscription> bad = new ArrayList<>();
        bad.add(new AutoSubscription("s", false, "", 0, false, false, 0));
        bad.add(new AutoSubscription("s", false, "a/#/b", 0, false, false, 0));
        bad.add(new AutoSubscription("s", false, "a", 3, false, false, 0));
        bad.add(new AutoSubscription("s", false, "a", 0, false, false, 3));
        bad.forEach(
                each -> assertThatThrownBy(() -> new AutoSubscribeRule(each)).isNotNull());
    }
}
