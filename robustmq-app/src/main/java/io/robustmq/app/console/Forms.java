/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import io.robustmq.app.access.ConsoleLogins.Visitor;
import io.robustmq.app.console.Field.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Actions as the templates show them. Stateless. */
final class Forms {
    private Forms() {}

    /**
     * A form.
     *
     * @param warning empty for what can be undone
     * @param open whether it was sent and refused
     */
    record Form(
            String address,
            String label,
            String warning,
            boolean danger,
            boolean open,
            List<Pair> hidden,
            List<Input> inputs) {}

    /** A name and a value. */
    record Pair(String name, String value) {}

    /** A field of a form. */
    record Input(
            String name, String label, String type, String value, boolean required, List<Pair> options, String hint) {}

    /**
     * Those that the visitor may do.
     *
     * @param known what is known of the thing that they are about
     * @param refused the action that was tried, or empty
     * @param given what was written into its form
     */
    static List<Form> of(
            Listing listing,
            List<Action> actions,
            Visitor visitor,
            Map<String, Object> known,
            String refused,
            Map<String, String> given) {
        List<Form> forms = new ArrayList<>();
        for (Action action : actions) {
            if (visitor.may(action.needs())) {
                boolean again = action.id().equals(refused);
                forms.add(form(listing, action, known, again ? given : Map.of(), again));
            }
        }
        return forms;
    }

    private static Form form(
            Listing listing, Action action, Map<String, Object> known, Map<String, String> given, boolean open) {
        List<Pair> hidden = new ArrayList<>();
        List<Input> inputs = new ArrayList<>();
        for (Field field : action.fields()) {
            if (field.type() == Type.HIDDEN) {
                hidden.add(new Pair(field.name(), Values.text(known.get(field.name()))));
            } else {
                inputs.add(input(field, given.getOrDefault(field.name(), "")));
            }
        }
        return new Form(
                listing.href() + "/do/" + action.id(),
                action.label(),
                action.warning(),
                !action.warning().isEmpty(),
                open,
                hidden,
                inputs);
    }

    static Input input(Field field, String value) {
        String type = switch (field.type()) {
            case PASSWORD -> "password";
            case NUMBER -> "number";
            case CHOICE -> "choice";
            case FLAG -> "flag";
            case PAIRS, LONG_TEXT -> "long";
            case HIDDEN -> "hidden";
            case TEXT, LIST -> "text";
        };
        return new Input(
                field.name(),
                field.label(),
                type,
                field.type() == Type.PASSWORD ? "" : value,
                field.required(),
                field.options().stream()
                        .map(each -> new Pair(each, each.isEmpty() ? "-" : each))
                        .toList(),
                field.hint());
    }
}
