/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.robustmq.kernel.Loop;
import java.util.BitSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ranges of a shard that may hold records of some subjects, in order, one after the other: what lies between them surely holds
 * none. A wildcard is matched against a bounded number of names a turn. One question at a time; confined to the index's loop.
 */
final class SubjectQuery {
    private static final int NAMES_PER_TURN = 1024;
    private static final int LOOKS_PER_TURN = 16;

    private final SubjectIndex index;
    private final Loop loop;
    private final SubjectMatcher matcher;
    // The part of the shard that was looked at last, and what it answered.
    private @Nullable Granules granules;
    private final BitSet selected = new BitSet();
    private long from;
    private long to;
    private int looks;

    SubjectQuery(SubjectIndex index, Loop loop, SubjectMatcher matcher) {
        this.index = index;
        this.loop = loop;
        this.matcher = matcher;
    }

    /** A range of offsets, below {@code to}; empty when there are no more. */
    record Candidate(long from, long to) {
        boolean isEmpty() {
            return from >= to;
        }
    }

    /** The next candidate at or above the offset and below the end, on the index's loop, before this returns if it can. */
    void next(long offset, long end, Consumer<Candidate> done) {
        assert loop.inLoop();
        long at = offset;
        while (at < end) {
            Granules current = granules;
            if (current != null && from <= at && at < to) {
                Candidate found = inSegment(current, at, end);
                if (!found.isEmpty()) {
                    done.accept(found);
                    return;
                }
                at = to;
                continue;
            }
            IndexBlock block = index.blockAt(at);
            if (block != null) {
                look(block, at, end, done);
                return;
            }
            IndexTail tail = index.tailAt(at);
            if (tail != null) {
                look(tail, at, end, done);
                return;
            }
            done.accept(new Candidate(at, Math.min(end, index.nextCovered(at))));
            return;
        }
        done.accept(new Candidate(end, end));
    }

    /** The last candidate below the end and at or above the start; empty when there is none. */
    void previous(long start, long end, Consumer<Candidate> done) {
        assert loop.inLoop();
        if (end <= start) {
            done.accept(new Candidate(start, start));
            return;
        }
        Granules current = granules;
        if (current == null || from >= end || end > to) {
            if (index.blockAt(end - 1) == null && index.tailAt(end - 1) == null) {
                done.accept(new Candidate(Math.max(start, index.previousCovered(end)), end));
                return;
            }
            // Fills the segment; what it answers about the last offset is thrown away.
            next(end - 1, end, found -> {
                if (granules == null) {
                    done.accept(new Candidate(Math.max(start, Math.min(found.from(), end - 1)), end));
                } else {
                    previousInSegment(granules, start, end, done);
                }
            });
            return;
        }
        previousInSegment(current, start, end, done);
    }

    private void previousInSegment(Granules current, long start, long end, Consumer<Candidate> done) {
        int last = selected.length() == 0 ? -1 : selected.previousSetBit(current.at(end - 1));
        if (last >= 0) {
            done.accept(new Candidate(Math.max(start, current.start(last)), Math.min(end, current.end(last))));
        } else if (++looks % LOOKS_PER_TURN == 0) {
            long below = from;
            loop.execute(() -> previous(start, below, done));
        } else {
            previous(start, from, done);
        }
    }

    /** Neighbours are joined, so that a subject that is everywhere is read in one go. */
    private Candidate inSegment(Granules current, long at, long end) {
        int first = selected.nextSetBit(current.at(at));
        if (first < 0) {
            return new Candidate(at, at);
        }
        int last = selected.nextClearBit(first) - 1;
        return new Candidate(Math.max(at, current.start(first)), Math.min(end, current.end(last)));
    }

    /** With a turn for others now and then; it also keeps the stack flat where hundreds of blocks hold nothing. */
    private void goOn(long at, long end, Consumer<Candidate> done) {
        if (++looks % LOOKS_PER_TURN == 0) {
            loop.execute(() -> next(at, end, done));
        } else {
            next(at, end, done);
        }
    }

    private void answer(Granules found, long segmentFrom, long segmentTo) {
        granules = found;
        from = segmentFrom;
        to = segmentTo;
    }

    // --- sealed

