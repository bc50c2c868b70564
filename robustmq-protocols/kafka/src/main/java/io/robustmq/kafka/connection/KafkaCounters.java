/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.connection;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * What Kafka's clients have asked for and got since the start. Names of APIs and errors appear with their first use, so that
 * nothing of Kafka is loaded before. Thread-safe.
 */
public final class KafkaCounters {
    public final LongAdder connections = new LongAdder();
    public final LongAdder bytesIn = new LongAdder();
    public final LongAdder bytesOut = new LongAdder();
    public final LongAdder producedRecords = new LongAdder();
    public final LongAdder producedBytes = new LongAdder();
    public final LongAdder fetchedBytes = new LongAdder();
    public final LongAdder fetchedFileBytes = new LongAdder();
    public final LongAdder fetchWaits = new LongAdder();
    public final LongAdder fetchReads = new LongAdder();
    public final LongAdder stalled = new LongAdder();
    public final LongAdder malformed = new LongAdder();

    private final ConcurrentHashMap<Short, Api> apis = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, LongAdder> rejects = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** Requests of one kind. Thread-safe. */
    public static final class Api {
        public final LongAdder requests = new LongAdder();
        public final LongAdder errors = new LongAdder();
        public final LongAdder nanos = new LongAdder();
        private final String name;

        Api(String name) {
            this.name = name;
        }

        public String name() {
            return name;
        }
    }

    /** Told, on any thread, of every kind once. */
    public interface Listener {
        void api(Api first);

        void reject(String error, LongAdder count);
    }

    public void onNew(Listener listener) {
        listeners.add(listener);
        apis.values().forEach(listener::api);
        rejects.forEach(listener::reject);
    }

    /** @param name as metrics show it */
    Api api(short id, Supplier<String> name) {
        Api known = apis.get(id);
        if (known != null) {
            return known;
        }
        Api made = new Api(name.get());
        Api before = apis.putIfAbsent(id, made);
        if (before != null) {
            return before;
        }
        listeners.forEach(listener -> listener.api(made));
        return made;
    }

    /** A batch that was not appended. */
    public void rejected(String error) {
        LongAdder known = rejects.get(error);
        if (known == null) {
            LongAdder made = new LongAdder();
            known = rejects.putIfAbsent(error, made);
            if (known == null) {
                known = made;
                listeners.forEach(listener -> listener.reject(error, made));
            }
        }
        known.increment();
    }
}
