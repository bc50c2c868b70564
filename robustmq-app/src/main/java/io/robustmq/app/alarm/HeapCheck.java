/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import io.robustmq.app.alarm.Finding.Verdict;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How much of the heap a collection leaves in use. Thread-safe: immutable. */
final class HeapCheck implements AlarmCheck {
    private static final double FULL = 0.9;
    private static final double ENOUGH = 0.8;
    /** Where objects that stay end up: of G1, of the serial and parallel collectors, of ZGC and of Shenandoah. */
    private static final Pattern OLD = Pattern.compile(".*(Old|Tenured|ZHeap|ZGC|Shenandoah).*");

    private final Supplier<@Nullable MemoryUsage> afterCollection;

    HeapCheck(Supplier<@Nullable MemoryUsage> afterCollection) {
        this.afterCollection = afterCollection;
    }

    /** That of this process; null before the first collection. */
    static @Nullable MemoryUsage ofThisProcess() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP
                        && OLD.matcher(pool.getName()).matches()
                        && pool.isValid())
                .map(MemoryPoolMXBean::getCollectionUsage)
                .filter(usage -> usage != null && usage.getMax() > 0)
                .findFirst()
                .orElse(null);
    }

    @Override
    public List<Finding> look() {
        MemoryUsage usage = afterCollection.get();
        if (usage == null) {
            return List.of();
        }
        double share = (double) usage.getUsed() / usage.getMax();
        return List.of(new Finding(
                AlarmKind.HEAP_NEARLY_FULL,
                "",
                Verdict.above(share, FULL, ENOUGH),
                "After a garbage collection " + usage.getUsed() + " of " + usage.getMax()
                        + " bytes of the heap are in use. Give the node more (-Xmx in config/jvm.options), or lower its limits:"
                        + " sessions, retained and delayed messages, connections.",
                Map.of("usedBytes", usage.getUsed(), "maxBytes", usage.getMax())));
    }
}
