/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

/** What a sealed block is stored as, so that a query loads no more than it needs. */
enum BlockPart {
    SUMMARY("summary"),
    POSTINGS("postings"),
    NAMES("names");

    private final String text;

    BlockPart(String text) {
        this.text = text;
    }

    /** Name of the derived state. Slots are used again, so that their number stays bounded. */
    String stateName(int slot) {
        return "subject-index." + slot + "." + text;
    }
}
