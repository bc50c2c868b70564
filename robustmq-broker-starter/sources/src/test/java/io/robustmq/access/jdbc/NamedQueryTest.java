/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.jdbc;

import static io.robustmq.access.lookup.Placeholder.ADDRESS;
import static io.robustmq.access.lookup.Placeholder.CLIENT_ID;
import static io.robustmq.access.lookup.Placeholder.TENANT;
import static io.robustmq.access.lookup.Placeholder.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamedQueryTest {

    private static NamedQuery of(String text) {
        return NamedQuery.of("the query", text);
    }

    @Test
    void placeholdersBecomeParametersInTheirOrder() {
        NamedQuery query = of("select p from u where n=%u and c = %c and (a=%a or t=%t) and n <> %u");
        assertThat(query.sql()).isEqualTo("select p from u where n=? and c = ? and (a=? or t=?) and n <> ?");
        assertThat(query.parameters()).containsExactly(USER, CLIENT_ID, ADDRESS, TENANT, USER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name like '%u%'",
                "\"col%u\" = 1",
                "`col%u` = 1",
                "a = 1 -- %u\n",
                "a = 1 /* %u */",
                "a = $$it's %u$$",
                "a = $x$it's %u$x$",
                "a = 'it''s %u'",
                "a %units = 1",
                "a % u = 1",
            })
    void withinQuotesAndCommentsNothingIsReplaced(String condition) {
        String text = "select p from u where n = %u and " + condition;
        NamedQuery query = of(text);
        assertThat(query.sql()).isEqualTo("select p from u where n = ? and " + condition);
        assertThat(query.parameters()).containsExactly(USER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select p from u where n = '%u'",
                "select p from u where n = \"%u\"",
                "select p from u where t = %u and n = '%c'"
            })
    void aPlaceholderInQuotesOfItsOwnIsAMistake(String text) {
        assertThatThrownBy(() -> of(text)).hasMessageContaining("without the quotes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"select p from u", "select p from u where t = %t", "select p from u where n = 'x%ux'"})
    void aQueryThatIsTheSameForEverybodyIsAMistake(String text) {
        assertThatThrownBy(() -> of(text)).hasMessageContaining("asks for neither %u nor %c");
    }

    @Test
    void whatIsNotClosedGoesToTheEnd() {
        assertThat(of("select %u '%u x").sql()).isEqualTo("select ? '%u x");
        assertThat(of("select %u /* %u").sql()).isEqualTo("select ? /* %u");
    }
}
