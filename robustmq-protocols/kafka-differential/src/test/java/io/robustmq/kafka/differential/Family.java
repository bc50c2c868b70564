/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.util.List;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Sequences of requests about one subject. Immutable.
 *
 * @param name never changes: seeds are made of it
 * @param sequences how many of them are in the corpus
 * @param apis what a server must tell before these are of use
 */
record Family(String name, int sequences, Set<ApiKeys> apis, Generator generator) {

    /** Makes one sequence from the dice alone. Stateless. */
    interface Generator {
        List<Step> sequence(Dice dice);
    }

    List<Step> sequence(int index) {
        return generator.sequence(new Dice(name + index + "-", name.hashCode() * 1_000_003L + index));
    }
}
