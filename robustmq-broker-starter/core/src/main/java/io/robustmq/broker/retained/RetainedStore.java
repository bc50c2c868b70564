/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retained;

import io.robustmq.kernel.Clock;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.protocol.PublishedSubject;
import io.robustmq.protocol.RetainedPort;
import io.robustmq.protocol.StoredMessage;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@code __retained} says, as a tree of levels: the committed last message of each subject. Subjects of the two spellings
 * live in trees of their own. Thread-safe: nodes are concurrent maps, and removal keeps inner nodes that got new children
 * meanwhile.
 */
final class RetainedStore {
    private final Map<String, Map<Spelling, Node>> tenants = new ConcurrentHashMap<>();
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final Clock clock;

    RetainedStore(Clock clock) {
        this.clock = clock;
    }

    /** A message with the time of its publication. Immutable. */
    record Kept(StoredMessage message, long publishedMillis) {}

    private static final class Node {
        final ConcurrentHashMap<String, Node> children = new ConcurrentHashMap<>(4);
        volatile @Nullable Kept kept;
    }

    /** Keeps the message; answers with what it replaces. */
    synchronized @Nullable Kept put(String tenant, Kept kept) {
        PublishedSubject subject = kept.message().subject();
        Node node = root(tenant, subject.spelling());
        for (String level : levels(subject)) {
            node = node.children.computeIfAbsent(level, l -> new Node());
        }
        Kept previous = node.kept;
        node.kept = kept;
        bytes.addAndGet(kept.message().sizeBytes() - size(previous));
        if (previous == null) {
            count.incrementAndGet();
        }
        return previous;
    }

    /** Forgets the subject's message; answers with what it was. */
    synchronized @Nullable Kept remove(String tenant, PublishedSubject subject) {
        Node root = root(tenant, subject.spelling());
        String[] levels = levels(subject);
        Node node = find(root, levels);
        Kept previous = node == null ? null : node.kept;
        if (node == null || previous == null) {
            return null;
        }
        node.kept = null;
        count.decrementAndGet();
        bytes.addAndGet(-size(previous));
        prune(root, levels, 0);
        return previous;
    }

    @Nullable
    Kept get(String tenant, PublishedSubject subject) {
        Node node = find(root(tenant, subject.spelling()), levels(subject));
        return node == null ? null : node.kept;
    }

