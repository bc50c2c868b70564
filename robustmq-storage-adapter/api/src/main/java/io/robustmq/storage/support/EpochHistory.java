/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.support;

import io.robustmq.storage.ShardStats.EpochEnd;
import java.util.ArrayList;
import java.util.List;

/** Which epoch has written from which offset on. Confined to its shard. */
public final class EpochHistory {
    private final List<Start> starts = new ArrayList<>();

    /** An epoch with the first offset that it wrote. Immutable. */
    public record Start(int epoch, long offset) {}

    public EpochHistory() {}

    /** As it was told by {@link #starts}. */
    public EpochHistory(List<Start> starts) {
        this.starts.addAll(starts);
    }

    /** All there is to keep of it. */
    public List<Start> starts() {
        return List.copyOf(starts);
    }

    /** The epoch begins at the end of the log; an epoch that wrote nothing leaves no trace. */
    public void begin(int epoch, long endOffset) {
        int last = starts.size() - 1;
        if (last >= 0 && starts.get(last).epoch == epoch) {
            return;
        }
        if (last >= 0 && starts.get(last).offset == endOffset) {
            starts.remove(last);
        }
        starts.add(new Start(epoch, endOffset));
    }

    public List<EpochEnd> ends(long startOffset, long endOffset) {
        List<EpochEnd> ends = new ArrayList<>(starts.size());
        for (int at = 0; at < starts.size(); at++) {
            boolean last = at == starts.size() - 1;
            long end = last ? endOffset : starts.get(at + 1).offset;
            if (last || end > startOffset) {
                ends.add(new EpochEnd(starts.get(at).epoch, end));
            }
        }
        return ends;
    }

    /** Forgets epochs of which nothing is left. */
    public void trim(long startOffset) {
        while (starts.size() > 1 && starts.get(1).offset <= startOffset) {
            starts.remove(0);
        }
    }
}
