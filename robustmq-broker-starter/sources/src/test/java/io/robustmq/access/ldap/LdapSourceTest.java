/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.access.GrantedRules;
import io.robustmq.access.lookup.Proofs;
import io.robustmq.access.lookup.Secret;
import io.robustmq.access.testing.OpenLdap;
import io.robustmq.access.testing.RemoteSourceContract;
import io.robustmq.broker.access.CredentialSource;
import io.robustmq.broker.access.CredentialSource.Answer;
import io.robustmq.broker.access.CredentialSource.Outcome;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.protocol.AccessRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users of a real OpenLDAP. */
class LdapSourceTest extends RemoteSourceContract {
    private static final String PEOPLE = "ou=people," + OpenLdap.BASE;
    private static final AccessRule PLANT = GrantedRules.rule("allow", "all", "plant/#", null, null);
    private static OpenLdap server;

    @BeforeAll
    static void start() {
        server = new OpenLdap();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    /** What differs between the tests. */
    private record Wanted(
            String url,
            boolean startTls,
            SSLSocketFactory sockets,
            @Nullable String bindDn,
            Secret password,
            @Nullable String userDn,
            String searchFilter) {
        static Wanted search(int port) {
            return new Wanted(
                    OpenLdap.url(port),
                    false,
                    (SSLSocketFactory) SSLSocketFactory.getDefault(),
                    OpenLdap.ADMIN,
                    Secret.of(OpenLdap.PASSWORD),
                    null,
                    "(uid=%u)");
        }

        Wanted withUrl(String other, boolean tls, SSLSocketFactory trust) {
            return new Wanted(other, tls, trust, bindDn, password, userDn, searchFilter);
        }

        Wanted as(@Nullable String dn, Secret secret) {
            return new Wanted(url, startTls, sockets, dn, secret, userDn, searchFilter);
        }

        Wanted at(String dn) {
            return new Wanted(url, startTls, sockets, bindDn, password, dn, searchFilter);
        }

        Wanted filter(String filter) {
            return new Wanted(url, startTls, sockets, bindDn, password, userDn, filter);
        }
    }

    private LdapSource source(Wanted wanted) {
        LdapConfig config = new LdapConfig(
                wanted.url,
                wanted.startTls,
                wanted.sockets,
                wanted.bindDn,
                wanted.password,
                wanted.userDn,
                wanted.userDn == null ? PEOPLE : null,
                wanted.searchFilter,
                "uid",
                "ou=groups," + OpenLdap.BASE,
                "(&(objectClass=groupOfNames)(member=%d))",
                "cn",
                Set.of("admins"),
                Map.of("operators", List.of(PLANT)),
                connectMillisMax,
                answerMillisMax);
        return open(new LdapSource(config, LIMITS, new Proofs(SystemRandom.INSTANCE)));
    }

    @Override
    protected CredentialSource sourceAt(int port, Secret servicePassword) {
        return source(Wanted.search(port).as(OpenLdap.ADMIN, servicePassword));
    }

    @Override
    protected int serverPort() {
        return server.port();
    }

    @Override
    protected String servicePassword() {
        return OpenLdap.PASSWORD;
    }

    @Override
    protected void user(String name, String password) {
        server.person(name, password);
    }

    private LdapSource byName() {
        return source(Wanted.search(server.port()).as(null, Secret.NONE).at("uid=%u," + PEOPLE));
    }

    @Test
    void aUserWhosePlaceIsKnownNeedsNoAccountOfTheNode() {
        user("ann", "sesame");
        LdapSource source = byName();
        assertThat(outcome(source, "ann", "sesame")).isEqualTo(Outcome.ACCEPTED);
        assertThat(outcome(source, "ann", "sesam")).isEqualTo(Outcome.REFUSED);
        assertThat(outcome(source, "bob", "sesame")).isEqualTo(Outcome.REFUSED);
        assertThat(outcome(source, "Ann", "sesame")).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void withAnAccountOfTheNodeWhoIsNotThereIsUnknown() {
        user("ann", "sesame");
        LdapSource source = source(Wanted.search(server.port()).at("uid=%u," + PEOPLE));
        assertThat(outcome(source, "ann", "sesame")).isEqualTo(Outcome.ACCEPTED);
        assertThat(outcome(source, "ann", "sesam")).isEqualTo(Outcome.REFUSED);
        assertThat(outcome(source, "bob", "sesame")).isEqualTo(Outcome.UNKNOWN);
    }

    /** The directory itself lets everybody in who says a name and no password. */
    @Test
    void anEmptyPasswordNeverBinds() throws Exception {
        String dn = server.person("ann", "sesame");
        try (LdapSession session = LdapSession.open(config(Wanted.search(server.port())))) {
            assertThat(session.bindUser(dn, new byte[0])).isFalse();
            assertThat(session.bindUser(dn, bytes("sesame"))).isTrue();
            assertThat(session.bindUser("", bytes("sesame"))).isFalse();
        }
        assertThat(outcome(byName(), "ann", "")).isEqualTo(Outcome.REFUSED);
        LdapSource emptyOfItsOwn = source(Wanted.search(server.port()).as(OpenLdap.ADMIN, Secret.NONE));
        assertThat(outcome(emptyOfItsOwn, "ann", "sesame")).isEqualTo(Outcome.FAILED);
    }

    private static LdapConfig config(Wanted wanted) {
        return new LdapConfig(
                wanted.url,
                false,
                wanted.sockets,
                null,
                Secret.NONE,
                null,
                PEOPLE,
                "(uid=%u)",
                "uid",
                null,
                "",
                "cn",
                Set.of(),
                Map.of(),
                connectMillisMax,
                answerMillisMax);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a*b",
                "(a)",
                "a\\b",
                "a,b",
                "a+b=c",
                "\"a\"",
                "<a>;b",
                "#a",
                "a b",
                "\u00e4 \u4e2d",
                "a/b",
                "ou=a,b"
            })
    void namesWithSignsOfTheDirectoryLogIn(String name) {
        user(name, "sesame");
        assertThat(outcome(at(server.port()), name, "sesame")).isEqualTo(Outcome.ACCEPTED);
        assertThat(outcome(at(server.port()), name, "sesam")).isEqualTo(Outcome.REFUSED);
        assertThat(outcome(byName(), name, "sesame")).isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void groupsSayWhatTheirMembersMayDo() {
        String ann = server.person("ann", "sesame");
        String odd = server.person("a*(b),c", "sesame");
        server.person("zoe", "sesame");
        server.group("operators", ann, odd);
        server.group("admins", odd);
        for (LdapSource source : List.of(source(Wanted.search(server.port())), byName())) {
            Answer ofAnn = ask(source, "ann", "sesame");
            assertThat(ofAnn.grants().superuser()).isFalse();
            assertThat(ofAnn.grants().rules()).containsExactly(PLANT);
            assertThat(ask(source, "a*(b),c", "sesame").grants().superuser()).isTrue();
            assertThat(ask(source, "zoe", "sesame").grants().rules()).isEmpty();
        }
    }

    @Test
    void aFilterThatFindsTwoUsersRefusesNobodyForGood() {
        user("ann", "sesame");
        user("anna", "sesame");
        LdapSource source = source(Wanted.search(server.port()).filter("(uid=%u*)"));
        assertThat(outcome(source, "ann", "sesame")).isEqualTo(Outcome.FAILED);
        assertThat(outcome(source, "anna", "sesame")).isEqualTo(Outcome.ACCEPTED);
        assertThat(warnings()).hasSize(1).first().asString().contains("more than one user");
    }

    @Test
    void aFilterThatIsNoneRefusesNobodyForGood() {
        user("ann", "sesame");
        LdapSource source = source(Wanted.search(server.port()).filter("(uid=%u"));
        assertThat(outcome(source, "ann", "sesame")).isEqualTo(Outcome.FAILED);
    }

    @Test
    void encryptedConnectionsAreToTheServerThatIsMeant() {
        user("ann", "sesame");
        SSLSocketFactory trust = server.certificate().trust().getSocketFactory();
        SSLSocketFactory other = (SSLSocketFactory) SSLSocketFactory.getDefault();
        Wanted wanted = Wanted.search(server.port());
        String plain = "ldap://localhost:" + server.port();
        String encrypted = "ldaps://localhost:" + server.tlsPort();
        assertThat(outcome(source(wanted.withUrl(plain, true, trust)), "ann", "sesame"))
                .isEqualTo(Outcome.ACCEPTED);
        assertThat(outcome(source(wanted.withUrl(encrypted, false, trust)), "ann", "sesame"))
                .isEqualTo(Outcome.ACCEPTED);
        assertThat(outcome(source(wanted.withUrl(plain, true, other)), "ann", "sesame"))
                .isEqualTo(Outcome.FAILED);
        assertThat(outcome(source(wanted.withUrl(encrypted, false, other)), "ann", "sesame"))
                .isEqualTo(Outcome.FAILED);
        String notItsName = "ldaps://127.0.0.1:" + server.tlsPort();
        assertThat(outcome(source(wanted.withUrl(notItsName, false, trust)), "ann", "sesame"))
                .isEqualTo(Outcome.FAILED);
        assertThat(outcome(source(wanted.withUrl(OpenLdap.url(server.port()), true, trust)), "ann", "sesame"))
                .isEqualTo(Outcome.FAILED);
    }

    @Test
    void whatWouldBeTheSameForEverybodyIsAMistake() {
        assertThatThrownBy(() -> source(Wanted.search(1).filter("(uid=ann)")))
                .hasMessageContaining("neither %u nor %c");
        assertThatThrownBy(() -> source(Wanted.search(1).at("uid=ann"))).hasMessageContaining("neither %u nor %c");
    }

    @Test
    @Override
    protected void aPasswordOfTheNodeIsReadAnew() {
        super.aPasswordOfTheNodeIsReadAnew();
    }
}
