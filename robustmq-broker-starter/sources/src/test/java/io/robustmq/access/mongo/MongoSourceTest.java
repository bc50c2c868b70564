/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.robustmq.access.lookup.HashKind;
import io.robustmq.access.lookup.LookupSource;
import io.robustmq.access.lookup.Proofs;
import io.robustmq.access.lookup.Secret;
import io.robustmq.access.testing.Certificate;
import io.robustmq.access.testing.Program;
import io.robustmq.access.testing.RemoteSourceContract;
import io.robustmq.broker.access.CredentialSource;
import io.robustmq.broker.access.CredentialSource.Answer;
import io.robustmq.broker.access.CredentialSource.Outcome;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.AccessRule.Effect;
import javax.net.ssl.SSLContext;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Users in documents, of a server in this process that speaks MongoDB's protocol. It has no users of its own. */
class MongoSourceTest extends RemoteSourceContract {
    private static final String NO_ACCOUNT = "mongo-service-secret";
    private static MongoServer server;
    private static MongoClient client;

    @BeforeAll
    static void start() {
        server = new MongoServer(new MemoryBackend());
        server.bind("127.0.0.1", 0);
        client = MongoClients.create(uri(server.getLocalAddress().getPort()));
    }

    @AfterAll
    static void stop() {
        client.close();
        server.shutdownNow();
    }

    private static String uri(int port) {
        return "mongodb://127.0.0.1:" + port;
    }

    private static MongoCollection<Document> collection(String name) {
        return client.getDatabase("mqtt").getCollection(name);
    }

    /** Asks on {@code localhost} a server with a certificate. */
    private static Outcome overTls(Certificate certificate, SSLContext trust) {
        MongoServer encrypted = new MongoServer(new MemoryBackend());
        try {
            encrypted.enableSsl(certificate.privateKey(), null, certificate.certificate());
            encrypted.bind("127.0.0.1", 0);
            MongoConfig config = new MongoConfig(
                    "mongodb://localhost:" + encrypted.getLocalAddress().getPort(),
                    "mqtt",
                    null,
                    Secret.NONE,
                    "admin",
                    trust,
                    "users",
                    "{username: '%u'}",
                    "acl",
                    null,
                    2,
                    connectMillisMax,
                    answerMillisMax);
            try (LookupSource source = source(config)) {
                return outcome(source, "ann", "sesame");
            }
        } finally {
            encrypted.shutdownNow();
        }
    }

    @Test
    void encryptedConnectionsAreToTheServerThatIsMeant() throws Exception {
        try (Program directory = new Program("mongodb", null)) {
            Certificate right = new Certificate(directory);
            Certificate ofAnother = new Certificate(directory, "db.example");
            assertThat(overTls(right, right.trust())).isEqualTo(Outcome.UNKNOWN);
            impatient();
            assertThat(overTls(ofAnother, ofAnother.trust())).isEqualTo(Outcome.FAILED);
            assertThat(overTls(right, SSLContext.getDefault())).isEqualTo(Outcome.FAILED);
        }
    }

    private static MongoConfig config(String uri, String password, String filter, String aclFilter) {
        return new MongoConfig(
                uri,
                "mqtt",
                password.equals(NO_ACCOUNT) ? null : "robustmq",
                Secret.of(password),
                "admin",
                null,
                "users",
                filter,
                "acl",
                aclFilter,
                2,
                connectMillisMax,
                answerMillisMax);
    }

    private static LookupSource source(MongoConfig config) {
        return new LookupSource(
                MongoDirectory.NAME,
                new MongoDirectory(config),
                HashKind.PLAIN,
                HashKind.Salt.NONE,
                LIMITS,
                new Proofs(SystemRandom.INSTANCE));
    }

    @Override
    protected CredentialSource sourceAt(int port, Secret servicePassword) {
        return source(config(uri(port), servicePassword.text(), "{username: '%u'}", "{username: '%u'}"));
    }

    @Override
    protected int serverPort() {
        return server.getLocalAddress().getPort();
    }

    @Override
    protected String servicePassword() {
        return NO_ACCOUNT;
    }

    @Override
    protected void user(String name, String password) {
        document(new Document("username", name).append("password_hash", password));
    }

    private static void document(Document user) {
        collection("users").deleteMany(Filters.eq("username", user.getString("username")));
        collection("users").insertOne(user);
    }

    @Test
    void rulesComeWithTheLogIn() {
        user("rob", "sesame");
        collection("acl").deleteMany(new Document());
        collection("acl")
                .insertOne(Document.parse(
                        "{username: 'rob', permission: 'allow', action: 'all', topics: ['a/#', 'b/#']}"));
        collection("acl")
                .insertOne(
                        Document.parse(
                                "{username: 'rob', permission: 'deny', action: 'publish', topic: 'a/x', qos: [1, 2], retain: true}"));
        Answer answer = ask(at(serverPort()), "rob", "sesame");
        assertThat(answer.grants().rules()).extracting(AccessRule::filter).containsExactly("a/#", "b/#", "a/x");
        assertThat(answer.grants().rules())
                .extracting(AccessRule::action)
                .containsExactly(Action.ALL, Action.ALL, Action.PUBLISH);
        assertThat(answer.grants().rules())
                .extracting(AccessRule::effect)
                .containsExactly(Effect.ALLOW, Effect.ALLOW, Effect.DENY);
        assertThat(answer.grants().rules())
                .extracting(AccessRule::qosMask)
                .containsExactly(AccessRule.ANY_QOS, AccessRule.ANY_QOS, 0b110);
        assertThat(answer.grants().rules()).extracting(AccessRule::retain).containsExactly(null, null, true);
        collection("acl").insertOne(Document.parse("{username: 'rob', action: {$x: 1}, topic: 'a'}"));
        assertThat(outcome(at(serverPort()), "rob", "sesame")).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void whatADocumentHasInstead() {
        document(Document.parse("{username: 'sue', password: 'sesame', is_superuser: true}"));
        document(Document.parse("{username: 'num', password_hash: 12345678, is_superuser: 1}"));
        document(Document.parse("{username: 'none'}"));
        document(Document.parse("{username: 'odd', password_hash: {$x: 1}}"));
        CredentialSource source = at(serverPort());
        assertThat(ask(source, "sue", "sesame").grants().superuser()).isTrue();
        assertThat(ask(source, "num", "12345678").grants().superuser()).isTrue();
        assertThat(outcome(source, "none", "sesame")).isEqualTo(Outcome.REFUSED);
        assertThat(outcome(source, "odd", "sesame")).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void aFilterThatFindsTwoUsersRefusesNobodyForGood() {
        user("ann", "sesame");
        user("bob", "sesame");
        String both = "{$or: [{username: '%u'}, {username: 'bob'}]}";
        assertThat(outcome(open(source(config(uri(serverPort()), NO_ACCOUNT, both, both))), "ann", "sesame"))
                .isEqualTo(Outcome.FAILED);
        client.getDatabase("mqtt").getCollection("users").deleteMany(Filters.eq("username", "bob"));
    }

    @Test
    void secretsDoNotBelongIntoTheUri() {
        MongoConfig config = config("mongodb://robustmq:hidden@h", NO_ACCOUNT, "{username: '%u'}", "{username: '%u'}");
        assertThatThrownBy(() -> new MongoDirectory(config))
                .hasMessageContaining("not part of the URI")
                .hasMessageNotContaining("hidden");
    }
}
