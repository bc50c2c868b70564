/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import io.robustmq.app.access.AdminRole;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A page that lists things of one kind, and what can be done with them.
 *
 * @param page the last part of its address
 * @param api the endpoint
 * @param rows the field of its answer that holds the rows
 * @param needs the role without which there is nothing to see
 * @param actions of the page
 * @param rowActions of each row
 * @param empty what to do when there is nothing, and a command for it
 * @param detail the page of one of them; null for none
 */
record Listing(
        String page,
        String title,
        String lead,
        String api,
        String rows,
        AdminRole needs,
        List<Field> filters,
        List<Column> columns,
        List<Action> actions,
        List<Action> rowActions,
        Empty empty,
        @Nullable Detail detail) {

    /** What an empty page says. */
    record Empty(String text, String command) {}

    /**
     * The page of one thing.
     *
     * @param api with the names of parameters in braces, or
     * @param query the parameters that go as such
     * @param parameters of the page's own address
     * @param rows the field of the answer that holds the one thing as the first of a list; empty where it is the answer
     * @param records whether it has records to look at
     */
    record Detail(
            String api,
            List<String> parameters,
            boolean query,
            String rows,
            List<Column> facts,
            List<Part> parts,
            List<Action> actions,
            boolean records) {}

    /** A table within the page of one thing: a list of objects, or the pairs of one. */
    record Part(String heading, String field, List<Column> columns, String empty) {}

    /** The action that a form's address names. */
    Optional<Action> action(String id) {
        return Stream.of(actions, rowActions, detail == null ? List.<Action>of() : detail.actions())
                .flatMap(List::stream)
                .filter(each -> each.id().equals(id))
                .findFirst();
    }

    String href() {
        return "/console/" + page;
    }
}
