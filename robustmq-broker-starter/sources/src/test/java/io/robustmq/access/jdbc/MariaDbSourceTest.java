/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.access.lookup.HashKind;
import io.robustmq.access.lookup.LookupSource;
import io.robustmq.access.lookup.Proofs;
import io.robustmq.access.lookup.Secret;
import io.robustmq.access.testing.MariaDb;
import io.robustmq.access.testing.RemoteSourceContract;
import io.robustmq.broker.access.CredentialSource;
import io.robustmq.broker.access.CredentialSource.Answer;
import io.robustmq.broker.access.CredentialSource.Outcome;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.protocol.AccessRule;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Users in tables of a real MariaDB, which finds others' rows for a name. */
class MariaDbSourceTest extends RemoteSourceContract {
    private static final String QUERY =
            "select username, password_hash, is_superuser from `users` where username = %u -- and not '%u'";
    private static MariaDb server;

    @BeforeAll
    static void start() {
        server = new MariaDb();
        server.run("create table users (username varchar(100) primary key, password_hash text, is_superuser boolean)");
        server.run("create table acl (username varchar(100), permission enum('allow', 'deny'), action varchar(20),"
                + " topic varchar(200), qos tinyint, retain tinyint(1))");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static LookupSource source(int port, Secret password, String query) {
        JdbcConfig config = new JdbcConfig(
                MariaDb.url(port, "mqtt"),
                "robustmq",
                password,
                query,
                "select permission, action, topic, qos, retain from acl where username = %u",
                2,
                connectMillisMax,
                answerMillisMax);
        return new LookupSource(
                JdbcDirectory.NAME,
                new JdbcDirectory(config),
                HashKind.PLAIN,
                HashKind.Salt.NONE,
                LIMITS,
                new Proofs(SystemRandom.INSTANCE));
    }

    @Override
    protected CredentialSource sourceAt(int port, Secret servicePassword) {
        return source(port, servicePassword, QUERY);
    }

    @Override
    protected int serverPort() {
        return server.port();
    }

    @Override
    protected String servicePassword() {
        return MariaDb.PASSWORD;
    }

    @Override
    protected void user(String name, String password) {
        server.run("replace into users values (?, ?, false)", name, password);
    }

    @Test
    void rulesComeWithTheLogIn() {
        user("rob", "sesame");
        server.run(
                "insert into acl values ('rob', 'deny', 'publish', 'plant/#', 1, true), ('rob', 'allow', 'all', '#', null, null)");
        Answer answer = ask(at(server.port()), "rob", "sesame");
        assertThat(answer.grants().rules()).extracting(AccessRule::filter).containsExactly("plant/#", "#");
        assertThat(answer.grants().rules()).extracting(AccessRule::qosMask).containsExactly(0b010, AccessRule.ANY_QOS);
        assertThat(answer.grants().rules()).extracting(AccessRule::retain).containsExactly(true, null);
        server.run("replace into users values ('root', 'sesame', true)");
        assertThat(ask(at(server.port()), "root", "sesame").grants().superuser())
                .isTrue();
    }

    @Test
    void aQueryThatDoesNotTellWhomItHasFoundIsAMistake() {
        user("ann", "sesame");
        CredentialSource source = open(source(
                server.port(), Secret.of(MariaDb.PASSWORD), "select password_hash from users where username = %u"));
        assertThat(outcome(source, "ann", "sesame")).isEqualTo(Outcome.FAILED);
        assertThat(warnings()).hasSize(1).first().asString().contains("no column username");
    }

    @Test
    @Override
    protected void aPasswordOfTheNodeIsReadAnew() {
        super.aPasswordOfTheNodeIsReadAnew();
    }
}
