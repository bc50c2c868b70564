/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.Tenants;
import io.robustmq.meta.client.Documents;
import io.robustmq.meta.client.Documents.Change;
import io.robustmq.meta.client.Documents.Key;
import io.robustmq.meta.client.Kinds;
import io.robustmq.meta.client.MetaClient;
import io.robustmq.meta.client.MetaCommand;
import io.robustmq.meta.client.MetaImage;
import io.robustmq.meta.client.TopicInfo;
import io.robustmq.protocol.DelayPort;
import io.robustmq.protocol.TenantPort;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tenants for administrators and protocols: as the metadata has them. Thread-safe: the image is immutable. */
final class TenantAdmin implements TenantPort {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}");
    private static final int TENANTS_MAX = 1_000;
    private static final long ANY_REVISION = -1;
    private static final int LIST_MAX = 100_000;
    private static final String USERS = "access.user";
    /** What is said about a tenant goes with it. */
    private static final List<String> SAID = List.of("access.rule", "access.ban", "quota");

    private final Broker broker;
    private final MetaClient meta;
    private final ShardManager shards;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private @Nullable Cancellable following;

    TenantAdmin(Broker broker, MetaClient meta, ShardManager shards) {
        this.broker = broker;
        this.meta = meta;
        this.shards = shards;
    }

    void start() {
        following = meta.onImage((previous, current) -> {
            for (String tenant : previous.tenants()) {
                if (!current.tenants().contains(tenant)) {
                    listeners.forEach(each -> each.accept(tenant));
                }
            }
        });
    }

    void close() {
        Cancellable registration = following;
        if (registration != null) {
            registration.cancel();
        }
    }

    @Override
    public List<String> names() {
        return meta.image().tenants().stream().sorted().toList();
    }

    @Override
    public boolean exists(String name) {
        return name.equals(Tenants.DEFAULT) || meta.image().tenants().contains(name);
    }

    @Override
    public CompletionStage<Tenant> show(String name) {
        return exists(name) ? CompletableFuture.completedStage(describe(name)) : unknown(name);
    }

    private static <T> CompletionStage<T> unknown(String name) {
        return CompletableFuture.failedStage(RmqError.NOT_FOUND.exception("there is no tenant '" + name + "'"));
    }

    private Tenant describe(String name) {
        return new Tenant(
                name,
                created(meta.image(), name).size(),
                broker.sessions().count(name),
                broker.quotas().admin().use(name).connections());
    }

    /** What protocols create for themselves is nobody's. */
    private List<TopicInfo> created(MetaImage image, String tenant) {
        return image.topics().stream()
                .filter(topic -> topic.tenant().equals(tenant) && !topic.internal() && !broker.isCatchAll(topic.name()))
                .toList();
    }

    @Override
    public Cancellable onEnd(Consumer<String> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    // --- adding

    @Override
    public CompletionStage<Tenant> add(String name) {
        if (!NAME.matcher(name).matches()) {
            return CompletableFuture.failedStage(RmqError.INVALID_NAME.exception(
                    "the name of a tenant is 1 to 64 letters, digits, dashes and underscores, not '" + name + "'"));
        }
        if (exists(name)) {
            return CompletableFuture.failedStage(RmqError.TOPIC_EXISTS.exception("there is a tenant '" + name + "'"));
        }
        if (meta.image().tenants().size() >= TENANTS_MAX) {
            return CompletableFuture.failedStage(RmqError.QUOTA_EXCEEDED.exception(
                    "there are " + TENANTS_MAX + " tenants, and no more are allowed"));
        }
        Documents documents = meta.documents();
        return documents
                .list(USERS, Tenants.DEFAULT, name + SEPARATOR, 1)
                .thenCompose(named -> {
                    if (!named.isEmpty()) {
                        throw RmqError.POLICY_VIOLATION.exception("the default tenant has a user '"
                                + named.get(0).key().name() + "', who would be one of the new tenant");
                    }
                    return documents.transact(List.of(new Change.Put(key(name), new byte[0], 0)));
                })
                .exceptionally(failure -> {
                    throw RmqException.errorOf(failure) == RmqError.REVISION_MISMATCH
                            ? RmqError.TOPIC_EXISTS.exception("there is a tenant '" + name + "'")
                            : new CompletionException(failure);
                })
                .thenCompose(revision -> broker.createCatchAlls(name))
                .thenCompose(created -> {
                    shards.follow(meta.image());
                    return broker.catchAllsServed(name);
                })
                .thenApply(served -> describe(name));
    }

    private static Key key(String name) {
        return new Key(Kinds.TENANT, "", name);
    }

    // --- deleting

    @Override
    public CompletionStage<Void> delete(String name) {
        if (name.equals(Tenants.DEFAULT)) {
            return used("the tenant default always exists");
        }
        if (!exists(name)) {
            return unknown(name);
        }
        return problem(name).thenCompose(problem -> problem == null ? end(name) : used(problem));
    }

    private static CompletionStage<Void> used(String why) {
        return CompletableFuture.failedStage(RmqError.POLICY_VIOLATION.exception(why));
    }

    /** Why it cannot go yet; null when nothing is left in it, as far as this node knows. */
    private CompletionStage<@Nullable String> problem(String name) {
        Tenant tenant = describe(name);
        boolean retained = !broker.retained().list(name, null, null, 1).isEmpty();
        return meta.documents()
                .list(USERS, name, "", 1)
                .thenCombine(broker.delayed().list(new DelayPort.Query(name, null, null, null, 1)), (users, page) -> {
                    List<String> left = new ArrayList<>();
                    add(!users.isEmpty(), "users", left);
                    add(tenant.topics() > 0, "topics", left);
                    add(tenant.connections() > 0, "connections", left);
                    add(tenant.sessions() > 0, "sessions", left);
                    add(retained, "retained messages", left);
                    add(!page.delayed().isEmpty(), "delayed messages", left);
                    return left.isEmpty() ? null : "tenant '" + name + "' still has " + String.join(", ", left);
                });
    }

    private static void add(boolean there, String what, List<String> to) {
        if (there) {
            to.add(what);
        }
    }

    /** The topics that protocols made for it first: the metadata keeps a tenant that has any. */
    private CompletionStage<Void> end(String name) {
        MetaImage image = meta.image();
        return deleteAll(image.topics().stream()
                        .filter(topic -> topic.tenant().equals(name))
                        .toList())
                .thenCompose(v -> said(name))
                .thenCompose(changes -> meta.documents().transact(changes))
                .thenCompose(revision -> deleteAll(image.topics().stream()
                        .filter(topic -> topic.internal() && topic.name().endsWith(TenantPort.suffix(name)))
                        .toList()))
                .thenAccept(v -> shards.follow(meta.image()));
    }

    private CompletionStage<Void> deleteAll(List<TopicInfo> topics) {
        return CompletableFuture.allOf(topics.stream()
                .map(topic -> meta.submit(new MetaCommand.DeleteTopic(topic.tenant(), topic.name(), topic.id()))
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** The end of the tenant and of what is said about it. */
    private CompletionStage<List<Change>> said(String name) {
        CompletionStage<List<Change>> changes = CompletableFuture.completedStage(new ArrayList<>());
        for (String kind : SAID) {
            changes = changes.thenCombine(meta.documents().list(kind, name, "", LIST_MAX), (all, found) -> {
                found.forEach(each -> all.add(new Change.Delete(each.key(), ANY_REVISION)));
                return all;
            });
        }
        return changes.thenApply(all -> {
            all.add(new Change.Delete(key(name), ANY_REVISION));
            return all;
        });
    }
}
