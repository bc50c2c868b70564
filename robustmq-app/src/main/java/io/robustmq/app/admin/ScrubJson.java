/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.storage.log.LogDisk;
import io.robustmq.storage.log.ScrubStatus;
import io.robustmq.storage.log.segment.Damage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the scrub of a disk is told. Stateless. */
final class ScrubJson {
    private ScrubJson() {}

    static Map<String, Object> begun(LogDisk disk, boolean begun) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("disk", disk.name());
        json.put("begun", begun);
        if (!begun) {
            json.put(
                    "reason",
                    "a round is under way, nothing is stored there, or robustmq.storage.scrub-bytes-per-second is 0");
        }
        return json;
    }

    static Map<String, Object> of(LogDisk disk, ScrubStatus status) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("disk", disk.name());
        json.put("running", status.running());
        json.put("shardsLeft", status.streamsLeft());
        json.put("bytes", status.bytes());
        json.put("rounds", status.rounds());
        json.put(
                "lastRound",
                status.lastRoundMillis() == 0
                        ? ""
                        : Instant.ofEpochMilli(status.lastRoundMillis()).toString());
        List<Map<String, Object>> damaged = new ArrayList<>();
        status.damaged().forEach((stream, damages) -> {
            for (Damage damage : damages) {
                Map<String, Object> range = new LinkedHashMap<>();
                range.put("shard", stream.shard().toString());
                range.put("file", damage.path());
                range.put("fromByte", damage.fromByte());
                range.put("toByte", damage.toByte());
                range.put("fromOffset", damage.fromOffset());
                range.put("toOffset", damage.toOffset());
                range.put("reason", damage.reason());
                damaged.add(range);
            }
        });
        json.put("damaged", damaged);
        return json;
    }
}
