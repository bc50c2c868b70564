/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.config;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.meta.client.Documents;
import io.robustmq.meta.client.Documents.Change;
import io.robustmq.meta.client.Documents.Document;
import io.robustmq.meta.client.Documents.Event;
import io.robustmq.meta.client.Documents.Key;
import io.robustmq.meta.client.Kinds;
import io.robustmq.meta.client.MetaClient;
import io.robustmq.node.NodeContext;
import io.robustmq.node.Phases;
import io.robustmq.node.config.LiveKeys;
import io.robustmq.node.config.LiveSettings;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keys that are set for the whole cluster while it runs: documents in meta, followed by every node, which binds them on top of its own
 * configuration and applies what they changed. Thread-safe: a concurrent map; applying is guarded by this.
 */
public final class DynamicConfig implements SmartLifecycle {
    static final String KIND = "config";
    static final String TENANT = "";
    static final String LOG_LEVEL_PREFIX = "logging.level.";
    /** Those that a part of the node takes over while it runs. */
    private static final Set<String> KEYS =
            LiveKeys.load(DynamicConfig.class.getClassLoader()).keySet();

    static final int SETTINGS_MAX = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(DynamicConfig.class);
    private static final Pattern LOGGER_NAME = Pattern.compile("[a-zA-Z0-9._$-]{1,200}");
    private static final long WAIT_SECONDS_MAX = 5;

    private final NodeContext node;
    private final EffectiveConfig effective;
    private final Environment environment;
    private final LoggingSystem logging;
    private final List<LiveSettings<?>> parts;
    /** What each part was given last. Guarded by this. */
    private final Map<LiveSettings<?>, Object> given = new IdentityHashMap<>();

    private final JsonMapper json = JsonMapper.shared();
    private final ConcurrentSkipListMap<String, Known> settings = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Long, CompletableFuture<Void>> waiting = new ConcurrentSkipListMap<>();
    private volatile long seenRevision;
    private volatile @Nullable Documents documents;
    private volatile @Nullable Cancellable watch;

    DynamicConfig(
            NodeContext node,
            EffectiveConfig effective,
            Environment environment,
            LoggingSystem logging,
            List<LiveSettings<?>> parts) {
        this.node = node;
        this.parts = List.copyOf(parts);
        this.effective = effective;
        this.environment = environment;
        this.logging = logging;
    }

    /** A setting and the revision of meta that it came with. */
    record Known(Setting setting, long revision) {}

    /** Whether the key is of our configuration, and not a logger's. */
    static boolean isOurs(String key) {
        return KEYS.contains(key);
    }

    static boolean isDynamic(String key) {
        return KEYS.contains(key) || key.startsWith(LOG_LEVEL_PREFIX);
    }

    Map<String, Known> settings() {
        return settings;
    }

    /** The values of our own keys alone. */
    Map<String, String> onTop() {
        Map<String, String> values = new TreeMap<>();
        settings.forEach((key, known) -> {
            if (KEYS.contains(key)) {
                values.put(key, known.setting().value());
            }
        });
        return values;
    }

    /** Sets a key for the cluster; fails with INVALID_CONFIG or NOT_SUPPORTED. */
    CompletionStage<Void> set(String key, String value, String by) {
        check(key, value);
        if (settings.size() >= SETTINGS_MAX && !settings.containsKey(key)) {
            throw RmqError.QUOTA_EXCEEDED.exception("there are " + SETTINGS_MAX + " settings; unset one first");
        }
        Known before = settings.get(key);
        byte[] content =
                json.writeValueAsBytes(new Setting(value, by, node.clock().millis()));
        return transact(new Change.Put(key(key), content, before == null ? 0 : before.revision()), key);
    }

    CompletionStage<Void> unset(String key) {
        Known before = settings.get(key);
        if (before == null) {
            throw RmqError.NOT_FOUND.exception(key + " is not set for the cluster");
        }
        return transact(new Change.Delete(key(key), before.revision()), key);
    }

    private CompletionStage<Void> transact(Change change, String key) {
        Documents open = documents;
        if (open == null) {
            throw RmqError.UNAVAILABLE.exception("the node has not reached meta: ask again later");
        }
        return open.transact(List.of(change))
                .thenCompose(this::seen)
                .exceptionallyCompose(failure -> CompletableFuture.failedStage(
                        RmqException.errorOf(failure) == RmqError.REVISION_MISMATCH
                                ? RmqError.REVISION_MISMATCH.exception(key + " was changed meanwhile")
                                : failure));
    }

    /** Whoever changed something finds it in effect on this node; on others within moments. */
    private CompletableFuture<Void> seen(long revision) {
        CompletableFuture<Void> waiter = waiting.computeIfAbsent(revision, each -> new CompletableFuture<Void>());
        if (seenRevision >= revision) {
            waiting.remove(revision);
            waiter.complete(null);
        }
        return waiter.completeOnTimeout(null, WAIT_SECONDS_MAX, TimeUnit.SECONDS);
    }

