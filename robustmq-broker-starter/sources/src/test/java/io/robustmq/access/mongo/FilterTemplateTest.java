/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.access.lookup.Placeholder;
import io.robustmq.protocol.ClientIdentity;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTemplateTest {

    private static FilterTemplate of(String json) {
        return FilterTemplate.of("the filter", json);
    }

    private static ClientIdentity client(String user) {
        return new ClientIdentity("acme", "mqtt", "c1", user, "192.0.2.1");
    }

    @Test
    void placeholdersAreReplacedWithinTextsOnly() {
        FilterTemplate filter = of("{name: '%u', tenant: {$in: ['%t', 'all']}, id: 'id-%c', n: 1, from: '%a'}");
        assertThat(filter.of(client("ann")))
                .isEqualTo(BsonDocument.parse(
                        "{name: 'ann', tenant: {$in: ['acme', 'all']}, id: 'id-c1', n: 1, from: '192.0.2.1'}"));
        assertThat(filter.uses())
                .containsExactlyInAnyOrder(
                        Placeholder.USER, Placeholder.TENANT, Placeholder.CLIENT_ID, Placeholder.ADDRESS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"$ne\": null}",
                "'}, $or: [{",
                "$ne",
                "\"",
                "%c",
                "/.*/",
                "\u0000",
                "$username",
                "\\u0027",
                "' || '1'=='1"
            })
    void whatAClientSaysStaysAText(String name) {
        BsonDocument made = of("{name: '%u'}").of(client(name));
        assertThat(made).isEqualTo(new BsonDocument("name", new BsonString(name)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{$where: \"this.name == '%u'\"}",
                "{name: {$regex: '^%u$'}}",
                "{$expr: {$eq: ['$name', '%u']}}",
                "{$and: [{name: '%u'}, {$expr: {$eq: ['$x', '%c']}}]}",
                "{name: {$unheardOf: '%u'}}",
                "{$jsonSchema: {x: ['%u']}}",
            })
    void whereATextIsMoreThanATextThereIsNoPlaceholder(String json) {
        assertThatThrownBy(() -> of(json)).hasMessageContaining("must not have a placeholder");
    }

    @Test
    void otherMistakesAreFound() {
        assertThatThrownBy(() -> of("{'%u': 1}")).hasMessageContaining("not the name of a field");
        assertThatThrownBy(() -> of("{name: 'ann'}")).hasMessageContaining("neither %u nor %c");
        assertThatThrownBy(() -> of("name = %u")).hasMessageContaining("is no document");
        assertThatThrownBy(() -> of("{a: /%u/}")).hasMessageContaining("neither %u nor %c");
    }
}
