/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.mongo;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import io.robustmq.access.lookup.Found;
import io.robustmq.access.lookup.Placeholder;
import io.robustmq.access.lookup.RuleReader;
import io.robustmq.access.lookup.UserDirectory;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.ClientIdentity;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Users in documents of MongoDB. Thread-safe: the client, which has threads of its own, is made when it is first asked, under the
 * lock of this, and anew when the password of the node is another one.
 */
public final class MongoDirectory implements UserDirectory {
    public static final String NAME = "mongodb";

    private final MongoConfig config;
    private final ConnectionString uri;
    private final FilterTemplate filter;
    private final @Nullable FilterTemplate aclFilter;
    private @Nullable MongoClient client;
    private String password = "";

    /** Fails with IllegalArgumentException for a configuration that cannot work, whatever MongoDB says. */
    public MongoDirectory(MongoConfig config) {
        this.config = config;
        if (config.uri().contains("@")) {
            throw new IllegalArgumentException(
                    "user and password are not part of the URI, which is shown to administrators");
        }
        uri = new ConnectionString(config.uri());
        filter = FilterTemplate.of("the filter", config.filter());
        aclFilter = config.aclFilter() == null ? null : FilterTemplate.of("the filter of rules", config.aclFilter());
    }

    private synchronized MongoClient client() {
        String current = config.password().text();
        MongoClient open = client;
        if (open == null || !current.equals(password)) {
            if (open != null) {
                open.close();
            }
            open = MongoClients.create(settings(current));
            client = open;
            password = current;
        }
        return open;
    }

    private MongoClientSettings settings(String current) {
        MongoClientSettings.Builder settings = MongoClientSettings.builder()
                .applyConnectionString(uri)
                .applicationName("robustmq")
                .retryReads(false)
                .applyToClusterSettings(
                        cluster -> cluster.serverSelectionTimeout(config.connectMillisMax(), TimeUnit.MILLISECONDS))
                .applyToConnectionPoolSettings(pool -> pool.maxSize(config.connectionsMax())
                        .maxWaitTime(config.connectMillisMax(), TimeUnit.MILLISECONDS))
                .applyToSocketSettings(socket -> socket.connectTimeout(config.connectMillisMax(), TimeUnit.MILLISECONDS)
                        .readTimeout(config.answerMillisMax(), TimeUnit.MILLISECONDS));
        if (config.trust() != null) {
            settings.applyToSslSettings(tls -> tls.enabled(true).context(config.trust()));
        }
        if (config.user() != null) {
            settings.credential(
                    MongoCredential.createCredential(config.user(), config.authDatabase(), current.toCharArray()));
        }
        return settings.build();
    }

    private List<BsonDocument> documents(String collection, BsonDocument wanted, int max) {
        MongoCollection<BsonDocument> documents =
                client().getDatabase(config.database()).getCollection(collection, BsonDocument.class);
        return documents
                .find(wanted)
                .maxTime(config.answerMillisMax(), TimeUnit.MILLISECONDS)
                .limit(max)
                .into(new ArrayList<>());
    }

    @Override
    public @Nullable Found find(ClientIdentity who) {
        List<BsonDocument> found = documents(config.collection(), filter.of(who), 2);
        if (found.size() > 1) {
            throw new IllegalStateException("the filter has found more than one user");
        }
        if (found.isEmpty()) {
            return null;
        }
        BsonDocument user = found.get(0);
        String hash = text(user, "password_hash", "password");
        String salt = text(user, "salt", "salt");
        return new Found(
                hash == null ? "" : hash,
                salt == null ? "" : salt,
                RuleReader.truth("is_superuser", text(user, "is_superuser", "superuser")));
    }

    @Override
    public List<AccessRule> rules(ClientIdentity who) {
        FilterTemplate template = aclFilter;
        if (template == null) {
            return List.of();
        }
        RuleReader rules = new RuleReader(NAME);
        for (BsonDocument each : documents(config.aclCollection(), template.of(who), RuleReader.RULES_MAX + 1)) {
            String action = text(each, "action", "action");
            List<String> topics = topics(each);
            if (action == null || topics.isEmpty()) {
                throw new IllegalArgumentException("a rule has an action, and a topic or topics");
            }
            for (String topic : topics) {
                rules.add(
                        text(each, "permission", "effect"),
                        action,
                        text(each, "resource", "resource"),
                        topic,
                        text(each, "qos", "qos"),
                        text(each, "retain", "retain"));
            }
        }
        return rules.rules();
    }

    private static List<String> topics(BsonDocument rule) {
        BsonValue topics = rule.get("topics");
        List<String> all = new ArrayList<>();
        if (topics != null && topics.isArray()) {
            topics.asArray().forEach(each -> all.add(scalar("topics", each)));
        }
        String topic = text(rule, "topic", "filter");
        if (topic != null) {
            all.add(topic);
        }
        return all;
    }

    private static @Nullable String text(BsonDocument document, String name, String otherName) {
        BsonValue value = document.get(name, document.get(otherName));
        if (value == null || value.isNull()) {
            return null;
        }
        return value.isArray()
                ? value.asArray().stream().map(each -> scalar(name, each)).collect(Collectors.joining(","))
                : scalar(name, value);
    }

    private static String scalar(String name, BsonValue value) {
        return switch (value.getBsonType()) {
            case STRING -> value.asString().getValue();
            case BOOLEAN -> String.valueOf(value.asBoolean().getValue());
            case INT32, INT64, DOUBLE -> String.valueOf(value.asNumber().longValue());
            default ->
                throw new IllegalArgumentException(
                        name + " is a text, a number, true or false, not " + value.getBsonType());
        };
    }

    @Override
    public Set<Placeholder> findsBy() {
        return filter.uses();
    }

    @Override
    public Set<Placeholder> uses() {
        Set<Placeholder> used = EnumSet.copyOf(filter.uses());
        if (aclFilter != null) {
            used.addAll(aclFilter.uses());
        }
        return used;
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
    }
}
