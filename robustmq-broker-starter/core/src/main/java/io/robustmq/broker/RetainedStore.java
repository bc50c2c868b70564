/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.Clock;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.protocol.PublishedSubject;
import io.robustmq.protocol.RetainedPort;
import io.robustmq.protocol.StoredMessage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The last retained message of each subject, in memory, as a tree of levels. Subjects of the two spellings live in trees of
 * their own. Thread-safe: nodes are concurrent maps, and removal keeps inner nodes that got new children meanwhile.
 */
final class RetainedStore implements RetainedPort {
    private final Map<String, Map<Spelling, Node>> tenants = new ConcurrentHashMap<>();
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final LongAdder refused = new LongAdder();
    private final Clock clock;
    private final long countMax;
    private final long bytesMax;

    RetainedStore(Clock clock, long countMax, long bytesMax) {
        this.clock = clock;
        this.countMax = countMax;
        this.bytesMax = bytesMax;
    }

    private static final class Node {
        final ConcurrentHashMap<String, Node> children = new ConcurrentHashMap<>(4);
        volatile @Nullable StoredMessage message;
    }

    /** Keeps the message, or forgets what is kept when its payload is empty ([MQTT-3.3.1-6]). */
    synchronized @Nullable RmqError put(String tenant, StoredMessage message) {
        if (message.payload().length == 0) {
            remove(tenant, message.subject());
            return null;
        }
        Node node = root(tenant, message.subject().spelling());
        for (String level : levels(message.subject())) {
            node = node.children.computeIfAbsent(level, l -> new Node());
        }
        StoredMessage previous = node.message;
        int previousBytes = previous == null ? 0 : previous.sizeBytes();
        if (previous == null && count.get() >= countMax
                || bytes.get() + message.sizeBytes() - previousBytes > bytesMax) {
            if (previous == null) {
                prune(root(tenant, message.subject().spelling()), levels(message.subject()), 0);
            }
            refused.increment();
            return RmqError.QUOTA_EXCEEDED;
        }
        node.message = message;
        bytes.addAndGet(message.sizeBytes() - previousBytes);
        if (previous == null) {
            count.incrementAndGet();
        }
        return null;
    }

    /** Forgets the subject's message; false when there was none. */
    synchronized boolean remove(String tenant, PublishedSubject subject) {
        Node root = root(tenant, subject.spelling());
        String[] levels = levels(subject);
        Node node = root;
        for (String level : levels) {
            node = node.children.get(level);
            if (node == null) {
                return false;
            }
        }
        StoredMessage previous = node.message;
        if (previous == null) {
            return false;
        }
        node.message = null;
        count.decrementAndGet();
        bytes.addAndGet(-previous.sizeBytes());
        prune(root, levels, 0);
        return true;
    }

    /** Removes the nodes along the path that hold nothing; true when the child at this depth may go. */
    private static boolean prune(Node node, String[] levels, int depth) {
        if (depth < levels.length) {
            Node child = node.children.get(levels[depth]);
            if (child != null && prune(child, levels, depth + 1)) {
                node.children.remove(levels[depth]);
            }
        }
        return node.children.isEmpty() && node.message == null;
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

    @Override
    public void match(String tenant, Spelling spelling, String filter, Consumer<StoredMessage> consumer) {
        Map<Spelling, Node> trees = tenants.get(tenant);
        Node root = trees == null ? null : trees.get(spelling);
        if (root != null) {
            new Walk(spelling, split(spelling, filter), consumer, clock.millis()).visit(root, 0);
        }
    }

    @Override
    public long count() {
        return count.get();
    }

    long bytes() {
        return bytes.get();
    }

    long refused() {
        return refused.sum();
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
            StoredMessage message = node.message;
            if (message != null && !message.expired(nowMillis)) {
                consumer.accept(message);
            }
        }
    }
}
