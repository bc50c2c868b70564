/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import io.robustmq.app.admin.Problem;
import io.robustmq.app.console.AdminApi.Answer;

/** What went wrong, as a page: the same words as the API's problems. Stateless. */
final class Problems {
    private Problems() {}

    static PageView page(Throwable failure) {
        Problem problem = Problem.of(failure);
        return page(problem.status().value(), problem.detail(), problem.remedy());
    }

    static PageView page(Answer refused) {
        return page(refused.status(), refused.text("detail"), refused.text("remedy"));
    }

    static PageView page(int status, String detail, String remedy) {
        return PageView.of("problem", "This did not work")
                .with("problem", detail)
                .with("remedy", remedy)
                .status(status);
    }

    /** Beside what the page shows anyway. */
    static PageView onto(PageView view, Answer refused) {
        return view.with("problem", refused.text("detail"))
                .with("remedy", refused.text("remedy"))
                .status(refused.status());
    }
}
