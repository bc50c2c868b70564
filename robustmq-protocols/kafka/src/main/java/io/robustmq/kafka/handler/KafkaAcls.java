/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.AccessRule.Effect;
import io.robustmq.protocol.AccessRule.Match;
import io.robustmq.protocol.AccessRule.Resource;
import io.robustmq.protocol.AccessRule.Who;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * Rules as Kafka's ACLs, and the other way round. What has no place in an ACL (wildcards within a subject, client ids,
 * networks, qualities of service) is not shown; what has none in a rule is refused. Stateless.
 */
final class KafkaAcls {
    static final String CLUSTER = "kafka-cluster";
    private static final String ANYBODY = "*";
    private static final String USER = "User:";
    private static final String ANONYMOUS = "ANONYMOUS";

    private KafkaAcls() {}

    /** Null when an ACL cannot say the same. */
    static @Nullable AclBinding of(AccessRule rule) {
        ResourcePattern pattern = pattern(rule);
        String principal = switch (rule.who()) {
            case USER -> USER + rule.value();
            case ALL, ADDRESS -> USER + ANYBODY;
            case ANONYMOUS -> USER + ANONYMOUS;
            case CLIENT_ID -> null;
        };
        boolean network = rule.who() == Who.ADDRESS && rule.value().indexOf('/') >= 0;
        boolean conditional = rule.qosMask() != AccessRule.ANY_QOS || rule.retain() != null;
        if (pattern == null || principal == null || network || conditional) {
            return null;
        }
        return new AclBinding(
                pattern,
                new AccessControlEntry(
                        principal,
                        rule.who() == Who.ADDRESS ? rule.value() : ANYBODY,
                        operation(rule.action()),
                        rule.effect() == Effect.ALLOW ? AclPermissionType.ALLOW : AclPermissionType.DENY));
    }

    private static @Nullable ResourcePattern pattern(AccessRule rule) {
        ResourceType type = switch (rule.resource()) {
            case SUBJECT -> ResourceType.TOPIC;
            case GROUP -> ResourceType.GROUP;
            case CLUSTER -> ResourceType.CLUSTER;
            case TRANSACTIONAL_ID -> ResourceType.TRANSACTIONAL_ID;
        };
        if (rule.match() == Match.PREFIX) {
            return new ResourcePattern(type, rule.filter(), PatternType.PREFIXED);
        }
        if (rule.match() == Match.FILTER && rule.filter().equals("#")) {
            return new ResourcePattern(type, type == ResourceType.CLUSTER ? CLUSTER : ANYBODY, PatternType.LITERAL);
        }
        boolean plain = rule.match() == Match.LITERAL || rule.filter().matches("[a-zA-Z0-9._-]+");
        return plain ? new ResourcePattern(type, rule.filter(), PatternType.LITERAL) : null;
    }

    private static AclOperation operation(Action action) {
        return switch (action) {
            case ALL -> AclOperation.ALL;
            case PUBLISH -> AclOperation.WRITE;
            case SUBSCRIBE -> AclOperation.READ;
            default -> AclOperation.valueOf(action.name());
        };
    }

    /** The rule that says the same; fails with IllegalArgumentException when none does. */
    static AccessRule rule(String tenant, AclBinding acl) {
        AccessControlEntry entry = acl.entry();
        ResourcePattern pattern = acl.pattern();
        boolean anyHost = entry.host().equals(ANYBODY);
        if (!entry.principal().startsWith(USER)) {
            throw new IllegalArgumentException("principals are of the kind User:name");
        }
        String user = entry.principal().substring(USER.length());
        boolean anyUser = user.equals(ANYBODY);
        if (!anyHost && !anyUser) {
            throw new IllegalArgumentException("a rule names a user or an address, not both");
        }
        Who who = !anyHost ? Who.ADDRESS : anyUser ? Who.ALL : user.equals(ANONYMOUS) ? Who.ANONYMOUS : Who.USER;
        String value = who == Who.ADDRESS ? entry.host() : who == Who.USER ? user : "";
        boolean everything =
                pattern.patternType() == PatternType.LITERAL && pattern.name().equals(ANYBODY);
        Match match = everything
                ? Match.FILTER
                : pattern.patternType() == PatternType.PREFIXED ? Match.PREFIX : Match.LITERAL;
        return new AccessRule(
                tenant,
                name(acl),
                entry.permissionType() == AclPermissionType.ALLOW ? Effect.ALLOW : Effect.DENY,
                who,
                value,
                action(entry.operation()),
                resource(pattern.resourceType()),
                match,
                everything ? "#" : pattern.name(),
                AccessRule.ANY_QOS,
                null);
    }

    /** The same ACL gets the same name, so that creating it again changes nothing, as in Kafka. */
    private static String name(AclBinding acl) {
        return "kafka-" + UUID.nameUUIDFromBytes(acl.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Action action(AclOperation operation) {
        return switch (operation) {
            case ALL -> Action.ALL;
            case WRITE -> Action.PUBLISH;
            case READ -> Action.SUBSCRIBE;
            case CREATE, DELETE, ALTER, DESCRIBE, CLUSTER_ACTION, DESCRIBE_CONFIGS, ALTER_CONFIGS, IDEMPOTENT_WRITE ->
                Action.valueOf(operation.name());
            default ->
                throw new IllegalArgumentException(
                        "no rule is about " + operation.name().toLowerCase(Locale.ROOT));
        };
    }

    private static Resource resource(ResourceType type) {
        return switch (type) {
            case TOPIC -> Resource.SUBJECT;
            case GROUP -> Resource.GROUP;
            case CLUSTER -> Resource.CLUSTER;
            case TRANSACTIONAL_ID -> Resource.TRANSACTIONAL_ID;
            default ->
                throw new IllegalArgumentException(
                        "no rule is about " + type.name().toLowerCase(Locale.ROOT));
        };
    }
}
