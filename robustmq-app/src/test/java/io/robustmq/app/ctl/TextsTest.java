/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class TextsTest {

    @Test
    void pairsShowListsAndWhatIsDeeper() {
        assertThat(
                        Texts.pairs(
                                JsonMapper.shared()
                                        .readTree(
                                                "{\"phase\":\"READY\",\"node\":1,\"roles\":[\"meta\",\"broker\"],\"disks\":[{\"full\":true}]}")))
                .isEqualTo("phase=READY,node=1,roles=[meta broker],disks=[{\"full\":true}]");
    }
}
