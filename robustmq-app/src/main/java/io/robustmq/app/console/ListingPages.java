/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import io.robustmq.app.access.ConsoleLogins.Visitor;
import io.robustmq.app.console.AdminApi.Answer;
import io.robustmq.app.console.AdminApi.Call;
import io.robustmq.app.console.Column.Cell;
import io.robustmq.app.console.Forms.Form;
import io.robustmq.app.console.Forms.Input;
import io.robustmq.app.console.Listing.Detail;
import io.robustmq.app.console.Listing.Part;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The pages that list things, show one, and do something with it. Thread-safe: immutable. */
final class ListingPages {
    private static final int LIMIT_DEFAULT = 50;
    private static final List<Integer> LIMITS = List.of(25, 50, 100, 500);

    private final AdminApi api;
    private final Map<String, Listing> byPage = new LinkedHashMap<>();
    private final Map<String, List<Listing>> sections = new LinkedHashMap<>();

    ListingPages(AdminApi api) {
        this.api = api;
        sections.put("Messages", MessageListings.all());
        sections.put("Clients", ClientListings.all());
        sections.put("Access", AccessListings.all());
        sections.put("Operation", OperationListings.all());
        sections.values().forEach(all -> all.forEach(each -> byPage.put(each.page(), each)));
    }

    /** A part of the menu. */
    record Section(String title, List<Item> items) {}

    /** A page in the menu. */
    record Item(String title, String href, boolean current) {}

    /** A row of a table, and what can be done with it. */
    record RowView(List<Cell> cells, List<Form> forms) {}

    /** A table in the page of one thing. */
    record PartView(String heading, List<Column> columns, List<List<Cell>> rows, String empty) {}

    /** How an action ended: where to go, or what to show. */
    record Acted(String location, @Nullable PageView view) {}

    List<Section> menu(Visitor visitor, List<String> path) {
        String now = path.isEmpty() ? "" : path.get(0);
        List<Section> menu = new ArrayList<>();
        menu.add(new Section("", List.of(new Item("Overview", "/console/", now.isEmpty()))));
        sections.forEach((title, listings) -> {
            List<Item> items = listings.stream()
                    .filter(each -> visitor.may(each.needs()))
                    .map(each -> new Item(each.title(), each.href(), each.page().equals(now)))
                    .toList();
            if (!items.isEmpty()) {
                menu.add(new Section(title, items));
            }
        });
        return menu;
    }

    private Listing listing(String page) {
        Listing listing = byPage.get(page);
        if (listing == null) {
            throw Pages.nothing();
        }
        return listing;
    }

    Mono<PageView> page(Asked asked, String page) {
        return Mono.defer(() -> page(asked, listing(page), "", Map.of()));
    }

    private Mono<PageView> page(Asked asked, Listing listing, String refused, Map<String, String> given) {
        int limit = limit(asked);
        Map<String, String> query = new LinkedHashMap<>();
        listing.filters().forEach(field -> query.put(field.name(), filter(asked, field)));
        query.put("after", asked.parameter("after"));
        query.put("limit", Integer.toString(limit));
        return api.call(asked.exchange(), Call.get(listing.api(), query)).map(answer -> {
            PageView view = PageView.of("list", listing.title())
                    .with("lead", listing.lead())
                    .with("here", listing.href())
                    .with("columns", listing.columns())
                    .with("filters", filters(asked, listing))
                    .with("limits", LIMITS)
                    .with("limit", limit)
                    .with(
                            "filtered",
                            listing.filters().stream()
                                    .anyMatch(each ->
                                            !asked.parameter(each.name()).isEmpty()))
                    .with("empty", listing.empty())
                    .with("rows", List.of())
                    .with("actable", false)
                    .with("actions", Forms.of(listing, listing.actions(), asked.who(), Map.of(), refused, given))
                    .with("secret", "")
                    .with("first", asked.parameter("after").isEmpty() ? "" : href(asked, listing, ""))
                    .with("next", "")
                    .with("notice", notice(asked, listing));
            return answer.ok() ? rows(asked, listing, view, answer) : Problems.onto(view, answer);
        });
    }

    /** A box that is ticked says on. */
    private static String filter(Asked asked, Field field) {
        String given = asked.parameter(field.name());
        return field.type() == Field.Type.FLAG ? given.isEmpty() ? "" : "true" : given;
    }

    private static PageView rows(Asked asked, Listing listing, PageView view, Answer answer) {
        List<Map<String, Object>> rows = new ArrayList<>(answer.rows(listing.rows()));
        boolean isTail = listing.page().equals(OperationListings.AUDIT);
        if (isTail) {
            Collections.reverse(rows);
        }
        List<RowView> shown = rows.stream()
                .map(row -> new RowView(
                        cells(listing.columns(), row),
                        Forms.of(listing, listing.rowActions(), asked.who(), row, "", Map.of())))
                .toList();
        String next = answer.text("next");
        return view.with("rows", shown)
                .with("actable", shown.stream().anyMatch(row -> !row.forms().isEmpty()))
                .with("next", next.isEmpty() || isTail ? "" : href(asked, listing, next));
    }

    private static List<Cell> cells(List<Column> columns, Map<String, Object> row) {
        return columns.stream().map(column -> column.cell(row)).toList();
    }

    private static int limit(Asked asked) {
        try {
            int limit = Integer.parseInt(asked.parameter("limit"));
            return LIMITS.contains(limit) ? limit : LIMIT_DEFAULT;
        } catch (NumberFormatException e) {
            return LIMIT_DEFAULT;
        }
    }

    private static List<Input> filters(Asked asked, Listing listing) {
        return listing.filters().stream()
                .map(field -> Forms.input(field, asked.parameter(field.name())))
                .toList();
    }

