/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

/**
 * Two bindings that claim a common subject while neither is more specific in every level, so that nobody could say where it belongs.
 *
 * <p>Immutable.
 *
 * @param binding the new one
 * @param other the one that exists
 * @param example a canonical subject that both claim
 */
public record BindingConflict(SubjectBinding binding, SubjectBinding other, String example) {
    /** A whole sentence for an answer. */
    public String describe() {
        if (binding.equals(other)) {
            return "'" + binding + "' is bound already";
        }
        return "'" + binding + "' and '" + other + "' both claim '" + example
                + "' and neither is more specific in every level";
    }
}
