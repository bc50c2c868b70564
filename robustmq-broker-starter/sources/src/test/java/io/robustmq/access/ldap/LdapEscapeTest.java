/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LdapEscapeTest {

    /** The second is an example of RFC 4515, section 4. */
    @ParameterizedTest
    @CsvSource({
        "ann, ann",
        "Parens R Us (for all your parenthetical needs), Parens R Us \\28for all your parenthetical needs\\29",
        "*, \\2a",
        "C:\\MyFile, C:\\5cMyFile",
        "ann)(uid=*, ann\\29\\28uid=\\2a",
        "Lu\u010di\u0107, Lu\u010di\u0107",
    })
    void filtersAsInRfc4515(String value, String escaped) {
        assertThat(LdapEscape.filter(value)).isEqualTo(escaped);
    }

    @Test
    void nulIsNeverWrittenAsItIs() {
        assertThat(LdapEscape.filter("a\u0000b")).isEqualTo("a\\00b");
        assertThat(LdapEscape.name("a\u0000b")).isEqualTo("a\\00b");
    }

    @ParameterizedTest
    @CsvSource({
        "ann, ann",
        "'James \"Jim\" Smith, III', James \\22Jim\\22 Smith\\2c III",
        "'ann,ou=people', ann\\2cou\\3dpeople",
        "' ann ', '\\ ann\\ '",
        "#ann, \\23ann",
        "a+b;c<d>e\\f, a\\2bb\\3bc\\3cd\\3ee\\5cf",
    })
    void namesAsInRfc4514(String value, String escaped) {
        assertThat(LdapEscape.name(value)).isEqualTo(escaped);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ann",
                " ",
                "  ",
                "a,b",
                "a+b",
                "\"",
                "\\",
                "<>;",
                "#",
                " #",
                "a=b",
                "\u00e4",
                "\r\n",
                "a/b",
                "\ud83d\ude00"
            })
    void aNameStaysOneValueOfOneName(String value) throws InvalidNameException {
        LdapName name = new LdapName("uid=" + LdapEscape.name(value) + ",ou=people");
        assertThat(name.size()).isEqualTo(2);
        assertThat(name.getRdn(1).size()).isEqualTo(1);
        assertThat(name.getRdn(1).getValue()).isEqualTo(value);
    }
}
