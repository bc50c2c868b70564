/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.rules;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.Tenants;
import io.robustmq.protocol.DocumentPort;
import io.robustmq.protocol.DocumentPort.Document;
import io.robustmq.protocol.TopicRulePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules of a node: those of its configuration, then those of the cluster by name. Thread-safe: what connections read is
 * immutable behind volatile fields; the rest is guarded by this.
 */
public final class MqttRules implements TopicRulePort {
    private static final Logger LOG = LoggerFactory.getLogger(MqttRules.class);
    private static final String REWRITES = "mqtt.rewrite";
    private static final String AUTO_SUBSCRIPTIONS = "mqtt.auto-subscribe";
    private static final int REWRITES_MAX = 256;
    private static final int AUTO_SUBSCRIPTIONS_MAX = 64;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private final List<RewriteRule> configuredRewrites;
    private final List<AutoSubscribeRule> configuredSubscriptions;
    private final Map<String, RewriteRule> addedRewrites = new TreeMap<>();
    private final Map<String, AutoSubscribeRule> addedSubscriptions = new TreeMap<>();
    private volatile @Nullable RewriteRules publishing;
    private volatile @Nullable RewriteRules subscribing;
    private volatile List<AutoSubscribeRule> autoSubscriptions = List.of();
    private volatile @Nullable DocumentPort documents;
    public final LongAdder rewritten = new LongAdder();
    /** Topics that a rule made something illegal of. */
    public final LongAdder refused = new LongAdder();

    public final LongAdder subscribed = new LongAdder();

    /** The rules of the configuration; fails with INVALID_CONFIG, naming the one that is none. */
    public MqttRules(List<Rewrite> rewrites, List<AutoSubscription> subscriptions) {
        this.configuredRewrites = rewrites.stream()
                .map(rule -> checked(rule.name(), () -> new RewriteRule(rule)))
                .toList();
        this.configuredSubscriptions = subscriptions.stream()
                .map(rule -> checked(rule.name(), () -> new AutoSubscribeRule(rule)))
                .toList();
        changed();
    }

    /** No rules but those of the cluster. */
    public static MqttRules none() {
        return new MqttRules(List.of(), List.of());
    }

    private static <T> T checked(String name, java.util.function.Supplier<T> rule) {
        try {
            return rule.get();
        } catch (RmqException e) {
            throw RmqError.INVALID_CONFIG.exception(name + ": " + e.getMessage());
        }
    }

    /** Follows the cluster's rules; completes when those that are there apply. */
    public CompletionStage<Void> open(DocumentPort port) {
        documents = port;
        return port.list(REWRITES, Tenants.DEFAULT)
                .thenAccept(this::learn)
                .thenCompose(v -> port.list(AUTO_SUBSCRIPTIONS, Tenants.DEFAULT))
                .thenAccept(this::learn)
                .whenComplete((v, failure) -> port.watch(
                        List.of(REWRITES, AUTO_SUBSCRIPTIONS),
                        (kind, tenant, name, value) -> learn(kind, name, value)));
    }

    private void learn(List<Document> all) {
        all.forEach(each -> learn(each.kind(), each.name(), each.value()));
    }

    private synchronized void learn(String kind, String name, byte @Nullable [] value) {
        try {
            if (kind.equals(REWRITES)) {
                if (value == null) {
                    addedRewrites.remove(name);
                } else {
                    addedRewrites.put(name, new RewriteRule(RuleDocuments.rewrite(name, value)));
                }
            } else if (value == null) {
                addedSubscriptions.remove(name);
            } else {
                addedSubscriptions.put(name, new AutoSubscribeRule(RuleDocuments.autoSubscription(name, value)));
            }
        } catch (RmqException e) {
            LOG.error("rule {} of kind {} is not applied: {}", name, kind, e.getMessage());
        }
        changed();
    }

