/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.cluster;

import io.robustmq.kernel.ErrorKind;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Asks every node that has a part of an answer, and makes one of what they say. A node that does not answer in time is named in
 * {@code incomplete}; the others' rows come all the same. Holds a page of each node at most. Thread-safe.
 */
public final class ClusterAnswers {
    private static final String AFTER = "after";
    private static final String LIMIT = "limit";
    private static final String OWNER = "owner";

    private final int self;
    private final Supplier<List<Peer>> peers;
    private final NodeCalls calls;
    private final ConcurrentMap<String, Function<Map<String, String>, Mono<Map<String, Object>>>> own =
            new ConcurrentHashMap<>();

    ClusterAnswers(int self, Supplier<List<Peer>> peers, NodeCalls calls) {
        this.self = self;
        this.peers = peers;
        this.calls = calls;
    }

    /** Answers of a node that asks nobody. */
    public static ClusterAnswers alone(int self) {
        List<Peer> all = List.of(new Peer(self, null, Set.of(Peer.BROKER)));
        return new ClusterAnswers(
                self,
                () -> all,
                new NodeCalls(
                        "",
                        () -> {
                            throw new IllegalStateException("it asks nobody");
                        },
                        () -> 0));
    }

    /** What this node answers for itself, to its own admin API as to other nodes. */
    public void offer(String what, Function<Map<String, String>, Mono<Map<String, Object>>> answer) {
        own.put(what, answer);
    }

    /** For itself alone. */
    Mono<Map<String, Object>> own(String what, Map<String, String> query) {
        Function<Map<String, String>, Mono<Map<String, Object>>> answer = own.get(what);
        return answer == null
                ? Mono.error(RmqError.UNAVAILABLE.exception("node " + self + " cannot be asked for " + what))
                : Mono.defer(() -> answer.apply(query));
    }

    private Mono<Map<String, Object>> ask(Peer peer, String what, Map<String, String> query) {
        return peer.id() == self ? own(what, query) : calls.ask(peer, what, query);
    }

    /** One node's answer, or why there is none. */
    private record Heard(
            int node,
            @Nullable Map<String, Object> body,
            @Nullable RmqException failure) {}

    private Mono<Heard> hear(Peer peer, String what, Map<String, String> query) {
        return ask(peer, what, query)
                .map(body -> new Heard(peer.id(), body, null))
                .onErrorResume(thrown -> {
                    Throwable cause = RmqException.causeOf(thrown);
                    return cause instanceof RmqException known
                            ? Mono.just(new Heard(peer.id(), null, known))
                            : Mono.error(cause);
                });
    }

    /** This node, one other, or all that may know; fails when there is no such node. */
    private List<Peer> asked(boolean brokers, @Nullable Integer node) {
        List<Peer> all = peers.get();
        if (node != null) {
            return List.of(all.stream()
                    .filter(each -> each.id() == node)
                    .findFirst()
                    .orElseThrow(() -> RmqError.NOT_FOUND.exception("the cluster has no node " + node
                            + " that is alive: "
                            + all.stream().map(Peer::id).toList())));
        }
        List<Peer> able = all.stream().filter(each -> !brokers || each.broker()).toList();
        // Nobody is able: this node's own words say why.
        return able.isEmpty() ? all.stream().filter(each -> each.id() == self).toList() : able;
    }

    /**
     * A page of the rows of all nodes, or of one.
     *
     * @param after the {@code next} of the page before, or a key
     * @param limit checked already
     */
    public Mono<Map<String, Object>> page(
            Listing listing, Map<String, String> query, @Nullable String after, int limit, @Nullable Integer node) {
        return gather(listing, query, after, limit, node, Merge::page);
    }

    /** The last rows of all nodes, or of one; {@code next} is always there. */
    public Mono<Map<String, Object>> tail(
            Listing listing, Map<String, String> query, @Nullable String after, int limit, @Nullable Integer node) {
        return gather(listing, query, after, limit, node, Merge::tail);
    }

    @FunctionalInterface
    private interface Way {
        Merge.Page of(Listing listing, List<Merge.Answer> answers, Cursor cursor, int limit);
    }

    private Mono<Map<String, Object>> gather(
            Listing listing,
            Map<String, String> query,
            @Nullable String after,
            int limit,
            @Nullable Integer node,
            Way way) {
        Cursor cursor = Cursor.parse(after);
        List<Peer> asked = asked(listing.brokers(), node).stream()
                .filter(each -> !cursor.isDone(each.id()))
                .toList();
        return Flux.fromIterable(asked)
                .flatMap(peer -> {
                    Map<String, String> each = new LinkedHashMap<>(query);
                    each.put(LIMIT, Integer.toString(limit));
                    String place = cursor.place(peer.id());
                    if (place != null && !place.isEmpty()) {
                        each.put(AFTER, place);
                    }
                    return hear(peer, listing.what(), each);
                })
                .collectList()
                .map(heard -> body(listing, heard, cursor, limit, way));
    }

    private static Map<String, Object> body(Listing listing, List<Heard> heard, Cursor cursor, int limit, Way way) {
        requireOne(heard);
        List<Merge.Answer> answers = heard.stream()
                .filter(each -> each.body != null)
                .map(each -> Merge.Answer.of(each.node, listing.field(), Objects.requireNonNull(each.body)))
                .toList();
        Merge.Page page = way.of(listing, answers, cursor, limit);
        Map<String, Object> body = new LinkedHashMap<>();
        total(heard).ifPresent(total -> body.put("total", total));
        body.putAll(Merge.body(listing.field(), page.rows(), next(page, heard, cursor), incomplete(heard)));
        return body;
    }

