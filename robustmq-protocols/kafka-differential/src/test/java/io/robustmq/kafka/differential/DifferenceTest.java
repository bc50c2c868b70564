/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class DifferenceTest {
    private static final Step FIND = Step.of(
            ApiKeys.FIND_COORDINATOR,
            5,
            new FindCoordinatorRequestData().setKeyType((byte) 1).setCoordinatorKeys(List.of("", "a")));

    private static JsonNode coordinators(int node, String error) throws Exception {
        String each = "{\"key\":\"%s\",\"nodeId\":" + node + ",\"errorCode\":\"" + error + "\"}";
        return new ObjectMapper()
                .readTree("{\"coordinators\":[" + each.formatted("") + "," + each.formatted("a") + "]}");
    }

    @Test
    void coordinatorsAreComparedByTheNameThatWasAskedForEvenAnEmptyOne() throws Exception {
        List<Difference> differences =
                Difference.between(FIND, coordinators(1, "NONE"), coordinators(-1, "INVALID_REQUEST"));

        assertThat(differences)
                .extracting(Difference::path)
                .containsExactlyInAnyOrder(
                        "coordinators[].nodeId",
                        "coordinators[].nodeId",
                        "coordinators[].errorCode",
                        "coordinators[].errorCode");
        assertThat(AcceptedDifferences.explain(differences).values())
                .as("the node follows from the error")
                .hasSize(4)
                .containsOnly("no-transactions");
    }

    @Test
    void anotherNodeWithoutAnErrorIsNotExplained() throws Exception {
        List<Difference> differences = Difference.between(FIND, coordinators(1, "NONE"), coordinators(2, "NONE"));

        assertThat(differences).hasSize(2);
        assertThat(AcceptedDifferences.explain(differences)).isEmpty();
    }
}
