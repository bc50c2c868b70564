/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.access.lookup.HashKind;
import io.robustmq.access.lookup.LookupSource;
import io.robustmq.access.lookup.Proofs;
import io.robustmq.access.lookup.Secret;
import io.robustmq.access.testing.PostgreSql;
import io.robustmq.access.testing.RemoteSourceContract;
import io.robustmq.broker.access.CredentialSource;
import io.robustmq.broker.access.CredentialSource.Answer;
import io.robustmq.broker.access.CredentialSource.Outcome;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.AccessRule.Effect;
import io.robustmq.protocol.AccessRule.Resource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Users in tables of a real PostgreSQL. */
class PostgreSqlSourceTest extends RemoteSourceContract {
    private static final String QUERY =
            "select password_hash, salt, is_superuser from users where username = %u and tenant = %t";
    private static final String ACL_QUERY =
            "select permission, action, topic, qos, retain, resource from acl where username = %u or client_id = %c order by id";
    private static PostgreSql server;

    @BeforeAll
    static void start() {
        server = new PostgreSql();
        server.run("create table users (username text primary key, tenant text not null default 'default',"
                + " password_hash text, salt text, is_superuser boolean)");
        server.run("create table acl (id serial, username text, client_id text, permission text, action text not null,"
                + " topic text, qos smallint, retain boolean, resource text)");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static JdbcConfig config(int port, Secret password, String query, @Nullable String aclQuery) {
        return new JdbcConfig(
                PostgreSql.url(port), "postgres", password, query, aclQuery, 2, connectMillisMax, answerMillisMax);
    }

    private static LookupSource source(JdbcConfig config, HashKind kind, HashKind.Salt salt) {
        return new LookupSource(
                JdbcDirectory.NAME, new JdbcDirectory(config), kind, salt, LIMITS, new Proofs(SystemRandom.INSTANCE));
    }

    @Override
    protected CredentialSource sourceAt(int port, Secret servicePassword) {
        return source(config(port, servicePassword, QUERY, ACL_QUERY), HashKind.PLAIN, HashKind.Salt.NONE);
    }

    private CredentialSource with(String query, @Nullable String aclQuery, HashKind kind, HashKind.Salt salt) {
        return open(source(config(server.port(), Secret.of(PostgreSql.PASSWORD), query, aclQuery), kind, salt));
    }

    @Override
    protected int serverPort() {
        return server.port();
    }

    @Override
    protected String servicePassword() {
        return PostgreSql.PASSWORD;
    }

    @Override
    protected void user(String name, String password) {
        row(name, password, null, false);
    }

    private static void row(String name, @Nullable String hash, @Nullable String salt, boolean superuser) {
        server.run("delete from users where username = ?", name);
        server.run(
                "insert into users (username, password_hash, salt, is_superuser) values (?, ?, ?, " + superuser + ")",
                name,
                hash,
                salt);
    }

    @ParameterizedTest
    @CsvSource({
        "AUTO, NONE, $2b$05$abcdefghijklmnopqrstuuKcS.CYWVYVaLiiCKrrc0A5s3mGesJ9O,",
        "AUTO, NONE, $pbkdf2-sha256$29000$c2FsdHNhbHRzYWx0MTIzNA$2966qLbfLJHfrUCMSYxHFJmwnvTxwfpo.Lk1zcol5SU,",
        "PLAIN, NONE, sesame,",
        // printf sesame | sha256sum; printf saltsesame | sha256sum; printf sesamesalt | sha512sum
        "SHA256, NONE, d0c04f4b1951e4aeaaec8223ed2039e542f3aae805a6fa7f6d794e5afff5d272,",
        "SHA256, PREFIX, fcc28a7d49fee2d1f9d5bf551f7554498a5fd92c7d1626b0b45e43221e8690cf, salt",
        "SHA512, SUFFIX, dd26449339eb3c9de1be33f624976ada4be74593540136b2a0d61232ff07afa40ae3ebed01148263c0aec12361e80d23165c075e5604f970226afa4bed5f7b09, salt",
    })
    void hashesAreThoseOfOtherBrokers(HashKind kind, HashKind.Salt position, String hash, @Nullable String salt) {
        row("hal", hash, salt, false);
        CredentialSource source = with(QUERY, null, kind, position);
        assertThat(outcome(source, "hal", "sesame")).isEqualTo(Outcome.ACCEPTED);
        assertThat(outcome(source, "hal", "sesam")).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void aHashThatCannotBeReadRefusesItsUserOnly() {
        row("broken", "md5:0123", null, false);
        row("none", null, null, false);
        row("hal", "$2b$05$abcdefghijklmnopqrstuuKcS.CYWVYVaLiiCKrrc0A5s3mGesJ9O", null, false);
        CredentialSource source = with(QUERY, null, HashKind.AUTO, HashKind.Salt.NONE);
        assertThat(outcome(source, "broken", "md5:0123")).isEqualTo(Outcome.REFUSED);
        assertThat(warnings())
                .hasSize(1)
                .first()
                .asString()
                .contains("user broken cannot log in")
                .doesNotContain("md5");
        assertThat(outcome(source, "none", "")).isEqualTo(Outcome.REFUSED);
        assertThat(outcome(source, "hal", "sesame")).isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void rulesComeWithTheLogIn() {
        user("rob", "sesame");
        server.run("delete from acl");
        server.run("insert into acl (username, permission, action, topic) values ('rob', 'allow', 'all', 'plant/#')");
        server.run("insert into acl (username, permission, action, topic, qos, retain) values"
                + " ('rob', 'deny', 'publish', 'plant/${username}/${clientid}', 1, true)");
        server.run("insert into acl (client_id, action, topic, resource) values ('c1', 'read', 'report', 'group')");
        server.run("insert into acl (username, action, topic) values ('other', 'all', '#')");
        Answer answer = ask(at(server.port()), "rob", "sesame");
        List<AccessRule> rules = answer.grants().rules();
        assertThat(answer.grants().superuser()).isFalse();
        assertThat(rules).extracting(AccessRule::name).containsExactly("jdbc-1", "jdbc-2", "jdbc-3");
        assertThat(rules).extracting(AccessRule::effect).containsExactly(Effect.ALLOW, Effect.DENY, Effect.ALLOW);
        assertThat(rules).extracting(AccessRule::action).containsExactly(Action.ALL, Action.PUBLISH, Action.SUBSCRIBE);
        assertThat(rules).extracting(AccessRule::filter).containsExactly("plant/#", "plant/%u/%c", "report");
        assertThat(rules)
                .extracting(AccessRule::qosMask)
                .containsExactly(AccessRule.ANY_QOS, 0b010, AccessRule.ANY_QOS);
        assertThat(rules).extracting(AccessRule::retain).containsExactly(null, true, null);
        assertThat(rules)
                .extracting(AccessRule::resource)
                .containsExactly(Resource.SUBJECT, Resource.SUBJECT, Resource.GROUP);
    }

    @Test
    void aRuleThatCannotBeReadKeepsItsUserOut() {
        user("odd", "sesame");
        server.run("insert into acl (username, permission, action, topic) values ('odd', 'perhaps', 'all', '#')");
        CredentialSource source = at(server.port());
        assertThat(outcome(source, "odd", "sesame")).isEqualTo(Outcome.REFUSED);
        assertThat(warnings()).hasSize(1).first().asString().contains("user odd cannot log in", "allow or deny");
    }

    @Test
    void aThousandRulesAreReadAndOneMoreIsNot() {
        user("many", "sesame");
        server.run("delete from acl");
        server.run(
                "insert into acl (username, action, topic) select 'many', 'all', 't' || n from generate_series(1, 1000) n");
        CredentialSource source = at(server.port());
        assertThat(ask(source, "many", "sesame").grants().rules()).hasSize(1_000);
        server.run("insert into acl (username, action, topic) values ('many', 'all', 't')");
        assertThat(outcome(source, "many", "sesame")).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void aSuperuserNeedsNoRules() {
        row("root", "sesame", null, true);
        Answer answer = ask(at(server.port()), "root", "sesame");
        assertThat(answer.grants().superuser()).isTrue();
        assertThat(answer.grants().rules()).isEmpty();
    }

    @Test
    void aQueryThatFailsRefusesNobodyForGood() {
        user("ann", "sesame");
        for (String query : new String[] {
            "select password_hash from nowhere where username = %u",
            "select salt from users where username = %u",
            "select password_hash from users where username = %u or true",
        }) {
            assertThat(outcome(with(query, null, HashKind.PLAIN, HashKind.Salt.NONE), "ann", "sesame"))
                    .as(query)
                    .isEqualTo(Outcome.FAILED);
        }
        CredentialSource noTopic =
                with(QUERY, "select action from acl where username = %u", HashKind.PLAIN, HashKind.Salt.NONE);
        server.run("insert into acl (username, action, topic) values ('ann', 'all', '#')");
        assertThat(outcome(noTopic, "ann", "sesame")).isEqualTo(Outcome.FAILED);
        server.run("delete from acl");
        assertThat(warnings()).anySatisfy(each -> assertThat(each).contains("nowhere"));
    }

    @Test
    void aQueryThatTakesTooLongIsEndedInTheDatabase() {
        answerMillisMax = 500;
        user("ann", "sesame");
        CredentialSource source = with(
                "select password_hash from users, pg_sleep(30) where username = %u",
                null, HashKind.PLAIN, HashKind.Salt.NONE);
        assertThat(outcome(source, "ann", "sesame")).isEqualTo(Outcome.FAILED);
        assertThat(server.number("select count(*) from pg_stat_activity where query like '%pg_sleep(30) where%'"
                        + " and state = 'active' and pid <> pg_backend_pid()"))
                .isZero();
    }

    @Test
    void secretsDoNotBelongIntoTheUrl() {
        for (String url : new String[] {
            "jdbc:postgresql://h/d?user=x&password=y", "jdbc:postgresql://x:y@h/d", "jdbc:mysql://h/d?Password =y"
        }) {
            JdbcConfig config = new JdbcConfig(url, null, Secret.NONE, QUERY, null, 2, 300, 300);
            assertThatThrownBy(() -> new JdbcDirectory(config))
                    .as(url)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not part of the URL");
        }
        assertThat(config(1, Secret.of("hidden"), QUERY, null).toString()).doesNotContain("hidden");
    }

    @Test
    @Override
    protected void aPasswordOfTheNodeIsReadAnew() {
        super.aPasswordOfTheNodeIsReadAnew();
    }
}
