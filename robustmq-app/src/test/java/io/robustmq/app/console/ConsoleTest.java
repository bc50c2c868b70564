/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.app.access.NodeInProcess;
import io.robustmq.app.access.NodeInProcess.Answer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One node, and its pages as HTTP has them: who sees what, what forms do, and what becomes of text that means harm. */
class ConsoleTest {
    private static final String PASSWORD = "correct horse battery";
    private static final String HARM = "<script>alert('x')</script>\"'";
    private static final Pattern TOKEN = Pattern.compile("name=\"form-token\" value=\"([0-9a-f]{64})\"");

    @TempDir
    static Path directory;

    private static NodeInProcess node;

    @BeforeAll
    static void start() throws IOException {
        Path password = Files.writeString(directory.resolve("password"), PASSWORD);
        node = NodeInProcess.start(
                directory.resolve("data"), Map.of("robustmq.admin.password-file", password.toString()));
        node.awaitConsole("has the password of robustmq.admin.password-file");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    /** A browser off the machine: its cookie, and the token of its forms. Confined to the test. */
    private static final class Browser {
        private @Nullable String cookie;

        Answer get(String path) {
            return kept(node.remote("GET", path, null, headers()));
        }

        Answer post(String path, Map<String, String> fields) {
            Map<String, String> all = new LinkedHashMap<>(fields);
            all.putIfAbsent("form-token", token());
            return postAsItIs(path, all);
        }

        Answer postAsItIs(String path, Map<String, String> fields) {
            String form = String.join(
                    "&",
                    fields.entrySet().stream()
                            .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
                            .toList());
            return kept(node.remoteForm(path, form, headers()));
        }

        String token() {
            Matcher found = TOKEN.matcher(get("/console/login").body());
            assertThat(found.find()).isTrue();
            return found.group(1);
        }

        Browser login(String name, String password) {
            Answer answer = post("/console/login", Map.of("name", name, "password", password));
            assertThat(answer.status()).as(answer.body()).isEqualTo(303);
            return this;
        }

        private String[] headers() {
            return cookie == null ? new String[0] : new String[] {"Cookie: " + cookie};
        }

        private Answer kept(Answer answer) {
            answer.head()
                    .lines()
                    .filter(line -> line.regionMatches(true, 0, "set-cookie: ", 0, 12))
                    .forEach(line -> cookie = line.substring(12).split(";")[0]);
            return answer;
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Browser admin() {
        return new Browser().login("admin", PASSWORD);
    }

    private static final List<String> PAGES = List.of(
            "",
            "topics",
            "shards",
            "groups",
            "shared",
            "retained",
            "delayed",
            "connections",
            "sessions",
            "subscriptions",
            "users",
            "acls",
            "blacklist",
            "admins",
            "tokens",
            "config",
            "audit");

    @Test
    void strangersAreSentToTheFormAndSeeNothing() {
        for (String page : PAGES) {
            Answer answer = node.remote("GET", "/console/" + page, null);
            assertThat(answer.status()).as(page).isEqualTo(303);
            assertThat(answer.head()).contains("/console/login?next=/console/" + page);
            assertThat(answer.body()).isEmpty();
        }
        assertThat(new Browser().get("/console/login").body())
                .contains("<h1>Log in</h1>")
                .doesNotContain("Topics");
    }

    @Test
    void everyPageIsThereForAnAdministrator() {
        Browser browser = admin();
        for (String page : PAGES) {
            Answer answer = browser.get("/console/" + page);
            assertThat(answer.status()).as(page + answer.body()).isEqualTo(200);
            assertThat(answer.head())
                    .contains("Content-Security-Policy: default-src 'none'; script-src 'self'")
                    .contains("X-Frame-Options: DENY", "no-store", "text/html");
            assertThat(answer.body()).as(page).contains("</html>", "Log out").doesNotContain("role=\"alert\"");
        }
    }

    @Test
    void theCookieIsOnlyForThisAndOnlyForForms() {
        Answer form = node.remote("GET", "/console/login", null);
        assertThat(form.head().toLowerCase(java.util.Locale.ROOT))
                .contains("set-cookie: robustmq-console=", "path=/console", "httponly", "samesite=strict");
        Browser browser = admin();
        assertThat(node.remote("GET", "/actuator/topics", null, "Cookie: " + browser.cookie)
                        .status())
                .as("the API does not believe cookies")
                .isEqualTo(401);
    }
}
