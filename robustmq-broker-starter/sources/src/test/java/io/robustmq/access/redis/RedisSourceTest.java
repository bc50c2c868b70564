/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.access.lookup.HashKind;
import io.robustmq.access.lookup.LookupSource;
import io.robustmq.access.lookup.Proofs;
import io.robustmq.access.lookup.Secret;
import io.robustmq.access.testing.Redis;
import io.robustmq.access.testing.RemoteSourceContract;
import io.robustmq.broker.access.CredentialSource;
import io.robustmq.broker.access.CredentialSource.Answer;
import io.robustmq.broker.access.CredentialSource.Outcome;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.AccessRule.Action;
import io.robustmq.protocol.AccessRule.Effect;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Users in hashes of a real Redis, as EMQX keeps them. */
class RedisSourceTest extends RemoteSourceContract {
    private static Redis server;

    @BeforeAll
    static void start() {
        server = new Redis();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static RedisConfig config(
            String host, int port, Secret password, @Nullable SSLSocketFactory sockets, String key) {
        return new RedisConfig(
                host, port, 0, null, password, sockets, key, "mqtt_acl:%u", 2, connectMillisMax, answerMillisMax);
    }

    private static LookupSource source(RedisConfig config, HashKind kind, HashKind.Salt salt) {
        return new LookupSource(
                RedisDirectory.NAME, new RedisDirectory(config), kind, salt, LIMITS, new Proofs(SystemRandom.INSTANCE));
    }

    @Override
    protected CredentialSource sourceAt(int port, Secret servicePassword) {
        return source(
                config("127.0.0.1", port, servicePassword, null, "mqtt_user:%u"), HashKind.PLAIN, HashKind.Salt.NONE);
    }

    @Override
    protected int serverPort() {
        return server.port();
    }

    @Override
    protected String servicePassword() {
        return Redis.PASSWORD;
    }

    @Override
    protected void user(String name, String password) {
        server.hash("mqtt_user:" + name, Map.of("password_hash", password));
    }

    @Test
    void hashesHaveTheirSaltBesideThem() {
        // printf saltsesame | sha256sum
        String hash = "fcc28a7d49fee2d1f9d5bf551f7554498a5fd92c7d1626b0b45e43221e8690cf";
        server.hash("mqtt_user:hal", Map.of("password_hash", hash, "salt", "salt", "is_superuser", "1"));
        CredentialSource source = open(source(
                config("127.0.0.1", server.port(), Secret.of(Redis.PASSWORD), null, "mqtt_user:%u"),
                HashKind.SHA256,
                HashKind.Salt.PREFIX));
        Answer answer = ask(source, "hal", "sesame");
        assertThat(answer.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(answer.grants().superuser()).isTrue();
        assertThat(outcome(source, "hal", "sesam")).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void rulesComeWithTheLogIn() {
        user("rob", "sesame");
        server.hash("mqtt_acl:rob", Map.of("a/#", "all", "b/+", "subscribe", "c/%c", "deny publish"));
        Answer answer = ask(at(server.port()), "rob", "sesame");
        assertThat(answer.grants().rules()).extracting(AccessRule::filter).containsExactly("a/#", "b/+", "c/%c");
        assertThat(answer.grants().rules())
                .extracting(AccessRule::action)
                .containsExactly(Action.ALL, Action.SUBSCRIBE, Action.PUBLISH);
        assertThat(answer.grants().rules())
                .extracting(AccessRule::effect)
                .containsExactly(Effect.ALLOW, Effect.ALLOW, Effect.DENY);
        server.hash("mqtt_acl:rob", Map.of("a/#", "perhaps"));
        assertThat(outcome(at(server.port()), "rob", "sesame")).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void aKeyThatIsNoHashRefusesItsUserOnly() {
        server.text("mqtt_user:text", "sesame");
        user("ann", "sesame");
        CredentialSource source = at(server.port());
        assertThat(outcome(source, "text", "sesame")).isEqualTo(Outcome.REFUSED);
        assertThat(warnings()).hasSize(1).first().asString().contains("user text cannot log in");
        assertThat(outcome(source, "ann", "sesame")).isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void encryptedConnectionsAreToTheServerThatIsMeant() throws Exception {
        user("ann", "sesame");
        SSLSocketFactory trust = server.certificate().trust().getSocketFactory();
        SSLSocketFactory other = SSLContext.getDefault().getSocketFactory();
        assertThat(overTls("localhost", trust)).isEqualTo(Outcome.ACCEPTED);
        assertThat(overTls("127.0.0.1", trust)).isEqualTo(Outcome.FAILED);
        assertThat(overTls("localhost", other)).isEqualTo(Outcome.FAILED);
    }

    private Outcome overTls(String host, SSLSocketFactory sockets) {
        RedisConfig config = config(host, server.tlsPort(), Secret.of(Redis.PASSWORD), sockets, "mqtt_user:%u");
        return outcome(open(source(config, HashKind.PLAIN, HashKind.Salt.NONE)), "ann", "sesame");
    }

    @Test
    void aKeyThatWouldBeTheSameForEverybodyIsAMistake() {
        RedisConfig config = config("h", 1, Secret.NONE, null, "mqtt_user");
        assertThatThrownBy(() -> new RedisDirectory(config)).hasMessageContaining("neither %u nor %c");
    }

    @Test
    @Override
    protected void aPasswordOfTheNodeIsReadAnew() {
        super.aPasswordOfTheNodeIsReadAnew();
    }
}
