/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** In what we differ from Kafka and mean to: each is explained by its name in docs/kafka.md. Stateless. */
final class AcceptedDifferences {
    private static final String ERROR = "errorCode";
    private static final String NO_ID = "AAAAAAAAAAAAAAAAAAAAAA";
    /** Depends on time, so it may not be seen. */
    static final String JUST_BEGUN = "just-begun";

    private static final String SERVER_ERROR = "server-error";
    private static final Map<String, Predicate<Difference>> RULES = new LinkedHashMap<>();
    private static final Set<ApiKeys> SETTINGS = Set.of(ApiKeys.CREATE_TOPICS, ApiKeys.DESCRIBE_CONFIGS);
    private static final Set<ApiKeys> ALTERED =
            Set.of(ApiKeys.CREATE_TOPICS, ApiKeys.ALTER_CONFIGS, ApiKeys.INCREMENTAL_ALTER_CONFIGS);

    static {
        RULES.put("apis", on(ApiKeys.API_VERSIONS, Narrow::api));
        RULES.put("features", on(ApiKeys.API_VERSIONS, Narrow::feature));
        RULES.put("unknown-version", on(ApiKeys.API_VERSIONS, each -> closed(each.kafka())));
        RULES.put(SERVER_ERROR, Narrow::fault);
        RULES.put("words", Narrow::words);
        RULES.put("settings", each -> SETTINGS.contains(each.api()) && Narrow.unlisted(each));
        RULES.put("defaults", each -> SETTINGS.contains(each.api()) && Narrow.byDefault(each));
        RULES.put("settings-refused", each -> ALTERED.contains(each.api()) && refused(each, "INVALID_CONFIG"));
        RULES.put(
                "validated-id",
                on(
                        ApiKeys.CREATE_TOPICS,
                        each -> each.path().endsWith("topicId")
                                && each.ours().asText().equals(NO_ID)));
        RULES.put(
                "auto-create",
                on(
                        ApiKeys.METADATA,
                        each -> error(each)
                                && (is(each.kafka(), "UNKNOWN_TOPIC_OR_PARTITION")
                                        || is(each.kafka(), "LEADER_NOT_AVAILABLE"))
                                && is(each.ours(), "NONE")));
        RULES.put(
                "authorized-operations",
                on(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, each -> each.path().endsWith("topicAuthorizedOperations")));
        RULES.put(
                JUST_BEGUN,
                each -> each.api() == ApiKeys.DESCRIBE_GROUPS && Narrow.begins(each)
                        || each.api() == ApiKeys.LIST_GROUPS && each.path().equals("groups[]") && missing(each.ours()));
        RULES.put(
                "empty-directories",
                on(ApiKeys.DESCRIBE_LOG_DIRS, each -> each.path().equals("results[]") && missing(each.ours())));
        RULES.put("no-session", on(ApiKeys.FETCH, each -> each.path().equals("sessionId")));
        RULES.put(
                "none-aborted",
                on(
                        ApiKeys.FETCH,
                        each -> each.path().endsWith("abortedTransactions")
                                && (each.kafka().isNull() || each.kafka().isEmpty())
                                && (each.ours().isNull() || each.ours().isEmpty())));
        RULES.put(
                "unknown-attributes",
                on(
                        ApiKeys.PRODUCE,
                        each -> refused(each, "INVALID_RECORD")
                                || refused(each, "INVALID_TIMESTAMP")
                                || silent(each.kafka()) && closed(each.ours())));
        RULES.put(
                "not-decoded",
                on(
                        ApiKeys.PRODUCE,
                        each -> closed(each.kafka()) && silent(each.ours())
                                || error(each)
                                        && Set.of("INVALID_RECORD", "CORRUPT_MESSAGE")
                                                .contains(each.kafka().asText())
                                        && is(each.ours(), "NONE")));
        RULES.put(
                "no-transactions",
                each -> error(each)
                        && (each.api() == ApiKeys.FIND_COORDINATOR && is(each.ours(), "INVALID_REQUEST")
                                || each.api() == ApiKeys.INIT_PRODUCER_ID && is(each.ours(), "UNSUPPORTED_VERSION")));
        RULES.put(
                "transactional",
                on(ApiKeys.PRODUCE, each -> error(each) && is(each.kafka(), "TRANSACTIONAL_ID_AUTHORIZATION_FAILED")));
        RULES.put("first-mistake", each -> error(each) && Narrow.mistake(each));
        RULES.put(
                "dot-and-underscore",
                on(
                        ApiKeys.CREATE_TOPICS,
                        each -> error(each) && is(each.kafka(), "INVALID_TOPIC_EXCEPTION") && is(each.ours(), "NONE")));
        RULES.put("record-errors", on(ApiKeys.PRODUCE, each -> each.path().contains("recordErrors")));
        RULES.put("log-start", on(ApiKeys.PRODUCE, each -> each.path().endsWith("logStartOffset")));
        RULES.put(
                "one-resource",
                on(ApiKeys.DESCRIBE_CONFIGS, each -> error(each) && is(each.kafka(), "INVALID_REQUEST")));
    }

    private AcceptedDifferences() {}

    private static Predicate<Difference> on(ApiKeys api, Predicate<Difference> rule) {
        return each -> each.api() == api && rule.test(each);
    }

    private static boolean error(Difference each) {
        return each.path().endsWith(ERROR);
    }

    /** Whether only we say no. */
    private static boolean refused(Difference each, String error) {
        return error(each) && is(each.kafka(), "NONE") && is(each.ours(), error);
    }

    private static boolean closed(JsonNode answer) {
        return answer.asText().startsWith("Closed");
    }

    private static boolean silent(JsonNode answer) {
        return answer.asText().startsWith("Silence");
    }

    private static boolean missing(JsonNode value) {
        return value.isMissingNode();
    }

    private static boolean is(JsonNode value, String text) {
        return value.asText().equals(text);
    }

    static Set<String> names() {
        return RULES.keySet();
    }

    /** The names of the accepted ones, by where they are; what stands beside an accepted error follows from it. */
    static Map<String, String> explain(List<Difference> differences) {
        Map<String, String> explained = new HashMap<>();
        Map<String, String> elements = new LinkedHashMap<>();
        for (Difference each : differences) {
            String name = nameFor(each);
            if (name != null) {
                explained.put(each.where(), name);
                if (name.equals(SERVER_ERROR)) {
                    elements.put("", name);
                } else if (error(each) || name.equals(JUST_BEGUN) && each.api() == ApiKeys.DESCRIBE_GROUPS) {
                    elements.put(each.where().substring(0, each.where().lastIndexOf('.') + 1), name);
                }
            }
        }
        for (Difference each : differences) {
            elements.forEach((element, name) -> {
                if (each.where().startsWith(element)) {
                    explained.putIfAbsent(each.where(), name);
                }
            });
        }
        return explained;
    }

    private static @Nullable String nameFor(Difference difference) {
        for (Map.Entry<String, Predicate<Difference>> rule : RULES.entrySet()) {
            if (rule.getValue().test(difference)) {
                return rule.getKey();
            }
        }
        return null;
    }
}