    private static @Nullable Node find(Node root, String[] levels) {
        Node node = root;
        for (String level : levels) {
            node = node.children.get(level);
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    private static int size(@Nullable Kept kept) {
        return kept == null ? 0 : kept.message().sizeBytes();
    }

    /** A walk over all messages; what comes and goes meanwhile is met or not. */
    Cursor cursor() {
        return new Cursor();
    }

    /** Confined to one thread at a time. */
    final class Cursor {
        private final Iterator<Map.Entry<String, Map<Spelling, Node>>> byTenant =
                tenants.entrySet().iterator();
        private final ArrayDeque<Iterator<Node>> path = new ArrayDeque<>();
        private String tenant = "";

        /** Visits up to so many nodes of the tree, whether they hold a message or not; false when none is left. */
        boolean advance(int nodes, Visitor visitor) {
            for (int i = 0; i < nodes; i++) {
                while (path.isEmpty() || !path.peek().hasNext()) {
                    if (!path.isEmpty()) {
                        path.pop();
                    } else if (byTenant.hasNext()) {
                        Map.Entry<String, Map<Spelling, Node>> next = byTenant.next();
                        tenant = next.getKey();
                        path.push(next.getValue().values().iterator());
                    } else {
                        return false;
                    }
                }
                Node node = path.peek().next();
                Kept kept = node.kept;
                if (kept != null) {
                    visitor.visit(tenant, kept);
                }
                if (!node.children.isEmpty()) {
                    path.push(node.children.values().iterator());
                }
            }
            return true;
        }
    }

    /** Takes the messages of a walk. */
    @FunctionalInterface
    interface Visitor {
        void visit(String tenant, Kept kept);
    }

    /** Removes the nodes along the path that hold nothing; true when the child at this depth may go. */
    private static boolean prune(Node node, String[] levels, int depth) {
        if (depth < levels.length) {
            Node child = node.children.get(levels[depth]);
            if (child != null && prune(child, levels, depth + 1)) {
                node.children.remove(levels[depth]);
            }
        }
        return node.children.isEmpty() && node.kept == null;
    }

    private Node root(String tenant, Spelling spelling) {
        return tenants.computeIfAbsent(tenant, t -> new ConcurrentHashMap<>())
                .computeIfAbsent(spelling, s -> new Node());
    }

    private static String[] levels(PublishedSubject subject) {
        return split(subject.spelling(), subject.text());
    }

    private static String[] split(Spelling spelling, String text) {
        return text.split(spelling == Spelling.SLASH ? "/" : "\\.", -1);
    }

    void match(String tenant, Spelling spelling, String filter, Consumer<StoredMessage> consumer) {
        Walk walk = walk(tenant, spelling, filter);
        while (walk.advance(Integer.MAX_VALUE, consumer)) {
            continue;
        }
    }

    /** A walk over what the filter matches, so far as its caller wants to go at a time. */
    Walk walk(String tenant, Spelling spelling, String filter) {
        Map<Spelling, Node> trees = tenants.get(tenant);
        return new Walk(spelling, split(spelling, filter), trees == null ? null : trees.get(spelling));
    }

    long count() {
        return count.get();
    }

    long bytes() {
        return bytes.get();
    }

    /**
     * One match of a filter against the tree; what comes and goes meanwhile is met or not, and what is met is as it is then.
     * Confined to one thread at a time.
     */
    final class Walk implements RetainedPort.Replay {
        /** Subjects that are looked at for nothing before the caller gets its thread back. */
        private static final int NODES_MAX = 1024;

        private final String one;
        private final String rest;
        private final String[] filter;
        private final ArrayDeque<Siblings> path = new ArrayDeque<>();
        private @Nullable Node begin;

        /** @param depth of the filter's level that is behind theirs; -1 when everything below them matches */
        private record Siblings(Iterator<Map.Entry<String, Node>> nodes, int depth, boolean first) {}

        Walk(Spelling spelling, String[] filter, @Nullable Node root) {
            this.one = spelling == Spelling.SLASH ? "+" : "*";
            this.rest = spelling == Spelling.SLASH ? "#" : ">";
            this.filter = filter;
            this.begin = root;
        }

        @Override
        public boolean advance(int messagesMax, Consumer<StoredMessage> consumer) {
            long now = clock.millis();
            int left = messagesMax;
            Node root = begin;
            if (root != null) {
                begin = null;
                left -= visit(root, 0, now, consumer);
            }
            for (int nodes = 0; nodes < NODES_MAX && left > 0 && !path.isEmpty(); nodes++) {
                Siblings siblings = path.peek();
                if (!siblings.nodes.hasNext()) {
                    path.pop();
                    continue;
                }
                Map.Entry<String, Node> next = siblings.nodes.next();
                // A wildcard at the beginning does not show topics that start with a dollar sign ([MQTT-4.7.2-1]).
                if (!siblings.first || !next.getKey().startsWith("$")) {
                    left -= visit(next.getValue(), siblings.depth, now, consumer);
                }
            }
            return !path.isEmpty();
        }

        /** Answers with how many messages it has handed on: one or none. */
        private int visit(Node at, int filterDepth, long now, Consumer<StoredMessage> consumer) {
            Node node = at;
            int depth = filterDepth;
            while (depth >= 0 && depth < filter.length) {
                String level = filter[depth];
                if (level.equals(rest)) {
                    descend(node, -1, depth == 0);
                    // MQTT's rest includes the level above it ([MQTT-4.7.1-2]); NATS's needs one more token.
                    return rest.equals("#") ? emit(node, now, consumer) : 0;
                }
                if (level.equals(one)) {
                    descend(node, depth + 1, depth == 0);
                    return 0;
                }
                Node child = node.children.get(level);
                if (child == null) {
                    return 0;
                }
                node = child;
                depth++;
            }
            if (depth < 0) {
                descend(node, -1, false);
            }
            return emit(node, now, consumer);
        }

        private void descend(Node node, int depth, boolean first) {
            if (!node.children.isEmpty()) {
                path.push(new Siblings(node.children.entrySet().iterator(), depth, first));
            }
        }

        private int emit(Node node, long now, Consumer<StoredMessage> consumer) {
            Kept kept = node.kept;
            if (kept == null || kept.message().expired(now)) {
                return 0;
            }
            consumer.accept(kept.message());
            return 1;
        }
    }
}
