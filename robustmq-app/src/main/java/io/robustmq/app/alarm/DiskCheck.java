/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import io.robustmq.app.alarm.Finding.Verdict;
import io.robustmq.storage.EngineDisk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Whether disks take appends, and for how long they will. Thread-safe: immutable. */
final class DiskCheck implements AlarmCheck {
    /** In low-water marks: as the alert rule has it, and some more before it is over. */
    private static final double LOW = 2;

    private static final double ENOUGH = 2.5;

    private final Supplier<List<EngineDisk>> disks;

    DiskCheck(Supplier<List<EngineDisk>> disks) {
        this.disks = disks;
    }

    @Override
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        for (EngineDisk disk : disks.get()) {
            String of = disk.engine() + " " + disk.name();
            Map<String, Object> details = details(disk);
            findings.add(new Finding(
                    AlarmKind.DISK_NOT_SERVING,
                    of,
                    disk.takesWrites() ? Verdict.GOOD : Verdict.BAD,
                    "The disk is " + disk.state() + ": " + disk.reason() + ". To do: " + disk.advice() + ".",
                    details));
            if (disk.freeBytes() >= 0 && disk.lowWaterBytes() > 0) {
                double marks = (double) disk.freeBytes() / disk.lowWaterBytes();
                findings.add(new Finding(
                        AlarmKind.DISK_NEARLY_FULL,
                        of,
                        !disk.takesWrites() || marks >= ENOUGH
                                ? Verdict.GOOD
                                : marks < LOW ? Verdict.BAD : Verdict.BETWEEN,
                        "The disk will refuse appends soon: " + disk.freeBytes()
                                + " bytes are free, and with less than "
                                + disk.lowWaterBytes()
                                + " it does. Shorten retention, delete topics, enlarge it, or add a directory to"
                                + " robustmq.storage.directories.",
                        details));
            }
        }
        return findings;
    }

    private static Map<String, Object> details(EngineDisk disk) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("state", disk.state().name());
        details.put("freeBytes", disk.freeBytes());
        details.put("lowWaterBytes", disk.lowWaterBytes());
        details.put("refusedAppends", disk.refusedAppends());
        return details;
    }
}