    /** A mistake of whoever asks is told as such; and somebody has to have answered. */
    private static void requireOne(List<Heard> heard) {
        RmqException first = null;
        for (Heard each : heard) {
            if (each.failure != null && (first == null || each.failure.error().kind() == ErrorKind.CLIENT)) {
                first = each.failure;
            }
        }
        if (first != null
                && (first.error().kind() == ErrorKind.CLIENT || heard.stream().allMatch(each -> each.body == null))) {
            throw first;
        }
    }

    private static Optional<Long> total(List<Heard> heard) {
        return heard.stream()
                .filter(each -> each.body != null && each.body.get("total") instanceof Number)
                .map(each -> ((Number) Objects.requireNonNull(each.body).get("total")).longValue())
                .reduce(Long::sum);
    }

    /** One node alone says it in its own words, which people can read. */
    private static @Nullable String next(Merge.Page page, List<Heard> heard, Cursor cursor) {
        if (!page.more()) {
            return null;
        }
        if (heard.size() == 1 && cursor.isPlain()) {
            return page.places().get(heard.get(0).node);
        }
        Map<Integer, @Nullable String> places = new HashMap<>(page.places());
        for (Heard each : heard) {
            if (each.body == null) {
                String place = cursor.place(each.node);
                places.put(each.node, place == null ? "" : place);
            }
        }
        return cursor.with(places);
    }

    private static List<Map<String, Object>> incomplete(List<Heard> heard) {
        List<Map<String, Object>> missing = new ArrayList<>();
        for (Heard each : heard) {
            if (each.failure != null) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put(Merge.NODE, each.node);
                row.put("reason", String.valueOf(each.failure.getMessage()));
                missing.add(row);
            }
        }
        missing.sort(Comparator.comparing(row -> (Integer) row.get(Merge.NODE)));
        return missing;
    }

    /**
     * A page of rows that all nodes list, in the words of the node that owns each: {@code owner} is its number.
     *
     * @param key field of a row that tells it from others
     */
    public Mono<Map<String, Object>> owned(String what, String key, Map<String, String> query, @Nullable Integer node) {
        List<Peer> asked = asked(true, node);
        Peer first =
                asked.stream().filter(each -> each.id() == self).findFirst().orElse(asked.get(0));
        return ask(first, what, query).flatMap(body -> {
            List<Map<String, Object>> rows =
                    Merge.Answer.of(first.id(), what, body).rows();
            rows.forEach(row -> row.remove(Merge.NODE));
            if (node != null) {
                return Mono.just(Merge.body(what, rows, body.get(Merge.NEXT), List.of()));
            }
            Map<Integer, Peer> byId = new HashMap<>();
            peers.get().forEach(peer -> byId.put(peer.id(), peer));
            return Flux.fromStream(rows.stream()
                            .map(row -> row.get(OWNER))
                            .filter(owner -> owner instanceof Integer id && id > 0 && id != first.id())
                            .map(Integer.class::cast)
                            .distinct())
                    .flatMap(owner -> hear(byId.getOrDefault(owner, new Peer(owner, null, Set.of())), what, query))
                    .collectList()
                    .map(heard -> {
                        heard.forEach(each -> replace(what, key, rows, each));
                        return Merge.body(what, rows, body.get(Merge.NEXT), incomplete(heard));
                    });
        });
    }

    private static void replace(String what, String key, List<Map<String, Object>> rows, Heard heard) {
        Map<Object, Map<String, Object>> theirs = new HashMap<>();
        if (heard.body != null) {
            Merge.Answer.of(heard.node, what, heard.body).rows().forEach(row -> {
                row.remove(Merge.NODE);
                theirs.put(row.get(key), row);
            });
        }
        rows.replaceAll(row -> {
            if (!Integer.valueOf(heard.node).equals(row.get(OWNER))) {
                return row;
            }
            Map<String, Object> told = theirs.get(row.get(key));
            if (told == null) {
                row.put("state", "unknown");
                row.put("problem", "node " + heard.node + " does not answer");
            }
            return told == null ? row : told;
        });
    }

    /**
     * Asks for one thing where it is. Fails with NOT_FOUND when no node has it, and with UNAVAILABLE when one that does not answer
     * might.
     */
    public Mono<Map<String, Object>> find(String what, Map<String, String> query, @Nullable Integer node) {
        return Flux.fromIterable(asked(true, node))
                .flatMap(peer -> hear(peer, what, query))
                .collectList()
                .map(heard -> {
                    List<Heard> found =
                            heard.stream().filter(each -> each.body != null).toList();
                    if (found.isEmpty()) {
                        throw notFound(heard);
                    }
                    Map<String, Object> body = new LinkedHashMap<>(Objects.requireNonNull(found.get(0).body));
                    body.put(Merge.NODE, found.get(0).node);
                    return body;
                });
    }

    /** Which nodes have it; as {@link #find}. */
    public Mono<List<Integer>> where(String what, Map<String, String> query, @Nullable Integer node) {
        return Flux.fromIterable(asked(true, node))
                .flatMap(peer -> hear(peer, what, query))
                .collectList()
                .map(heard -> {
                    List<Integer> found = heard.stream()
                            .filter(each -> each.body != null)
                            .map(Heard::node)
                            .sorted()
                            .toList();
                    if (found.isEmpty()) {
                        throw notFound(heard);
                    }
                    return found;
                });
    }

    private static RmqException notFound(List<Heard> heard) {
        RmqException notFound = null;
        for (Heard each : heard) {
            RmqException failure = Objects.requireNonNull(each.failure);
            if (failure.error() != RmqError.NOT_FOUND) {
                return failure;
            }
            notFound = failure;
        }
        return Objects.requireNonNull(notFound);
    }
}