    private void look(IndexBlock block, long at, long end, Consumer<Candidate> done) {
        selected.clear();
        granules = null;
        if (matcher.prefixes().length > 0) {
            load(
                    block,
                    BlockPart.NAMES,
                    at,
                    end,
                    done,
                    names -> load(
                            block,
                            BlockPart.POSTINGS,
                            at,
                            end,
                            done,
                            postings -> new NamesLook(
                                            block, (SubjectNames) names, (SubjectPostings) postings, at, end, done)
                                    .turn()));
            return;
        }
        load(block, BlockPart.SUMMARY, at, end, done, summary -> {
            if (!mayHoldAny((SubjectSummary) summary)) {
                answer(new Granules(block.from), block.from, block.to);
                goOn(block.to, end, done);
                return;
            }
            load(block, BlockPart.POSTINGS, at, end, done, postings -> {
                SubjectPostings found = (SubjectPostings) postings;
                selectExact(found);
                answer(found.granules(), block.from, block.to);
                goOn(at, end, done);
            });
        });
    }

    /** What is missing or damaged is scanned. */
    private void load(
            IndexBlock block, BlockPart part, long at, long end, Consumer<Candidate> done, Consumer<Object> use) {
        index.load(block, part, loaded -> {
            if (loaded == null) {
                done.accept(new Candidate(at, Math.min(end, block.to)));
            } else {
                use.accept(loaded);
            }
        });
    }

    private boolean mayHoldAny(SubjectSummary summary) {
        for (byte[] key : matcher.exactKeys()) {
            if (summary.mayHold(SubjectHash.of(key, index.seed()))) {
                return true;
            }
        }
        return false;
    }

    private void selectExact(SubjectPostings postings) {
        for (byte[] key : matcher.exactKeys()) {
            postings.select(SubjectHash.of(key, index.seed()), selected);
        }
    }

    /** Matches the names of one block, some each turn, until all granules are marked anyway. */
    private final class NamesLook {
        private final IndexBlock block;
        private final SubjectNames names;
        private final SubjectPostings postings;
        private final long at;
        private final long end;
        private final Consumer<Candidate> done;
        private SubjectNames.@Nullable Walk walk;
        private int prefix;

        NamesLook(
                IndexBlock block,
                SubjectNames names,
                SubjectPostings postings,
                long at,
                long end,
                Consumer<Candidate> done) {
            this.block = block;
            this.names = names;
            this.postings = postings;
            this.at = at;
            this.end = end;
            this.done = done;
            selectExact(postings);
        }

        void turn() {
            int left = NAMES_PER_TURN;
            byte[][] prefixes = matcher.prefixes();
            while (prefix < prefixes.length) {
                SubjectNames.Walk current = walk == null ? names.walk(prefixes[prefix]) : walk;
                walk = current;
                while (current.next()) {
                    if (matcher.matches(current.spelling(), current.text())) {
                        postings.select(current.hash(index.seed()), selected);
                    }
                    if (--left == 0) {
                        if (selected.cardinality() < postings.granules().count()) {
                            loop.execute(this::turn);
                            return;
                        }
                        prefix = prefixes.length;
                        break;
                    }
                }
                walk = null;
                prefix++;
            }
            answer(postings.granules(), block.from, block.to);
            goOn(at, end, done);
        }
    }

    // --- the tail

    private void look(IndexTail tail, long at, long end, Consumer<Candidate> done) {
        selected.clear();
        granules = null;
        for (byte[] key : matcher.exactKeys()) {
            tail.select(key, selected);
        }
        if (matcher.prefixes().length == 0) {
            answer(tail.granules(), tail.from(), tail.to());
            goOn(at, end, done);
        } else {
            turn(tail, 0, tail.to(), at, end, done);
        }
    }

    /** The tail may grow or be sealed meanwhile: what was there in the first turn is still in it. */
    private void turn(IndexTail tail, int fromEntry, long covered, long at, long end, Consumer<Candidate> done) {
        int next = tail.select(matcher, fromEntry, NAMES_PER_TURN, selected);
        if (next < tail.entries()) {
            loop.execute(() -> turn(tail, next, covered, at, end, done));
            return;
        }
        answer(tail.granules(), tail.from(), covered);
        goOn(at, end, done);
    }
}
