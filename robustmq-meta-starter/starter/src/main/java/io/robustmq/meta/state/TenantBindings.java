/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.state;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.subject.BindingConflict;
import io.robustmq.kernel.subject.BindingTable;
import io.robustmq.kernel.subject.SubjectBinding;
import io.robustmq.kernel.subject.SubjectProblem;
import java.util.List;

/** The subject bindings of one tenant's topics. Confined to the apply thread. */
final class TenantBindings {
    private BindingTable<String> table = BindingTable.empty();

    void add(String topic, List<String> filters) {
        for (String filter : filters) {
            table = table.with(SubjectBinding.parse(filter), topic);
        }
    }

    void remove(List<String> filters) {
        for (String filter : filters) {
            table = table.without(SubjectBinding.parse(filter));
        }
    }

    void check(List<String> filters) {
        BindingTable<String> tried = table;
        for (String filter : filters) {
            SubjectProblem problem = SubjectBinding.problem(filter);
            if (problem != null) {
                throw RmqError.INVALID_CONFIG.exception("binding: " + problem.describe(filter));
            }
            SubjectBinding binding = SubjectBinding.parse(filter);
            BindingConflict conflict = tried.conflictWith(binding).orElse(null);
            if (conflict != null) {
                throw RmqError.BINDING_CONFLICT.exception(
                        conflict.describe() + " (" + tried.get(conflict.other()) + ")");
            }
            tried = tried.with(binding, "of this topic");
        }
    }
}
