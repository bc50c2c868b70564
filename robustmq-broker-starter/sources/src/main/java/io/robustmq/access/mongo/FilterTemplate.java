/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.mongo;

import io.robustmq.access.lookup.Placeholder;
import io.robustmq.access.lookup.Template;
import io.robustmq.protocol.ClientIdentity;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.json.JsonParseException;

/**
 * A filter whose texts have placeholders. It is read once; later only texts are replaced by texts, so that nothing that a client
 * says becomes an operator. Where a text is a program, a pattern or a path there is no placeholder. Immutable.
 */
final class FilterTemplate {
    /** Of an operator that is not here, what it makes of a text is not known. */
    private static final Set<String> OPERATORS = Set.of(
            "$and",
            "$or",
            "$nor",
            "$not",
            "$eq",
            "$ne",
            "$in",
            "$nin",
            "$all",
            "$elemMatch",
            "$gt",
            "$gte",
            "$lt",
            "$lte");

    private final BsonDocument filter;
    private final Set<Placeholder> uses = EnumSet.noneOf(Placeholder.class);

    private FilterTemplate(String what, String json) {
        try {
            filter = BsonDocument.parse(json);
        } catch (JsonParseException e) {
            throw new IllegalArgumentException(what + " is no document: " + json);
        }
        check(what, filter, true);
        if (!uses.contains(Placeholder.USER) && !uses.contains(Placeholder.CLIENT_ID)) {
            throw new IllegalArgumentException(
                    what + " has neither %u nor %c and would be the same for everybody: " + json);
        }
    }

    /** Fails with IllegalArgumentException for one that is none, or is not safe. */
    static FilterTemplate of(String what, String json) {
        return new FilterTemplate(what, json);
    }

    Set<Placeholder> uses() {
        return Set.copyOf(uses);
    }

    private void check(String what, BsonValue value, boolean safe) {
        if (value.isDocument()) {
            for (Map.Entry<String, BsonValue> each : value.asDocument().entrySet()) {
                String key = each.getKey();
                if (!Template.of(key).uses().isEmpty()) {
                    throw new IllegalArgumentException(
                            what + ": a placeholder is a value, not the name of a field: " + key);
                }
                check(what, each.getValue(), safe && (!key.startsWith("$") || OPERATORS.contains(key)));
            }
        } else if (value.isArray()) {
            value.asArray().forEach(each -> check(what, each, safe));
        } else if (value.isString()) {
            Set<Placeholder> found = Template.of(value.asString().getValue()).uses();
            if (!found.isEmpty() && !safe) {
                throw new IllegalArgumentException(
                        what + ": below that operator a text is more than a text, and must not have"
                                + " a placeholder: " + value.asString().getValue());
            }
            uses.addAll(found);
        }
    }

    BsonDocument of(ClientIdentity client) {
        return replaced(filter, client).asDocument();
    }

    private static BsonValue replaced(BsonValue value, ClientIdentity client) {
        if (value.isDocument()) {
            BsonDocument copy = new BsonDocument();
            value.asDocument().forEach((key, each) -> copy.put(key, replaced(each, client)));
            return copy;
        }
        if (value.isArray()) {
            BsonArray copy = new BsonArray();
            value.asArray().forEach(each -> copy.add(replaced(each, client)));
            return copy;
        }
        return value.isString()
                ? new BsonString(Template.of(value.asString().getValue()).of(client, UnaryOperator.identity()))
                : value;
    }
}
