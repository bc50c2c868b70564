/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retained;

import io.robustmq.kernel.Clock;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.protocol.PublishedSubject;
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
        Map<Spelling, Node> trees = tenants.get(tenant);
        Node root = trees == null ? null : trees.get(spelling);
        if (root != null) {
            new Walk(spelling, split(spelling, filter), consumer, clock.millis()).visit(root, 0);
        }
    }

    long count() {
        return count.get();
    }

    long bytes() {
        return bytes.get();
    }

    /** One match of a filter against the tree. Confined to the calling thread. */
    private static final class Walk {
        private final String one;
        private final String rest;
        private final String[] filter;
        private final Consumer<StoredMessage> consumer;
        private final long nowMillis;

        Walk(Spelling spelling, String[] filter, Consumer<StoredMessage> consumer, long nowMillis) {
            this.one = spelling == Spelling.SLASH ? "+" : "*";
            this.rest = spelling == Spelling.SLASH ? "#" : ">";
            this.filter = filter;
            this.consumer = consumer;
            this.nowMillis = nowMillis;
        }

        void visit(Node node, int depth) {
            if (depth == filter.length) {
                emit(node);
                return;
            }
            String level = filter[depth];
            if (level.equals(rest)) {
                // MQTT's rest includes the level above it ([MQTT-4.7.1-2]); NATS's needs one more token.
                if (rest.equals("#")) {
                    emit(node);
                }
                for (Map.Entry<String, Node> child : node.children.entrySet()) {
                    if (visible(child.getKey(), depth)) {
                        all(child.getValue());
                    }
                }
            } else if (level.equals(one)) {
                for (Map.Entry<String, Node> child : node.children.entrySet()) {
                    if (visible(child.getKey(), depth)) {
                        visit(child.getValue(), depth + 1);
                    }
                }
            } else {
                Node child = node.children.get(level);
                if (child != null) {
                    visit(child, depth + 1);
                }
            }
        }

        /** A wildcard at the beginning does not show topics that start with a dollar sign ([MQTT-4.7.2-1]). */
        private static boolean visible(String level, int depth) {
            return depth > 0 || !level.startsWith("$");
        }

        private void all(Node node) {
            emit(node);
            for (Node child : node.children.values()) {
                all(child);
            }
        }

        private void emit(Node node) {
            Kept kept = node.kept;
            if (kept != null && !kept.message().expired(nowMillis)) {
                consumer.accept(kept.message());
            }
        }
    }
}
