/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.rules;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.protocol.TopicRulePort.Action;
import io.robustmq.protocol.TopicRulePort.Rewrite;
import org.jspecify.annotations.Nullable;

/** One rule, ready to be applied. Immutable. */
final class RewriteRule {
    private static final int TEXT_CHARS_MAX = 4096;
    private static final int PROGRAM_MAX = 512;
    /**
     * RE2 takes at most about 17 ns for each instruction and character (measured with expressions made to be slow), so a topic
     * holds its loop for less than 20 ms. An expression of 15 instructions is allowed to see the longest topic there is.
     */
    private static final int WORK_MAX = 1_000_000;

    private final Rewrite rule;
    private final Pattern pattern;
    private final Template destination;

    /** Fails with INVALID_CONFIG. */
    RewriteRule(Rewrite rule) {
        this.rule = rule;
        require(
                Subjects.isLegalFilter(Spelling.SLASH, rule.source()),
                "source is no topic filter: '" + rule.source() + "'");
        require(rule.regex().length() <= TEXT_CHARS_MAX, "regex has at most " + TEXT_CHARS_MAX + " characters");
        require(
                !rule.destination().isEmpty() && rule.destination().length() <= TEXT_CHARS_MAX,
                "destination has from 1 to " + TEXT_CHARS_MAX + " characters");
        try {
            this.pattern = Pattern.compile(rule.regex());
        } catch (PatternSyntaxException e) {
            throw RmqError.INVALID_CONFIG.exception(
                    "regex is not in RE2's language (no back references, no look around): " + e.getMessage());
        }
        require(
                pattern.programSize() <= PROGRAM_MAX,
                "regex makes " + pattern.programSize() + " instructions; " + PROGRAM_MAX + " are allowed");
        this.destination = Template.of(rule.destination(), pattern.groupCount());
        require(
                rule.action() == Action.SUBSCRIBE || !destination.hasWildcards(),
                "a destination of publishes has no wildcards: '" + rule.destination() + "'");
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw RmqError.INVALID_CONFIG.exception(problem);
        }
    }

    Rewrite rule() {
        return rule;
    }

    boolean isAbout(String topic) {
        return Subjects.matches(Spelling.SLASH, rule.source(), topic);
    }

    /** The other topic; the same one when the expression does not find anything; null when it may not be. */
    @Nullable
    String apply(String topic, RuleClient client) {
        if ((long) topic.length() * pattern.programSize() > WORK_MAX) {
            return null;
        }
        Matcher matcher = pattern.matcher(topic);
        return matcher.find() ? destination.fill(client, matcher) : topic;
    }
}
