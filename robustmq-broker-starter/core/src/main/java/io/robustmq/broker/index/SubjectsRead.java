/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.subject.Subjects;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Collects the subjects that an index knows: those of its blocks, then those of its tail, some each turn. Used once; confined to the
 * loop of the indexes.
 */
final class SubjectsRead {
    private static final int NAMES_PER_TURN = 4096;
    private static final long LOOK_MILLIS = 10;
    private static final byte[] EVERYTHING = {};

    /** An index that has just begun reads a shard of many megabytes: what it finds later is there the next time. */
    private static final int LOOKS_MAX = 100;

    private final SubjectIndex index;
    private final Loop loop;
    private final int max;
    private final CompletableFuture<Set<String>> done;
    private final Runnable whenEnded;
    private final Set<String> subjects = new HashSet<>();
    private List<IndexBlock> blocks = List.of();
    private @Nullable IndexTail tail;
    private int looks;

    SubjectsRead(SubjectIndex index, Loop loop, int max, CompletableFuture<Set<String>> done, Runnable whenEnded) {
        this.index = index;
        this.loop = loop;
        this.max = max;
        this.done = done;
        this.whenEnded = whenEnded;
    }

    void begin() {
        if (!index.isUpToDate() && ++looks < LOOKS_MAX) {
            loop.schedule(LOOK_MILLIS, this::begin);
            return;
        }
        blocks = index.sealed();
        tail = index.tail();
        block(0);
    }

    private void block(int next) {
        if (subjects.size() >= max || index.isClosed()) {
            end();
        } else if (next == blocks.size()) {
            tail(0);
        } else {
            // One that is damaged is indexed again, and its subjects are found then.
            index.load(blocks.get(next), BlockPart.NAMES, names -> {
                if (names == null) {
                    loop.execute(() -> block(next + 1));
                } else {
                    names(((SubjectNames) names).walk(EVERYTHING), next);
                }
            });
        }
    }

    private void names(SubjectNames.Walk walk, int block) {
        try {
            for (int left = NAMES_PER_TURN; left > 0; left--) {
                if (subjects.size() >= max || !walk.next()) {
                    loop.execute(() -> block(block + 1));
                    return;
                }
                subjects.add(Subjects.canonical(walk.text()));
            }
            loop.execute(() -> names(walk, block));
        } catch (RmqException damaged) {
            loop.execute(() -> block(block + 1));
        }
    }

    /** It may grow or be sealed between two turns: what was there in the first is still in it. */
    private void tail(int from) {
        IndexTail growing = tail;
        if (growing == null) {
            end();
            return;
        }
        int to = Math.min(growing.entries(), from + NAMES_PER_TURN);
        for (int entry = from; entry < to && subjects.size() < max; entry++) {
            subjects.add(Subjects.canonical(growing.text(entry)));
        }
        if (to < growing.entries() && subjects.size() < max) {
            loop.execute(() -> tail(to));
        } else {
            end();
        }
    }

    private void end() {
        whenEnded.run();
        done.complete(subjects);
    }
}
