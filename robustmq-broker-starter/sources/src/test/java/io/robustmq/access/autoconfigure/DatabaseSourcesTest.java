/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.access.testing.Certificate;
import io.robustmq.access.testing.Program;
import io.robustmq.broker.access.CredentialSource;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemMemoryBudget;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.node.NodeContext;
import io.robustmq.node.NodeIdentity;
import io.robustmq.node.Role;
import io.robustmq.node.StartRefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Sources that ask servers, as they are configured. None of the servers is there, which does not matter at the start. */
class DatabaseSourcesTest {
    private static final String[] JDBC = {
        "jdbc.url=jdbc:postgresql://127.0.0.1:1/mqtt", "jdbc.query=select password_hash from u where n = %u"
    };

    @TempDir
    Path directory;

    private ApplicationContextRunner runner(String... keys) {
        NodeContext node = new NodeContext(
                new NodeIdentity("test", new NodeId(1), Set.of(Role.BROKER)),
                directory,
                SystemClock.INSTANCE,
                SystemRandom.INSTANCE,
                new SystemMemoryBudget(1 << 20),
                () -> {
                    throw new IllegalStateException("nothing here needs loops");
                });
        ApplicationContextRunner runner = new ApplicationContextRunner()
                .withBean(NodeContext.class, () -> node)
                .withConfiguration(AutoConfigurations.of(
                        JdbcSourceAutoConfiguration.class,
                        LdapSourceAutoConfiguration.class,
                        RedisSourceAutoConfiguration.class,
                        MongoSourceAutoConfiguration.class));
        for (String key : keys) {
            runner = runner.withPropertyValues("robustmq.access.sources." + key);
        }
        return runner;
    }

    private static String[] with(String[] keys, String... more) {
        String[] all = java.util.Arrays.copyOf(keys, keys.length + more.length);
        System.arraycopy(more, 0, all, keys.length, more.length);
        return all;
    }

    private void refuses(String says, String advises, String... keys) {
        runner(keys).run(context -> {
            Throwable cause = context.getStartupFailure();
            while (cause != null && !(cause instanceof StartRefusedException)) {
                cause = cause.getCause();
            }
            assertThat(cause).as(says).isInstanceOf(StartRefusedException.class).hasMessageContaining(says);
            assertThat(((StartRefusedException) cause).action()).contains(advises);
            assertThat(cause.getMessage()).doesNotContain("hidden");
        });
    }

    @Test
    void withoutAnythingSaidThereIsNoSource() {
        runner().run(context -> assertThat(context).doesNotHaveBean(CredentialSource.class));
    }

