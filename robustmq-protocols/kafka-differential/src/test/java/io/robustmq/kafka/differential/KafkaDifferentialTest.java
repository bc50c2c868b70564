/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Apache Kafka and we get the same requests: in what the answers differ is in docs/kafka.md, or is wrong. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KafkaDifferentialTest {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaDifferentialTest.class);
    static final String CLUSTER_ID = "AAAAAAAAQACAAAAAAAAAAQ";

    /** Every n-th sequence is run. */
    private static final int STRIDE = Integer.getInteger("differential.stride", 1);

    /** With the family: one sequence alone, and its answers are logged. */
    private static final int SEQUENCE = Integer.getInteger("differential.sequence", -1);

    private static final String ONLY = System.getProperty("differential.family", "");

    @TempDir
    static Path directory;

    private static OriginalKafka kafka;
    private static RobustMqNode node;

    @BeforeAll
    static void start() throws IOException {
        node = new RobustMqNode(directory, CLUSTER_ID, "");
        kafka = OriginalKafka.start(directory, CLUSTER_ID);
        for (int port : List.of(kafka.port(), node.port())) {
            try (Wire wire = new Wire(port)) {
                new Settling(wire).coordinators();
            }
        }
    }

    @AfterAll
    static void stop() {
        kafka.close();
        node.close();
    }

    @Test
    void answersAreTheSame() throws IOException {
        long start = System.nanoTime();
        Comparison comparison = new Comparison(kafka.port(), node.port(), SEQUENCE >= 0);
        comparison.run(List.of(() -> new Comparison.Sequence("prepared", Prepared.steps())));
        Set<ApiKeys> told = told();
        List<Callable<Comparison.Sequence>> sequences = new ArrayList<>();
        Corpus.FAMILIES.stream()
                .filter(family ->
                        told.containsAll(family.apis()) && family.name().startsWith(ONLY))
                .map(KafkaDifferentialTest::sequences)
                .forEach(sequences::addAll);
        comparison.run(sequences);
        LOG.info(
                "{} sequences ({} cut short), {} requests in {} ms; accepted: {}",
                sequences.size(),
                comparison.cutShort(),
                comparison.requests(),
                (System.nanoTime() - start) / 1_000_000,
                comparison.accepted());
        assertThat(String.join("\n", comparison.unexplained())).isEmpty();
        if (STRIDE == 1 && ONLY.isEmpty()) {
            Set<String> seen = new HashSet<>(comparison.accepted().keySet());
            seen.add(AcceptedDifferences.JUST_BEGUN);
            assertThat(seen).as("differences that are still there").isEqualTo(AcceptedDifferences.names());
        }
    }

    private static Collection<Callable<Comparison.Sequence>> sequences(Family family) {
        List<Callable<Comparison.Sequence>> sequences = new ArrayList<>();
        for (int i = 0; i < family.sequences(); i += STRIDE) {
            int index = i;
            if (SEQUENCE >= 0 && SEQUENCE != i) {
                continue;
            }
            sequences.add(() -> new Comparison.Sequence(family.name() + " " + index, family.sequence(index)));
        }
        return sequences;
    }

    /** What we say that we have. */
    private static Set<ApiKeys> told() throws IOException {
        Step step = Step.of(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());
        try (Wire wire = new Wire(node.port())) {
            Wire.Answer answer = wire.call(step, new Known());
            Set<ApiKeys> told = EnumSet.noneOf(ApiKeys.class);
            ((ApiVersionsResponseData) ((Wire.Answer.Response) answer).data())
                    .apiKeys()
                    .forEach(range -> told.add(ApiKeys.forId(range.apiKey())));
            return told;
        }
    }
}
