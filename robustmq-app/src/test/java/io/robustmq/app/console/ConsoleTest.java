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
import java.util.concurrent.TimeUnit;
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
            // Another test may have guessed from the same address.
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (answer.status() == 429 && System.nanoTime() < deadline) {
                answer = post("/console/login", Map.of("name", name, "password", password));
            }
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
            "quotas",
            "admins",
            "tokens",
            "alarms",
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

    private static Browser with(String name, String role) {
        Browser admin = admin();
        Answer made = admin.post(
                "/console/admins/do/add", Map.of("name", name, "role", role, "password", "staple " + PASSWORD));
        assertThat(made.status()).as(made.body()).isEqualTo(303);
        return new Browser().login(name, "staple " + PASSWORD);
    }

    @Test
    void formsOfOthersDoNothing() {
        Browser browser = admin();
        Map<String, String> user = Map.of("name", "mallory", "password", "open sesame");
        assertThat(browser.postAsItIs("/console/users/do/add", user).status()).isEqualTo(403);
        Map<String, String> stolen = new LinkedHashMap<>(user);
        stolen.put("form-token", new Browser().token());
        assertThat(browser.postAsItIs("/console/users/do/add", stolen).status())
                .as("a token of another browser")
                .isEqualTo(403);
        Browser nobody = new Browser();
        assertThat(nobody.post("/console/users/do/add", user).status()).isEqualTo(303);
        assertThat(browser.get("/console/users").body()).doesNotContain("mallory");
        assertThat(node.remote("PUT", "/console/users", "{}", "Cookie: " + browser.cookie)
                        .status())
                .isEqualTo(405);
    }

    @Test
    void whatIsDoneIsDoneByTheApiAndWrittenDownThere() {
        Browser browser = admin();
        Answer done = browser.post("/console/users/do/add", Map.of("name", "bob", "password", "open sesame"));
        assertThat(done.head()).contains("/console/users?done=add");
        assertThat(browser.get("/console/users?done=add").body()).contains("The user was added.", "bob");
        assertThat(browser.get("/console/users?done=" + encoded(HARM)).body()).doesNotContain("alert(");
        assertThat(browser.post("/console/users/do/delete", Map.of("name", "bob"))
                        .status())
                .isEqualTo(303);
        Answer again = browser.post("/console/users/do/delete", Map.of("name", "bob"));
        assertThat(again.status()).as("in the API's words").isEqualTo(404);
        assertThat(again.body()).contains("role=\"alert\"", "bob", "What to do:");
        assertThat(browser.post("/console/logout", Map.of()).status()).isEqualTo(303);
        String audit = node.local("GET", "/actuator/audit", null).body();
        assertThat(audit)
                .contains("\"method\":\"LOGIN\"", "\"method\":\"LOGOUT\"", "\"way\":\"session\"")
                .contains("\"path\":\"/actuator/users\"", "\"path\":\"/actuator/users/bob\"")
                .doesNotContain("open sesame", "/console/");
    }

    @Test
    void aRefusedFormStaysAsItWasFilled() {
        Answer refused = admin().post("/console/acls/do/add", Map.of("name", HARM, "effect", "allow"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body())
                .contains(
                        "Filter is missing", "open=\"open\"", "value=\"&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;")
                .doesNotContain("<script>alert");
        Answer number = admin().post("/console/topics/do/create", Map.of("name", "x", "partitions", "many"));
        assertThat(number.body()).contains("Partitions is a number, not &#39;many&#39;");
    }

    @Test
    void whatMeansHarmIsText() {
        Browser browser = admin();
        assertThat(browser.post("/console/blacklist/do/add", Map.of("who", "client-id", "value", HARM, "reason", HARM))
                        .status())
                .isEqualTo(303);
        for (String page : List.of("blacklist", "blacklist?filter=" + encoded(HARM), "audit")) {
            assertThat(browser.get("/console/" + page).body())
                    .contains("&lt;script&gt;")
                    .doesNotContain("<script>alert");
        }
    }

    @Test
    void whoMayLookMayOnlyLook() {
        Browser viewer = with("vera", "viewer");
        String topics = viewer.get("/console/topics").body();
        assertThat(topics).contains("Log out", "vera").doesNotContain("Create a topic", "/console/users");
        assertThat(viewer.get("/console/users").status()).isEqualTo(403);
        assertThat(viewer.get("/console/audit").body()).contains("needs the role admin");
        Answer refused = viewer.post("/console/topics/do/create", Map.of("name", "mine"));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body()).contains("POST /actuator/topics needs the role operator");
        Browser operator = with("oscar", "operator");
        assertThat(operator.get("/console/topics").body()).contains("Create a topic");
        assertThat(operator.post("/console/topics/do/create", Map.of("name", "mine"))
                        .status())
                .isEqualTo(303);
        assertThat(operator.post("/console/admins/do/add", Map.of("name", "x", "role", "admin"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aChangedAccountIsAnotherOneAtOnce() {
        Browser eve = with("eve", "operator");
        Browser admin = admin();
        admin.post("/console/admins/do/change", Map.of("name", "eve", "role", "viewer"));
        assertThat(eve.get("/console/topics").body()).doesNotContain("Create a topic");
        admin.post("/console/admins/do/change", Map.of("name", "eve", "password", "another " + PASSWORD));
        assertThat(eve.get("/console/topics").status()).isEqualTo(303);
        Browser again = new Browser().login("eve", "another " + PASSWORD);
        admin.post("/console/admins/do/delete", Map.of("name", "eve"));
        assertThat(again.get("/console/topics").status()).isEqualTo(303);
        Answer made = admin.post("/console/admins/do/add", Map.of("name", "eve", "role", "viewer"));
        assertThat(made.body()).as("a password that nobody chose").contains("shown once", "class=\"secret\"");
    }

    @Test
    void guessingIsSlow() {
        String[] proxied = {"X-Forwarded-For: 192.0.2.7"};
        Answer form = node.local("GET", "/console/login", null, proxied);
        Matcher token = TOKEN.matcher(form.body());
        assertThat(token.find()).isTrue();
        String cookie = form.head().replaceFirst("(?s).*(robustmq-console=[a-z0-9]+).*", "Cookie: $1");
        Answer last = form;
        for (int i = 0; i < 6; i++) {
            last = node.form(
                    "/console/login",
                    "name=admin&password=guess" + i + "&form-token=" + token.group(1),
                    proxied[0],
                    cookie);
            assertThat(last.status()).isIn(401, 429);
            assertThat(last.body()).contains("role=\"alert\"").doesNotContain("guess" + i);
        }
        assertThat(last.status()).isEqualTo(429);
        assertThat(last.head()).contains("Retry-After: 1");
    }

    @Test
    void theLogInLeadsToPagesOfOursOnly() {
        Map<String, String> form = new LinkedHashMap<>(Map.of("name", "admin", "password", PASSWORD));
        form.put("next", "/console/topics?filter=x");
        assertThat(new Browser().post("/console/login", form).head()).contains("/console/topics?filter=x");
        for (String next : List.of("//evil.example", "http://evil.example", "/console/\\evil", "/console/login")) {
            form.put("next", next);
            assertThat(new Browser().post("/console/login", form).head())
                    .containsPattern("(?im)^location: /console/\r?$");
        }
        Answer part = node.remote("GET", "/console/news", null, "HX-Request: true");
        assertThat(part.status()).isEqualTo(401);
        assertThat(part.head()).contains("HX-Redirect: /console/login");
    }

    @Test
    void onThisMachineItIsAsOpenAsTheApi() {
        Answer page = node.local("GET", "/console/users", null);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("loopback", "Add a user").doesNotContain("Log out");
        assertThat(node.local("GET", "/console/users", null, "Sec-Fetch-Site: cross-site")
                        .status())
                .isEqualTo(303);
        assertThat(node.local("GET", "/", null, "Accept: text/html").head()).contains("/console/");
        assertThat(node.remote("GET", "/", null, "Accept: text/html").status()).isEqualTo(401);
    }

    @Test
    void filesAreThoseOfThePagesAndNoOthers() {
        assertThat(node.remote("GET", "/console/static/htmx.min.js", null).head())
                .contains("text/javascript", "immutable", "nosniff");
        assertThat(node.remote("GET", "/console/static/console.css", null).body())
                .contains("prefers-color-scheme");
        for (String path : List.of("x.css", "..%2f..%2fapplication.yaml", "%2e%2e/templates/list.html")) {
            assertThat(node.remote("GET", "/console/static/" + path, null).status())
                    .as(path)
                    .isNotEqualTo(200);
        }
    }
}
