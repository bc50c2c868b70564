/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.delay;

import io.robustmq.broker.coordinator.Command.Outcome;
import io.robustmq.broker.delay.DelayedMachine.Entry;
import io.robustmq.broker.delay.DelayedMessages.Partition;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.protocol.DelayPort;
import io.robustmq.protocol.DelayPort.Delayed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One page of what waits in all partitions, by due time. Subjects and clients are in the log only, so a filter looks at a
 * bounded number of messages and then answers with where to go on. Immutable, but for what the stages hand on.
 */
final class DelayedList {
    private static final int LOOKED_AT_MAX = 4096;
    private static final long BYTES_PER_PARTITION = 4 << 20;

    private final List<Partition> partitions;
    private final DelayPort.Query query;

    DelayedList(List<Partition> partitions, DelayPort.Query query) {
        this.partitions = partitions;
        this.query = query;
    }

    /**
     * What was read.
     *
     * @param ends the last one of each partition that has more
     */
    private record Gathered(SortedMap<DelayedId, DelayedMessage> messages, SortedSet<DelayedId> ends) {}

    CompletionStage<DelayPort.Page> run() {
        DelayedId after;
        try {
            after = query.after() == null ? null : DelayedId.parse(query.after());
        } catch (RmqException e) {
            return CompletableFuture.failedStage(e);
        }
        boolean filtered = query.filter() != null || query.client() != null;
        int wanted = filtered ? LOOKED_AT_MAX : query.limit() + 1;
        Gathered all = new Gathered(new TreeMap<>(), new TreeSet<>());
        CompletionStage<Void> gathered = CompletableFuture.completedStage(null);
        for (Partition each : partitions) {
            gathered = gathered.thenCompose(v -> gather(each, after, wanted, all));
        }
        return gathered.thenApply(v -> page(all));
    }

    private CompletionStage<Void> gather(Partition partition, @Nullable DelayedId after, int wanted, Gathered all) {
        return DelayedMessages.ask(partition, state -> Outcome.read(first(state, after, wanted, all)))
                .thenCompose(entries -> EntryRead.of(partition.queue().store(), partition.loop(), entries))
                .thenAccept(messages ->
                        messages.forEach((entry, message) -> all.messages.put(entry.id(partition.number()), message)));
    }

    /** Payloads are read with their messages, so bytes are a limit, too. */
    private static List<Entry> first(DelayedMachine state, @Nullable DelayedId after, int wanted, Gathered all) {
        List<Entry> first = new ArrayList<>();
        long bytes = 0;
        for (Entry entry : after == null ? state.entries() : state.entriesAfter(after)) {
            bytes += entry.sizeBytes();
            if (first.size() == wanted || bytes > BYTES_PER_PARTITION && !first.isEmpty()) {
                all.ends.add(first.get(first.size() - 1).id(state.partition()));
                break;
            }
            first.add(entry);
        }
        return first;
    }

    /** As far as all partitions have been read. */
    private DelayPort.Page page(Gathered all) {
        List<Delayed> rows = new ArrayList<>();
        DelayedId horizon = all.ends.isEmpty() ? null : all.ends.first();
        DelayedId last = null;
        for (Map.Entry<DelayedId, DelayedMessage> each : all.messages.entrySet()) {
            if (rows.size() == query.limit() || horizon != null && each.getKey().compareTo(horizon) > 0) {
                return new DelayPort.Page(rows, String.valueOf(last));
            }
            last = each.getKey();
            if (passes(each.getValue())) {
                rows.add(DelayedMessages.describe(last, each.getValue()));
            }
        }
        return new DelayPort.Page(rows, horizon == null ? null : horizon.toString());
    }

    private boolean passes(DelayedMessage message) {
        String filter = query.filter();
        String client = query.client();
        return message.client().tenant().equals(query.tenant())
                && (client == null || client.equals(message.client().clientId()))
                && (filter == null
                        || Subjects.matches(
                                message.subject().spelling(),
                                filter,
                                message.subject().text()));
    }
}