    @Test
    void eachIsThereWhenSomethingIsSaidAboutIt() {
        runner(with(
                        JDBC,
                        "ldap.url=ldap://127.0.0.1:1",
                        "ldap.search-base=ou=people",
                        "ldap.groups[0].name=operators",
                        "ldap.groups[0].rules[0]=deny publish plant/secret/#",
                        "ldap.timeout=1500ms",
                        "redis.host=127.0.0.1",
                        "redis.acl-key=acl:%u",
                        "redis.concurrency=3",
                        "mongodb.uri=mongodb://127.0.0.1:1",
                        "mongodb.database=mqtt",
                        "mongodb.on-failure=next"))
                .run(context -> {
                    List<CredentialSource> sources = context.getBeanProvider(CredentialSource.class).stream()
                            .toList();
                    assertThat(sources)
                            .extracting(CredentialSource::name)
                            .containsExactlyInAnyOrder("jdbc", "ldap", "redis", "mongodb");
                    assertThat(sources)
                            .extracting(CredentialSource::timeoutMillis)
                            .contains(1_500L, 5_000L);
                    assertThat(sources)
                            .extracting(CredentialSource::concurrencyMax)
                            .contains(3, 4, 8);
                    assertThat(sources)
                            .extracting(CredentialSource::passesOnFailure)
                            .containsOnlyOnce(true);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jdbc.query|select p from u where n = %u|jdbc.acl-query|select t from a where n = %u and t = %t|false",
                "jdbc.query|select p from u where n = %u and t = %t|jdbc.acl-query|select t from a where n = %u|true",
                "redis.key|user:%u|redis.acl-key|acl:%t:%u|false",
                "redis.key|user:%t:%u|redis.acl-key|acl:%u|true",
                "mongodb.filter|{n: '%u'}|mongodb.acl-filter|{n: '%u', t: '%t'}|false",
                "mongodb.filter|{n: '%u', t: '%t'}|mongodb.acl-filter|{n: '%u'}|true",
                "ldap.search-filter|(uid=%u)|ldap.group-filter|(&(o=%t)(member=%d))|false",
                "ldap.search-filter|(&(o=%t)(uid=%u))|ldap.group-filter|(member=%d)|true",
            })
    void aUserIsOfATenantWhenItIsFoundByThat(String find, String how, String rules, String which, boolean knows) {
        String[] needed = {
            "jdbc.url=jdbc:postgresql://h/d",
            "redis.host=h",
            "mongodb.uri=mongodb://h",
            "mongodb.database=d",
            "ldap.url=ldap://h",
            "ldap.search-base=ou=people"
        };
        String[] ofThis = java.util.Arrays.stream(needed)
                .filter(each -> each.startsWith(find.substring(0, find.indexOf('.'))))
                .toArray(String[]::new);
        runner(with(ofThis, find + "=" + how, rules + "=" + which))
                .run(context -> assertThat(
                                context.getBean(CredentialSource.class).knowsTenants())
                        .isEqualTo(knows));
    }

    @Test
    void whatIsMissingIsNamed() {
        refuses("jdbc cannot be used: url is not set", "examples", "jdbc.user=x");
        refuses("jdbc cannot be used: query is not set", "examples", JDBC[0]);
        refuses("neither user-dn nor search-base", "examples", "ldap.url=ldap://h");
        refuses("url is not set", "examples", "ldap.search-base=ou=people");
        refuses("host is not set", "examples", "redis.port=6379");
        refuses("database is not set", "examples", "mongodb.uri=mongodb://h");
    }

    @Test
    void whatCannotWorkIsRefused() {
        refuses("begins with jdbc:postgresql:", "examples", "jdbc.url=jdbc:oracle:x", JDBC[1]);
        refuses("not part of the URL", "examples", "jdbc.url=jdbc:postgresql://h/d?password=hidden", JDBC[1]);
        refuses("not part of the URI", "examples", "mongodb.uri=mongodb://u:hidden@h", "mongodb.database=d");
        refuses("neither %u nor %c", "examples", JDBC[0], "jdbc.query=select 1");
        refuses("is no document", "examples", "mongodb.uri=mongodb://h", "mongodb.database=d", "mongodb.filter=%u");
        refuses("neither %u nor %c", "examples", "redis.host=h", "redis.key=mqtt_user");
        refuses(
                "a permission is allow or deny",
                "examples",
                "ldap.url=ldap://h",
                "ldap.search-base=ou=people",
                "ldap.groups[0].name=operators",
                "ldap.groups[0].rules[0]=permit publish plant/#");
        refuses("jdbc.password and ", "Keep one", with(JDBC, "jdbc.password=hidden", "jdbc.password-file=x"));
    }

    @Test
    void aDriverThatIsNotThereIsNamedWithItsPlace() {
        refuses("jdbc:mysql: is configured", "mysql-connector-j.jar", "jdbc.url=jdbc:mysql://h/d", JDBC[1]);
    }

    @Test
    void filesHaveToBeThere() throws IOException {
        Path none = directory.resolve("none");
        refuses("which cannot be read", "who may read", with(JDBC, "jdbc.password-file=" + none));
        refuses(
                "which cannot be read",
                "who may read",
                "ldap.url=ldaps://h",
                "ldap.user-dn=uid=%u",
                "ldap.ca-file=" + none);
        Path nothing = Files.writeString(directory.resolve("nothing.pem"), "hidden");
        refuses("certificate", "in PEM", "ldap.url=ldaps://h", "ldap.user-dn=uid=%u", "ldap.ca-file=" + nothing);
        Path password = Files.writeString(directory.resolve("password"), "hidden\n");
        runner(with(JDBC, "jdbc.password-file=" + password))
                .run(context -> assertThat(context).hasSingleBean(CredentialSource.class));
    }

    /** Each example of docs/security.md starts a source, with files of this test in the place of those that it names. */
    @Test
    void theExamplesOfTheManualWork() throws IOException {
        String page = Files.readString(Path.of("../../docs/security.md"));
        Matcher examples = Pattern.compile(
                        "```yaml\n(robustmq\\.access\\.sources\\.(jdbc|ldap|redis|mongodb):.*?)```", Pattern.DOTALL)
                .matcher(page);
        String password =
                Files.writeString(directory.resolve("password"), "secret").toString();
        List<String> started = new ArrayList<>();
        try (Program program = new Program("examples", null)) {
            String ca = new Certificate(program).file().toString();
            while (examples.find()) {
                PropertySource<?> example = new YamlPropertySourceLoader()
                        .load("example", new ByteArrayResource(examples.group(1).getBytes(StandardCharsets.UTF_8)))
                        .get(0);
                String prefix = examples.group(2) + ".";
                ApplicationContextRunner runner = runner(
                        switch (examples.group(2)) {
                            case "ldap" ->
                                new String[] {prefix + "bind-password-file=" + password, prefix + "ca-file=" + ca};
                            case "jdbc" -> new String[] {prefix + "password-file=" + password};
                            default -> new String[] {prefix + "password-file=" + password, prefix + "ca-file=" + ca};
                        });
                runner.withInitializer(context ->
                                context.getEnvironment().getPropertySources().addLast(example))
                        .run(context -> started.add(
                                context.getBean(CredentialSource.class).name()));
            }
        }
        assertThat(started).containsExactly("jdbc", "ldap", "redis", "mongodb");
    }
}
