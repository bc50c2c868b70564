/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.rpc.InnerRpcOptions;
import io.robustmq.rpc.InnerRpcServer;
import io.robustmq.rpc.InnerSecurity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Three nodes that ask each other over their inner ports, with a secret between them. */
class ClusterAnswersTest {
    private static final Listing THINGS = Listing.byText("things", "name");
    private static final Listing LOG = Listing.byNumber("log", "id", false);
    private static final InnerSecurity PROOF =
            InnerSecurity.ofSecrets("red", List.of("0123456789abcdef0123456789abcdef"));
    private static final long PATIENT_MILLIS = 20_000;
    private static final long HASTY_MILLIS = 2500;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<Integer, FakeNode> nodes = new TreeMap<>();
    private final Map<Integer, Peer> peers = new HashMap<>();
    private volatile long deadlineMillis = PATIENT_MILLIS;

    /** A node that has things by name, and a log. Its things may change between requests. */
    private final class FakeNode implements AutoCloseable {
        final int id;
        final InnerRpcServer rpc;
        final NodeCalls calls;
        final ClusterAnswers answers;
        final TreeSet<String> things = new TreeSet<>();
        final List<Long> log = new ArrayList<>();
        volatile boolean mute;
        int asked;

        FakeNode(int id, InnerSecurity proof) {
            this.id = id;
            rpc = new InnerRpcServer(new InnerRpcOptions("127.0.0.1", 0), threads, proof);
            rpc.start();
            calls = new NodeCalls("red", () -> rpc, () -> deadlineMillis);
            answers = new ClusterAnswers(
                    id,
                    () -> new TreeMap<>(peers)
                            .values().stream()
                                    .map(each -> each.id() == id ? new Peer(id, null, each.roles()) : each)
                                    .toList(),
                    calls);
            answers.offer("things", this::things);
            answers.offer("things/has", this::has);
            answers.offer("log", this::log);
            rpc.addService(new AskedService("red", answers::own).bindService());
        }

        private Mono<Map<String, Object>> things(Map<String, String> query) {
            asked++;
            if (mute) {
                return Mono.never();
            }
            if ("bad".equals(query.get("filter"))) {
                return Mono.error(RmqError.INVALID_REQUEST.exception("'bad' is no filter"));
            }
            int limit = Integer.parseInt(query.get("limit"));
            List<String> behind = things.tailSet(query.getOrDefault("after", ""), false).stream()
                    .limit(limit + 1L)
                    .toList();
            boolean more = behind.size() > limit;
            List<String> shown = more ? behind.subList(0, limit) : behind;
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("total", things.size());
            body.put("things", shown.stream().map(name -> Map.of("name", name)).toList());
            body.put("next", more ? shown.get(limit - 1) : null);
            return Mono.just(body);
        }

        private Mono<Map<String, Object>> has(Map<String, String> query) {
            return mute
                    ? Mono.never()
                    : things.contains(query.get("name"))
                            ? Mono.just(Map.of("name", query.get("name")))
                            : Mono.error(RmqError.NOT_FOUND.exception("no thing " + query.get("name")));
        }

        private Mono<Map<String, Object>> log(Map<String, String> query) {
            int limit = Integer.parseInt(query.get("limit"));
            long after = Long.parseLong(query.getOrDefault("after", "0"));
            List<Long> behind = log.stream().filter(each -> each > after).toList();
            List<Long> last = behind.subList(Math.max(0, behind.size() - limit), behind.size());
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("log", last.stream().map(each -> Map.of("id", each)).toList());
            body.put("next", last.isEmpty() ? after : last.get(last.size() - 1));
            return Mono.just(body);
        }

        @Override
        public void close() {
            calls.close();
            rpc.stop(100);
        }
    }

    @BeforeEach
    void start() {
        for (int id = 1; id <= 3; id++) {
            nodes.put(id, new FakeNode(id, PROOF));
            peers.put(id, new Peer(id, "127.0.0.1:" + nodes.get(id).rpc.port(), Set.of("broker")));
        }
    }

    @AfterEach
    void stop() {
        nodes.values().forEach(FakeNode::close);
        threads.shutdownNow();
    }

