/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.broker.coordinator.CoordinatorRecord;
import io.robustmq.broker.session.GroupRecords.GroupState;
import io.robustmq.broker.window.GroupProgress;
import io.robustmq.broker.window.GroupProgress.Place;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.protocol.SessionProgress;
import io.robustmq.protocol.SessionProgress.Drops;
import io.robustmq.protocol.SessionProgress.Outbound;
import io.robustmq.protocol.SessionProgress.Phase;
import io.robustmq.protocol.ShardPositions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupRecordsTest {
    private static final ShardId SHARD = new ShardId(new TopicId(1, 2), 3);

    @Test
    void aGroupIsReadAsItWasWritten() {
        Place place = new Place(SHARD, 4, 1L << 40, new long[] {0, 1, 127, 128, 1L << 39}, new long[] {1L << 41});
        GroupState state = new GroupState(5, new GroupProgress(List.of(place), new Drops(6, 7, 8, 9)));
        GroupKey key = GroupKey.of("t", "$share/g/a//#");
        CoordinatorRecord record = GroupRecords.of(key, state);
        assertThat(GroupKey.of(SessionRecords.parseKey(record.key()).session())).isEqualTo(key);
        GroupState read = GroupRecords.state(record.value());
        assertThat(read.sinceMillis()).isEqualTo(5);
        assertThat(read.progress().drops()).isEqualTo(new Drops(6, 7, 8, 9));
        assertThat(read.progress().places()).usingRecursiveComparison().isEqualTo(List.of(place));
        for (int length = 0; length < record.value().length; length++) {
            byte[] cut = Arrays.copyOf(record.value(), length);
            assertThatThrownBy(() -> GroupRecords.state(cut)).isInstanceOf(RmqException.class);
        }
    }

    @Test
    void filtersNameTheirGroups() {
        assertThat(GroupKey.of("t", "$share/g/a/b")).isEqualTo(new GroupKey("t", "g", "a/b"));
        assertThat(GroupKey.of("t", "$queue/a")).isEqualTo(GroupKey.of("t", "$share/$queue/a"));
        assertThat(GroupKey.of("t", "$exclusive/a")).isNotEqualTo(GroupKey.of("t", "$share/$exclusive/a"));
        assertThat(GroupKey.of("t", "a/$share/b/c")).isNull();
    }

    /** Sessions that finish nothing for groups are written as before there were any. */
    @Test
    void progressOfGroupsHasItsOwnVersion() {
        SessionKey session = new SessionKey("t", "c");
        Outbound own = new Outbound(9, Phase.PUBACK, SHARD, 11);
        Outbound group = new Outbound(10, Phase.PUBREC, SHARD, 12, "$share/g/ä");
        SessionProgress before = new SessionProgress(ShardPositions.NONE, List.of(own), Drops.NONE);
        SessionProgress with = new SessionProgress(ShardPositions.NONE, List.of(own, group), Drops.NONE);
        byte[] written = SessionRecords.of(session, before).value();
        assertThat(written[0]).isEqualTo((byte) 1);
        assertThat(SessionRecords.progress(written)).isEqualTo(before);
        written = SessionRecords.of(session, with).value();
        assertThat(written[0]).isEqualTo((byte) 2);
        assertThat(SessionRecords.progress(written)).isEqualTo(with);
        written[0] = 3;
        byte[] newer = written;
        assertThatThrownBy(() -> SessionRecords.progress(newer)).isInstanceOf(RmqException.class);
    }
}
