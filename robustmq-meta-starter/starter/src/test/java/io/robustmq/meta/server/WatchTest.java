/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.server;

import static io.robustmq.meta.server.TestNode.await;
import static io.robustmq.meta.server.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Cancellable;
import io.robustmq.meta.client.ClusterMetaClient;
import io.robustmq.meta.client.Documents;
import io.robustmq.meta.client.Documents.Change;
import io.robustmq.meta.client.Documents.Event;
import io.robustmq.meta.client.Documents.Key;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A watch tells every change once and in order, wherever it is resumed. */
class WatchTest {
    @TempDir
    Path dataDir;

    private final List<String> told = new CopyOnWriteArrayList<>();

    private static Key key(String name) {
        return new Key("data.job", "default", name);
    }

    private static Change put(String name, int bytes) {
        return new Change.Put(key(name), new byte[bytes], -1);
    }

    private static Change delete(String name) {
        return new Change.Delete(key(name), -1);
    }

    private static long transact(ClusterMetaClient client, Change... changes) {
        return get(client.documents().transact(List.of(changes)));
    }

    private Cancellable watch(Documents documents, long from) {
        return documents.watch("data", List.of("data.job"), from, (revision, events) -> {
            StringBuilder text = new StringBuilder("r" + revision);
            events.forEach(event -> text.append(' ').append(describe(event)));
            told.add(text.toString());
        });
    }

    private static String describe(Event event) {
        return (event.document() == null ? "-" : "+") + event.key().name();
    }

    @Test
    void changesAreToldInOrderFromAnyRevisionOn() {
        try (TestNode node = TestNode.single(dataDir);
                ClusterMetaClient remote = node.remoteClient(List.of(node.address()))) {
            transact(node.client(), put("a", 1), put("b", 1));
            transact(node.client(), new Change.Put(new Key("data.other", "default", "x"), new byte[1], -1));
            Cancellable local = watch(node.client().documents(), 0);
            await("the first", () -> told.size() == 1);
            transact(node.client(), delete("a"));
            await("the second", () -> told.size() == 2);
            assertThat(told).containsExactly("r1 +a +b", "r3 -a");
            local.cancel();

            told.clear();
            Cancellable resumed = watch(remote.documents(), 2);
            transact(node.client(), put("c", 1));
            await("what followed", () -> told.size() == 2);
            assertThat(told).containsExactly("r3 -a", "r4 +c");
            resumed.cancel();
            await("both ended at the member", () -> node.server().watches() == 2);
        }
    }

    @Test
    void aRevisionThatIsTooOldIsAnsweredByTheState() {
        try (TestNode node = TestNode.single(dataDir)) {
            for (int i = 0; i < 6; i++) {
                transact(node.client(), put("big" + i, 900_000));
            }
            long last = transact(node.client(), delete("big3"));
            Cancellable watch = watch(node.client().documents(), 1);
            await("the state", () -> !told.isEmpty());
            assertThat(told).containsExactly("r" + last + " +big0 +big1 +big2 +big4 +big5");
            watch.cancel();
        }
    }

    @Test
    void aSnapshotIsTurnedIntoTheDifference() {
        TestNode node = TestNode.single(dataDir);
        int port = node.rpc.port();
        transact(node.client(), put("a", 1), put("b", 1));
        try (TestNode bystander = new TestNode(9, dataDir);
                ClusterMetaClient remote = bystander.remoteClient(List.of(node.address()))) {
            watch(remote.documents(), 0);
            await("the first", () -> told.size() == 1);
            node.close();

            // Changed where the watcher cannot look; the snapshot takes the change log away.
            try (TestNode elsewhere = TestNode.single(dataDir)) {
                transact(elsewhere.client(), delete("a"));
                transact(elsewhere.client(), put("c", 1));
                get(elsewhere.server().groups().get("data").snapshot());
            }
            try (TestNode back = new TestNode(1, dataDir, port)) {
                back.start(Map.of(1, back.address()), 3000);
                await("the difference", () -> told.size() == 2);
                transact(back.client(), put("d", 1));
                await("and on", () -> told.size() == 3);
            }
            assertThat(told).containsExactly("r1 +a +b", "r3 +c -a", "r4 +d");
        }
    }
}
