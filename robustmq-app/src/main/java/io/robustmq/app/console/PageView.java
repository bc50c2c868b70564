/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import java.util.LinkedHashMap;
import java.util.Map;

/** A page that is ready to be rendered. Immutable, but for the model that is filled before anybody else sees it. */
record PageView(int status, String template, Map<String, Object> model) {

    static PageView of(String template, String title) {
        PageView view = new PageView(200, template, new LinkedHashMap<>());
        return view.with("title", title).with("lead", "");
    }

    PageView with(String name, Object value) {
        model.put(name, value);
        return this;
    }

    PageView status(int other) {
        return new PageView(other, template, model);
    }
}
