/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.broker.access.CredentialSource.Answer;
import io.robustmq.broker.access.CredentialSource.Outcome;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.Tenants;
import io.robustmq.protocol.ClientIdentity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The sources in their order: the first that knows the user decides. Thread-safe: immutable but for what each source guards
 * itself.
 */
final class SourceChain {
    private final List<GuardedSource> sources = new ArrayList<>();
    private final boolean asksUsers;
    private final boolean takesTokens;
    private final boolean readsUserName;

    /**
     * What is asked, and in which order. Immutable.
     *
     * @param others all sources but the cluster's own users
     * @param order names of all of them, {@code users} among them or not; empty for readers of tokens, which tell a token
     *     from a password by its looks, then users, then the others
     * @param threads runs what a source does; one that waits must not keep the others waiting
     */
    record Wanted(List<CredentialSource> others, List<String> order, Function<CredentialSource, Executor> threads) {}

    /** @param hashing runs hashes of passwords */
    SourceChain(BuiltInUsers users, Wanted wanted, Executor hashing, Clock clock) {
        List<CredentialSource> ordered = ordered(users, wanted);
        asksUsers = ordered.contains(users);
        users.isLast(ordered.indexOf(users) == ordered.size() - 1);
        takesTokens = ordered.stream().anyMatch(CredentialSource::takesTokens);
        readsUserName = ordered.stream().anyMatch(CredentialSource::readsUserName);
        for (CredentialSource each : ordered) {
            boolean own = each == users;
            sources.add(new GuardedSource(each, own ? hashing : wanted.threads.apply(each), clock, !own));
        }
    }

    private static List<CredentialSource> ordered(BuiltInUsers users, Wanted wanted) {
        Map<String, CredentialSource> byName = new LinkedHashMap<>();
        wanted.others.stream().filter(CredentialSource::takesTokens).forEach(each -> add(byName, each));
        add(byName, users);
        wanted.others.stream().filter(each -> !each.takesTokens()).forEach(each -> add(byName, each));
        if (wanted.order.isEmpty()) {
            return List.copyOf(byName.values());
        }
        List<CredentialSource> ordered = new ArrayList<>();
        for (String name : wanted.order) {
            CredentialSource found = byName.remove(name);
            if (found == null) {
                throw RmqError.INVALID_CONFIG.exception(
                        "robustmq.access.sources.order names '" + name + "', which is not configured, or twice");
            }
            ordered.add(found);
        }
        byName.remove(BuiltInUsers.NAME);
        if (!byName.isEmpty()) {
            throw RmqError.INVALID_CONFIG.exception(
                    "robustmq.access.sources.order does not say when to ask " + byName.keySet());
        }
        return ordered;
    }

    private static void add(Map<String, CredentialSource> byName, CredentialSource source) {
        if (byName.put(source.name(), source) != null) {
            throw RmqError.INVALID_CONFIG.exception("two sources of users have the name '" + source.name() + "'");
        }
    }

    /** Whether the cluster's own users are among them. */
    boolean asksUsers() {
        return asksUsers;
    }

    boolean takesTokens() {
        return takesTokens;
    }

    boolean readsUserName() {
        return readsUserName;
    }

    List<GuardedSource> sources() {
        return sources;
    }

    /** Of all that may answer, because nobody knows before who will. */
    String revision(ClientIdentity client) {
        StringBuilder all = new StringBuilder();
        for (GuardedSource each : sources) {
            String revision = each.source().revision(client);
            all.append(revision.length()).append(':').append(revision);
        }
        return all.toString();
    }

    /** Asks those that are meant; tells what is decided and by whom, null when nobody knows the user. */
    void ask(
            ClientIdentity client,
            byte[] password,
            @Nullable Loop timers,
            Predicate<CredentialSource> meant,
            BiConsumer<@Nullable CredentialSource, Answer> told) {
        ask(client, password, timers, meant, 0, told);
    }

    private void ask(
            ClientIdentity client,
            byte[] password,
            @Nullable Loop timers,
            Predicate<CredentialSource> meant,
            int from,
            BiConsumer<@Nullable CredentialSource, Answer> told) {
        int index = from;
        Predicate<CredentialSource> possible =
                client.tenant().equals(Tenants.DEFAULT) ? meant : meant.and(CredentialSource::knowsTenants);
        while (index < sources.size() && !possible.test(sources.get(index).source())) {
            index++;
        }
        if (index == sources.size()) {
            told.accept(null, Answer.REFUSED);
            return;
        }
        GuardedSource asked = sources.get(index);
        int next = index + 1;
        asked.ask(client, password, timers, answer -> {
            boolean passes = answer.outcome() == Outcome.UNKNOWN
                    || answer.outcome() == Outcome.FAILED && asked.source().passesOnFailure();
            if (passes) {
                ask(client, password, timers, meant, next, told);
            } else {
                told.accept(asked.source(), answer);
            }
        });
    }
}