    private static String href(Asked asked, Listing listing, String after) {
        Map<String, String> query = new LinkedHashMap<>();
        listing.filters().forEach(field -> query.put(field.name(), asked.parameter(field.name())));
        query.put("limit", asked.parameter("limit"));
        query.put("after", after);
        return link(listing.href(), query);
    }

    private static String link(String page, Map<String, String> query) {
        String joined = query.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(each -> each.getKey() + "=" + AdminApi.encoded(each.getValue()))
                .collect(Collectors.joining("&"));
        return joined.isEmpty() ? page : page + "?" + joined;
    }

    /** Words of ours for an action that the address names: what an address says is not shown. */
    private static String notice(Asked asked, Listing listing) {
        return listing.action(asked.parameter("done")).map(Action::done).orElse("");
    }

    Mono<PageView> detail(Asked asked, String page) {
        return Mono.defer(() -> {
            Listing listing = listing(page);
            Detail detail = listing.detail();
            return detail == null
                    ? Mono.error(Pages.nothing())
                    : detail(asked, listing, detail, asked.parameters(), "", Map.of());
        });
    }

    private Mono<PageView> detail(
            Asked asked,
            Listing listing,
            Detail detail,
            Map<String, String> of,
            String refused,
            Map<String, String> given) {
        String path = detail.api();
        Map<String, String> query = new LinkedHashMap<>();
        Map<String, Object> known = new LinkedHashMap<>();
        for (String parameter : detail.parameters()) {
            String value = of.getOrDefault(parameter, "");
            known.put(parameter, value);
            path = path.replace("{" + parameter + "}", AdminApi.encoded(value));
            if (detail.query()) {
                query.put(parameter, value);
            }
        }
        String name = Values.text(known.get(detail.parameters().get(0)));
        return api.call(asked.exchange(), Call.get(path, query)).map(answer -> {
            if (!answer.ok()) {
                return Problems.page(answer);
            }
            List<Map<String, Object>> things =
                    detail.rows().isEmpty() ? List.of(answer.fields()) : answer.rows(detail.rows());
            return PageView.of("detail", name)
                    .with("lead", listing.title())
                    .with("here", listing.href())
                    .with("name", name)
                    .with("records", detail.records() ? link("/console/topics/records", Map.of("name", name)) : "")
                    .with(
                            "things",
                            things.stream().map(each -> thing(detail, each)).toList())
                    .with("actions", Forms.of(listing, detail.actions(), asked.who(), known, refused, given))
                    .with("notice", notice(asked, listing));
        });
    }

    /** One of what is under the name: its facts and its tables. */
    record Thing(List<Cell> facts, List<PartView> parts) {}

    private static Thing thing(Detail detail, Map<String, Object> fields) {
        return new Thing(
                cells(detail.facts(), fields).stream()
                        .filter(cell -> !cell.text().isEmpty())
                        .toList(),
                detail.parts().stream().map(part -> part(part, fields)).toList());
    }

    private static PartView part(Part part, Map<String, Object> fields) {
        Object value = fields.get(part.field());
        List<Map<String, Object>> rows = value instanceof Map<?, ?> pairs
                ? pairs.entrySet().stream()
                        .map(each -> {
                            Map<String, Object> row = new LinkedHashMap<>();
                            row.put("key", each.getKey());
                            row.put("value", each.getValue());
                            return row;
                        })
                        .toList()
                : Values.rows(value);
        return new PartView(
                part.heading(),
                part.columns(),
                rows.stream().map(row -> cells(part.columns(), row)).toList(),
                part.empty());
    }

    Mono<Acted> act(Asked asked, String page, String id, Map<String, String> form) {
        return Mono.defer(() -> {
            Listing listing = listing(page);
            Action action = listing.action(id).orElseThrow(Pages::nothing);
            return Mono.fromCallable(() -> action.call(form))
                    .flatMap(call -> api.call(asked.exchange(), call))
                    .flatMap(answer -> answer.ok()
                            ? Mono.just(done(asked, listing, action, form, answer))
                            : again(asked, listing, action, form, Problems.page(answer)))
                    .onErrorResume(failure -> again(asked, listing, action, form, Problems.page(failure)));
        });
    }

    /** To the page where what was done can be seen; a secret that was made is shown at once, because it is shown once. */
    private static Acted done(Asked asked, Listing listing, Action action, Map<String, String> form, Answer answer) {
        String secret = Stream.of("password", "token")
                .map(answer::text)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        if (!secret.isEmpty()) {
            return new Acted(
                    "",
                    PageView.of("secret", listing.title())
                            .with("here", listing.href())
                            .with("secret", secret)
                            .with("notice", action.done()));
        }
        Detail detail = listing.detail();
        boolean stays = detail != null
                && detail.actions().contains(action)
                && !action.id().equals("delete");
        Map<String, String> query = new LinkedHashMap<>();
        if (stays) {
            detail.parameters().forEach(each -> query.put(each, form.getOrDefault(each, "")));
        }
        query.put("done", action.id());
        return new Acted(link(stays ? listing.href() + "/show" : listing.href(), query), null);
    }

    /** The page that the form was on, with what was written into it, and why it was refused. */
    private Mono<Acted> again(Asked asked, Listing listing, Action action, Map<String, String> form, PageView problem) {
        Detail detail = listing.detail();
        Mono<PageView> page = detail != null && detail.actions().contains(action)
                ? detail(asked, listing, detail, form, action.id(), form)
                : page(asked, listing, action.id(), form);
        return page.map(view -> new Acted(
                "",
                view.status() / 100 == 2
                        ? view.with("problem", problem.model().get("problem"))
                                .with("remedy", problem.model().get("remedy"))
                                .status(problem.status())
                        : problem));
    }
}