    private static <T> T get(Mono<T> mono) {
        return mono.block(Duration.ofSeconds(20));
    }

    private Map<String, Object> page(int at, @Nullable String after, int limit, @Nullable Integer node) {
        return get(nodes.get(at).answers.page(THINGS, Map.of(), after, limit, node));
    }

    /** Whoever asks it once more does not wait for long; connections are there by then. */
    private void mute(int node) {
        page(1, null, 1, null);
        nodes.get(node).mute = true;
        deadlineMillis = HASTY_MILLIS;
    }

    private static List<String> names(Map<String, Object> page) {
        return rows(page, "things").stream()
                .map(row -> row.get("name") + "@" + row.get("node"))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> rows(Map<String, Object> page, String field) {
        return (List<Map<String, Object>>) page.get(field);
    }

    @Test
    void rowsOfAllNodesComeInOneOrderWhoeverIsAsked() {
        nodes.get(1).things.addAll(List.of("a", "d"));
        nodes.get(2).things.addAll(List.of("b", "d"));
        nodes.get(3).things.add("c");
        for (int at = 1; at <= 3; at++) {
            Map<String, Object> page = page(at, null, 10, null);
            assertThat(names(page)).containsExactly("a@1", "b@2", "c@3", "d@1", "d@2");
            assertThat(page)
                    .containsEntry("total", 5L)
                    .containsEntry("next", null)
                    .containsEntry("incomplete", List.of());
        }
    }

    @Test
    void pagesMissNothingAndRepeatNothing() {
        List<String> expected = new ArrayList<>();
        IntStream.range(0, 60).forEach(i -> {
            String name = String.format("t%02d", i / 2);
            int node = i % 2 == 0 ? 1 : 1 + i % 3;
            if (nodes.get(node).things.add(name)) {
                expected.add(name + "@" + node);
            }
        });
        expected.sort(null);
        for (int limit : new int[] {1, 2, 7, 100}) {
            List<String> seen = new ArrayList<>();
            String after = null;
            do {
                Map<String, Object> page = page(2, after, limit, null);
                assertThat(names(page)).hasSizeLessThanOrEqualTo(limit);
                seen.addAll(names(page));
                after = (String) page.get("next");
            } while (after != null);
            assertThat(seen).as("limit %d", limit).isEqualTo(expected);
        }
    }

    @Test
    void rowsThatComeAndGoBetweenPagesMoveNoOthers() {
        nodes.get(1).things.addAll(List.of("a", "c", "e"));
        nodes.get(2).things.addAll(List.of("b", "d", "f"));
        Map<String, Object> first = page(1, null, 3, null);
        assertThat(names(first)).containsExactly("a@1", "b@2", "c@1");
        nodes.get(1).things.removeAll(List.of("a", "c"));
        nodes.get(2).things.addAll(List.of("aa", "da"));
        assertThat(names(page(1, (String) first.get("next"), 10, null))).containsExactly("d@2", "da@2", "e@1", "f@2");
    }

    @Test
    void aNodeThatDoesNotAnswerIsNamedAndAskedAgain() {
        nodes.get(1).things.addAll(List.of("a", "c"));
        nodes.get(2).things.add("b");
        nodes.get(3).things.add("bb");
        mute(3);
        Map<String, Object> page = page(1, null, 2, null);
        assertThat(names(page)).containsExactly("a@1", "b@2");
        assertThat(rows(page, "incomplete"))
                .singleElement()
                .satisfies(missing -> assertThat(missing)
                        .containsEntry("node", 3)
                        .containsEntry("reason", "node 3 at " + peers.get(3).address() + ": no answer in time"));
        nodes.get(3).mute = false;
        deadlineMillis = PATIENT_MILLIS;
        assertThat(names(page(1, (String) page.get("next"), 2, null))).containsExactly("bb@3", "c@1");

        nodes.get(3).close();
        page = page(1, null, 10, null);
        assertThat(names(page)).containsExactly("a@1", "b@2", "c@1");
        assertThat(rows(page, "incomplete").toString()).contains("it cannot be reached");
    }

    @Test
    void aNodeWithoutTheSecretIsNoPartOfIt() {
        nodes.get(1).things.add("a");
        try (FakeNode stranger = new FakeNode(4, InnerSecurity.NONE)) {
            stranger.things.add("forged");
            peers.put(4, new Peer(4, "127.0.0.1:" + stranger.rpc.port(), Set.of("broker")));
            Map<String, Object> page = page(1, null, 10, null);
            assertThat(names(page)).containsExactly("a@1");
            assertThat(rows(page, "incomplete")).hasSize(1);
            assertThat(stranger.asked).isZero();
        }
    }

    @Test
    void oneNodeMayBeAskedForItself() {
        nodes.get(1).things.addAll(List.of("a", "b", "c"));
        nodes.get(2).things.addAll(List.of("d", "e"));
        assertThat(names(page(1, null, 10, 2))).containsExactly("d@2", "e@2");
        Map<String, Object> first = page(2, null, 2, 1);
        assertThat(first).as("in the node's own words").containsEntry("next", "b");
        assertThat(names(page(2, "b", 2, 1))).containsExactly("c@1");
        assertThatThrownBy(() -> page(1, null, 10, 9))
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.NOT_FOUND));
    }

    @Test
    void whoHasNoPartOfTheAnswerIsNotAsked() {
        peers.put(3, new Peer(3, peers.get(3).address(), Set.of("meta")));
        nodes.get(1).things.add("a");
        nodes.get(3).mute = true;
        Map<String, Object> page = page(3, null, 10, null);
        assertThat(names(page)).containsExactly("a@1");
        assertThat(rows(page, "incomplete")).isEmpty();
    }

    @Test
    void aMistakeIsToldAsOne() {
        assertThatThrownBy(() -> get(nodes.get(1).answers.page(THINGS, Map.of("filter", "bad"), null, 10, null)))
                .hasMessage("'bad' is no filter");
        for (String after : List.of("~", "~x", "~1", "~1+%", "~-")) {
            assertThatThrownBy(() -> page(1, after, 10, null))
                    .as(after)
                    .isInstanceOfSatisfying(
                            RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.INVALID_REQUEST));
        }
    }

    @Test
    void oneThingIsFoundWhereItIs() {
        nodes.get(2).things.addAll(List.of("b", "two"));
        nodes.get(3).things.add("two");
        ClusterAnswers one = nodes.get(1).answers;
        assertThat(get(one.find("things/has", Map.of("name", "b"), null))).containsEntry("node", 2);
        assertThat(get(one.where("things/has", Map.of("name", "two"), null))).containsExactly(2, 3);
        assertThat(get(one.where("things/has", Map.of("name", "two"), 3))).containsExactly(3);
        assertThatThrownBy(() -> get(one.find("things/has", Map.of("name", "z"), null)))
                .hasMessage("no thing z");
        mute(3);
        assertThat(get(one.find("things/has", Map.of("name", "b"), null))).containsEntry("node", 2);
        assertThatThrownBy(() -> get(one.find("things/has", Map.of("name", "z"), null)))
                .as("the third may have it")
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.TIMED_OUT));
    }

    @Test
    void whoFollowsALogSeesTheLastOfAllAndThenWhatIsNew() {
        nodes.get(1).log.addAll(List.of(10L, 40L));
        nodes.get(2).log.addAll(List.of(20L, 30L));
        Map<String, Object> page = get(nodes.get(3).answers.tail(LOG, Map.of(), null, 3, null));
        assertThat(rows(page, "log").stream().map(row -> row.get("id") + "@" + row.get("node")))
                .containsExactly("20@2", "30@2", "40@1");
        // Clocks differ: what is new on one node may be older than what another one has told.
        nodes.get(2).log.add(35L);
        page = get(nodes.get(3).answers.tail(LOG, Map.of(), (String) page.get("next"), 3, null));
        assertThat(rows(page, "log").stream().map(row -> row.get("id") + "@" + row.get("node")))
                .containsExactly("35@2");
    }

    @Test
    void anotherClustersNodeAnswersNothing() {
        try (NodeCalls foreign = new NodeCalls("blue", () -> nodes.get(1).rpc, () -> deadlineMillis)) {
            assertThatThrownBy(() -> get(foreign.ask(peers.get(2), "things", Map.of("limit", "1"))))
                    .hasMessage("this is a node of cluster red");
        }
    }
}