    private void check(String key, String value) {
        if (key.startsWith(LOG_LEVEL_PREFIX)) {
            if (!LOGGER_NAME.matcher(key.substring(LOG_LEVEL_PREFIX.length())).matches()) {
                throw RmqError.INVALID_CONFIG.exception(key + " names no logger");
            }
            level(key, value);
            return;
        }
        if (!KEYS.contains(key)) {
            throw RmqError.NOT_SUPPORTED.exception(key + " cannot be changed while nodes run; these can: "
                    + String.join(", ", KEYS) + ", " + LOG_LEVEL_PREFIX + "LOGGER");
        }
        Map<String, String> wanted = onTop();
        wanted.put(key, value);
        for (Class<?> record : EffectiveConfig.records()) {
            if (LiveKeys.of(record).containsKey(key)) {
                effective.bind(wanted, LiveKeys.prefix(record), record);
            }
        }
    }

    private static LogLevel level(String key, String value) {
        try {
            return LogLevel.valueOf(value.trim().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw RmqError.INVALID_CONFIG.exception(
                    key + " is trace, debug, info, warn, error or off, not '" + value + "'");
        }
    }

    @Override
    public void start() {
        Documents kept = node.get(MetaClient.class).documents();
        documents = kept;
        try {
            // Before any port opens.
            List<Document> found = kept.list(KIND, TENANT, "", SETTINGS_MAX)
                    .toCompletableFuture()
                    .get(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
            found.forEach(each -> take(each.key().name(), each));
            if (!found.isEmpty()) {
                apply();
            }
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("The settings of the cluster are not known yet; they take effect when they are: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watch = kept.watch(Kinds.METADATA_GROUP, List.of(KIND), 0, this::changed);
    }

    private void changed(long revision, List<Event> events) {
        boolean news = false;
        for (Event event : events) {
            news |= take(event.key().name(), event.document());
        }
        if (news) {
            apply();
        }
        seenRevision = revision;
        waiting.headMap(revision, true).values().removeIf(waiter -> waiter.complete(null) || true);
    }

    private boolean take(String key, @Nullable Document document) {
        if (document == null) {
            boolean was = settings.remove(key) != null;
            if (was && key.startsWith(LOG_LEVEL_PREFIX)) {
                String configured = environment.getProperty(key);
                setLevel(key, configured);
            }
            return was;
        }
        try {
            Setting setting = json.readValue(document.value(), Setting.class);
            Known before = settings.put(key, new Known(setting, document.revision()));
            return before == null || !before.setting().value().equals(setting.value());
        } catch (JacksonException e) {
            LOG.warn("The setting {} cannot be read by this version", key);
            return false;
        }
    }

    private synchronized void apply() {
        settings.forEach((key, known) -> {
            if (key.startsWith(LOG_LEVEL_PREFIX)) {
                setLevel(key, known.setting().value());
            }
        });
        try {
            Map<String, String> wanted = onTop();
            parts.forEach(part -> give(part, wanted));
            LOG.info("Settings of the cluster are in effect: {}", settings.keySet());
        } catch (RmqException e) {
            LOG.warn("Settings of the cluster do not fit to this node's configuration: {}", e.getMessage());
        }
    }

    /** A part that was never given anything has the node's own configuration already. */
    private <T> void give(LiveSettings<T> part, Map<String, String> wanted) {
        Set<String> own = LiveKeys.of(part.type()).keySet();
        Object before = given.get(part);
        if (before == null && wanted.keySet().stream().noneMatch(own::contains)) {
            return;
        }
        T now = effective.bind(wanted, LiveKeys.prefix(part.type()), part.type());
        if (!now.equals(before)) {
            part.take().accept(now);
            given.put(part, now);
        }
    }

    private void setLevel(String key, @Nullable String level) {
        String name = key.substring(LOG_LEVEL_PREFIX.length());
        try {
            logging.setLogLevel(
                    name.equalsIgnoreCase("root") ? LoggingSystem.ROOT_LOGGER_NAME : name,
                    level == null ? null : level(key, level));
        } catch (RmqException e) {
            LOG.warn("{}", e.getMessage());
        }
    }

    private static Key key(String name) {
        return new Key(KIND, TENANT, name);
    }

    @Override
    public void stop() {
        documents = null;
        Cancellable following = watch;
        watch = null;
        if (following != null) {
            following.cancel();
        }
    }

    @Override
    public boolean isRunning() {
        return documents != null;
    }

    @Override
    public int getPhase() {
        return Phases.BROKER + 20;
    }
}