    private synchronized void changed() {
        List<RewriteRule> rewrites = new ArrayList<>(configuredRewrites);
        rewrites.addAll(addedRewrites.values());
        publishing = RewriteRules.of(rewrites, Action.PUBLISH);
        subscribing = RewriteRules.of(rewrites, Action.SUBSCRIBE);
        List<AutoSubscribeRule> subscriptions = new ArrayList<>(configuredSubscriptions);
        subscriptions.addAll(addedSubscriptions.values());
        autoSubscriptions = List.copyOf(subscriptions);
    }

    // --- for connections

    /** Rules for the topics of publishes; null when there is none. */
    public @Nullable RewriteRules publishing() {
        return publishing;
    }

    /** Rules for the filters of subscriptions; null when there is none. */
    public @Nullable RewriteRules subscribing() {
        return subscribing;
    }

    public List<AutoSubscribeRule> subscriptions() {
        return autoSubscriptions;
    }

    // --- for administrators

    @Override
    public synchronized List<Rewrite> rewrites() {
        List<RewriteRule> all = new ArrayList<>(configuredRewrites);
        all.addAll(addedRewrites.values());
        return all.stream().map(RewriteRule::rule).toList();
    }

    @Override
    public List<AutoSubscription> autoSubscriptions() {
        return autoSubscriptions.stream().map(AutoSubscribeRule::rule).toList();
    }

    @Override
    public CompletionStage<Rewrite> add(Rewrite rule) {
        return adding(rule.name(), rewrites().size(), REWRITES_MAX, () -> {
            Rewrite added = new RewriteRule(rule).rule();
            byte[] value = RuleDocuments.of(added);
            return add(REWRITES, rule.name(), value).thenApply(v -> added);
        });
    }

    @Override
    public CompletionStage<AutoSubscription> add(AutoSubscription rule) {
        return adding(rule.name(), autoSubscriptions.size(), AUTO_SUBSCRIPTIONS_MAX, () -> {
            AutoSubscription added = new AutoSubscribeRule(rule).rule();
            byte[] value = RuleDocuments.of(added);
            return add(AUTO_SUBSCRIPTIONS, rule.name(), value).thenApply(v -> added);
        });
    }

    private static <T> CompletionStage<T> adding(
            String name, int rules, int rulesMax, java.util.function.Supplier<CompletionStage<T>> add) {
        try {
            if (!NAME.matcher(name).matches()) {
                throw RmqError.INVALID_NAME.exception("a rule's name is [a-zA-Z0-9._-]{1,249}, not '" + name + "'");
            }
            if (rules >= rulesMax) {
                throw RmqError.QUOTA_EXCEEDED.exception("there are " + rules + " rules, and no more are allowed");
            }
            return add.get();
        } catch (RmqException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private CompletionStage<Void> add(String kind, String name, byte[] value) {
        return port().add(new Document(kind, Tenants.DEFAULT, name, value))
                .exceptionally(failure -> {
                    boolean exists = RmqException.errorOf(failure) == RmqError.REVISION_MISMATCH;
                    throw exists
                            ? RmqError.TOPIC_EXISTS.exception("there is a rule '" + name + "'")
                            : new CompletionException(failure);
                })
                .thenAccept(v -> learn(kind, name, value));
    }

    @Override
    public CompletionStage<Void> deleteRewrite(String name) {
        return delete(
                REWRITES,
                name,
                configuredRewrites.stream().anyMatch(each -> each.rule().name().equals(name)));
    }

    @Override
    public CompletionStage<Void> deleteAutoSubscription(String name) {
        return delete(
                AUTO_SUBSCRIPTIONS,
                name,
                configuredSubscriptions.stream()
                        .anyMatch(each -> each.rule().name().equals(name)));
    }

    private CompletionStage<Void> delete(String kind, String name, boolean configured) {
        if (configured) {
            return CompletableFuture.failedStage(
                    RmqError.POLICY_VIOLATION.exception("rule '" + name + "' is part of the node's configuration"));
        }
        try {
            return port().delete(kind, Tenants.DEFAULT, name).thenAccept(v -> learn(kind, name, null));
        } catch (RmqException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private DocumentPort port() {
        DocumentPort port = documents;
        if (port == null) {
            throw RmqError.UNAVAILABLE.exception("the node has not started yet");
        }
        return port;
    }
}
