/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.app.ctl.MosquittoFiles.Line;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MosquittoFilesTest {

    @Test
    void usersKeepTheirHashes() {
        List<Line> lines = MosquittoFiles.users(List.of(
                "# users", "", "roger:$7$101$K/N+wUGD1oowqFoP$frYm==", "plain:secret", "nothing", "with:colon:$6$a$b"));
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0).body()).isEqualTo(Map.of("name", "roger", "hash", "$7$101$K/N+wUGD1oowqFoP$frYm=="));
        assertThat(lines.get(1).problem()).contains("not hashed").doesNotContain("secret");
        assertThat(lines.get(2).problem()).contains("no name and hash");
        assertThat(lines.get(3).problem()).contains("not hashed");
    }

    @Test
    void rulesMeanWhatTheyMeant() {
        List<Line> lines = MosquittoFiles.acls(
                List.of(
                        "# anonymous",
                        "topic read $SYS/#",
                        "user roger bacon",
                        "topic deny secret/#",
                        "topic home with spaces/+",
                        "topic write a/b",
                        "pattern readwrite dev/%c/#",
                        "topic read a/*/b",
                        "topic read a/*/#",
                        "nonsense x",
                        "topic"),
                "m");
        assertThat(lines.get(0).body())
                .containsEntry("who", "anonymous")
                .containsEntry("effect", "allow")
                .containsEntry("action", "subscribe")
                .containsEntry("name", "m-2")
                .containsEntry("filter", "$SYS/#");
        assertThat(lines.get(1).body())
                .containsEntry("who", "user")
                .containsEntry("value", "roger bacon")
                .containsEntry("effect", "deny")
                .containsEntry("action", "all");
        assertThat(lines.get(2).body())
                .containsEntry("filter", "home with spaces/+")
                .containsEntry("action", "all");
        assertThat(lines.get(3).body()).containsEntry("action", "publish");
        assertThat(lines.get(4).body()).containsEntry("who", "all").containsEntry("filter", "dev/%c/#");
        assertThat(lines.get(5).body()).containsEntry("match", "literal");
        assertThat(lines.subList(6, 9))
                .allSatisfy(line -> assertThat(line.problem()).isNotNull());
    }
}
