/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.lookup;

import io.robustmq.protocol.ClientIdentity;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A text with placeholders. Immutable. */
public final class Template {
    private final String text;
    private final Set<Placeholder> used = EnumSet.noneOf(Placeholder.class);

    private Template(String text) {
        this.text = text;
        for (int i = 0; i < text.length(); i++) {
            Placeholder placeholder = Placeholder.at(text, i);
            if (placeholder != null) {
                used.add(placeholder);
            }
        }
    }

    public static Template of(String text) {
        return new Template(text);
    }

    /** One that is about somebody; fails for one that would be the same for all. */
    public static Template personal(String what, String text) {
        Template template = new Template(text);
        if (!template.isPersonal()) {
            throw new IllegalArgumentException(
                    what + " has neither %u nor %c and would be the same for everybody: " + text);
        }
        return template;
    }

    public Set<Placeholder> uses() {
        return Set.copyOf(used);
    }

    public boolean isPersonal() {
        return used.contains(Placeholder.USER) || used.contains(Placeholder.CLIENT_ID);
    }

    /** @param escape makes of what a client says something that has no meaning but itself */
    public String of(ClientIdentity client, UnaryOperator<String> escape) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            Placeholder placeholder = Placeholder.at(text, i);
            if (placeholder == null) {
                out.append(text.charAt(i));
            } else {
                out.append(escape.apply(placeholder.of(client)));
                i++;
            }
        }
        return out.toString();
    }

    @Override
    public String toString() {
        return text;
    }
}
