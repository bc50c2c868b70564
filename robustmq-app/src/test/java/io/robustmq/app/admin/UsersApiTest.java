/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.OpenedAccess;
import io.robustmq.node.NodeContext;
import io.robustmq.protocol.AclPort;
import io.robustmq.protocol.BanPort;
import io.robustmq.protocol.UserPort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Mono;

/** Users and rules in the admin API. */
class UsersApiTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final OpenedAccess access = new OpenedAccess();
    private final NodeContext node = FakeNode.broker();
    private final UsersEndpoint users = new UsersEndpoint(new Ports(node));
    private final AclsEndpoint acls = new AclsEndpoint(new Ports(node));
    private final WebTestClient http = WebTestClient.bindToRouterFunction(
                    new UserRoutes(new Ports(node), "/actuator").routes())
            .configureClient()
            .responseTimeout(PATIENCE)
            .build();

    UsersApiTest() {
        node.put(UserPort.class, access.control().admin());
        node.put(AclPort.class, access.control().admin());
    }

    @AfterEach
    void close() {
        access.close();
    }

    private static WebEndpointResponse<Object> answer(Mono<WebEndpointResponse<Object>> operation) {
        WebEndpointResponse<Object> response = operation.block(PATIENCE);
        assertThat(response).isNotNull();
        return response;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> body(Mono<WebEndpointResponse<Object>> operation) {
        return (Map<String, Object>) answer(operation).getBody();
    }

    @SuppressWarnings("unchecked")
    private static List<Object> names(Map<String, Object> page, String field) {
        return ((List<Map<String, Object>>) page.get(field))
                .stream().map(row -> row.get("name")).toList();
    }

    private WebTestClient.ResponseSpec send(HttpMethod method, String path, String json) {
        return http.method(method)
                .uri("/actuator/" + path)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(json)
                .exchange();
    }

    private String told(HttpMethod method, String path, String json, int status) {
        String body = send(method, path, json)
                .expectStatus()
                .isEqualTo(status)
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
        assertThat(body).isNotNull().doesNotContain("sesame");
        return body;
    }

    @Test
    void usersAreAddedListedChangedAndDeletedWithoutTellingPasswords() {
        String ann = "{\"name\":\"ann\",\"password\":\"sesame\"}";
        assertThat(told(HttpMethod.POST, "users", ann, 201)).contains("\"hash\":\"argon2id\"", "\"scram\":true");
        told(HttpMethod.POST, "users", ann, 409);
        told(HttpMethod.POST, "users", "{\"name\":\"bob\"}", 400);
        told(HttpMethod.POST, "users", "{\"name\":\"bob\",\"hash\":\"sesame\"}", 400);
        told(HttpMethod.POST, "users", "{\"name\":\"bob\",\"password\":\"\"}", 400);
        String old = "{\"name\":\"bob\",\"superuser\":true,"
                + "\"hash\":\"$2b$05$abcdefghijklmnopqrstuuKcS.CYWVYVaLiiCKrrc0A5s3mGesJ9O\"}";
        assertThat(told(HttpMethod.POST, "users", old, 201)).contains("\"hash\":\"bcrypt\"", "\"scram\":false");
        assertThat(told(HttpMethod.PATCH, "users/bob", "{\"password\":\"sesame2\"}", 200))
                .contains("\"scram\":true", "\"superuser\":true");
        told(HttpMethod.PATCH, "users/eve", "{\"password\":\"sesame\"}", 404);
        told(HttpMethod.PATCH, "users/bob", "{}", 400);
        Map<String, Object> page = body(users.list(null, null, 1, null));
        assertThat(names(page, "users")).containsExactly("ann");
        assertThat(page).containsEntry("total", 2).containsEntry("next", "ann");
        assertThat(names(body(users.list("o", null, null, null)), "users")).containsExactly("bob");
        assertThat(body(users.show("ann", null)))
                .containsOnlyKeys("name", "superuser", "hash", "scram", "created", "changed");
        assertThat(answer(users.delete("ann", null)).getStatus()).isEqualTo(204);
        assertThat(answer(users.delete("ann", null)).getStatus()).isEqualTo(404);
        assertThat(answer(users.show("ann", null)).getStatus()).isEqualTo(404);
    }

    @Test
    void bansAreAddedListedAndDeleted() {
        node.put(BanPort.class, access.control().admin());
        BlacklistEndpoint blacklist = new BlacklistEndpoint(new Ports(node));
        String ban = "{\"who\":\"address\",\"value\":\"10.0.0.0/8\",\"for\":\"30m\",\"reason\":\"noise\"}";
        assertThat(told(HttpMethod.POST, "blacklist", ban, 201)).contains("\"reason\":\"noise\"", "\"until\":\"");
        told(HttpMethod.POST, "blacklist", ban, 201);
        told(HttpMethod.POST, "blacklist", ban.replace("30m", "soon"), 400);
        told(HttpMethod.POST, "blacklist", ban.replace("10.0.0.0/8", "here"), 400);
        told(HttpMethod.POST, "blacklist", ban.replace("address", "all"), 400);
        assertThat(body(blacklist.list(null, null, null, null)).get("blacklist").toString())
                .contains("10.0.0.0/8");
        assertThat(answer(blacklist.delete("address", "10.0.0.0/8", null)).getStatus())
                .isEqualTo(204);
        assertThat(answer(blacklist.delete("address", "10.0.0.0/8", null)).getStatus())
                .isEqualTo(404);
        assertThat(answer(blacklist.delete("nobody", "x", null)).getStatus()).isEqualTo(400);
    }

    @Test
    void rulesAreAddedTestedListedAndDeleted() {
        access.user("ann", "sesame");
        String rule = "{\"name\":\"r\",\"effect\":\"allow\",\"who\":\"user\",\"value\":\"ann\",\"action\":\"publish\","
                + "\"filter\":\"a/#\",\"qos\":[0,1],\"retain\":false}";
        assertThat(told(HttpMethod.POST, "acls", rule, 201)).contains("\"qos\":[0,1]", "\"retain\":false");
        told(HttpMethod.POST, "acls", rule, 409);
        told(HttpMethod.POST, "acls", rule.replace("\"a/#\"", "\"a/#/b\"").replace("\"r\"", "\"s\""), 400);
        told(HttpMethod.POST, "acls", rule.replace("allow", "maybe"), 400);
        told(HttpMethod.POST, "acls", rule.replace("[0,1]", "[3]"), 400);
        String question = "{\"user\":\"ann\",\"action\":\"publish\",\"subject\":\"a/b\",\"qos\":1}";
        assertThat(told(HttpMethod.POST, "acls/test", question, 200)).contains("\"allowed\":true", "\"rule\":\"r\"");
        assertThat(told(HttpMethod.POST, "acls/test", question.replace("\"qos\":1", "\"qos\":2"), 200))
                .contains("\"allowed\":false", "no rule allows it");
        assertThat(told(HttpMethod.POST, "acls/test", question.replace("ann", "bob"), 200))
                .contains("\"allowed\":false");
        assertThat(names(body(acls.list(null, null, null, null)), "acls")).containsExactly("r");
        assertThat(names(body(acls.list("nothing", null, null, null)), "acls")).isEmpty();
        assertThat(answer(acls.delete("r", null)).getStatus()).isEqualTo(204);
        assertThat(answer(acls.delete("r", null)).getStatus()).isEqualTo(404);
    }
}
