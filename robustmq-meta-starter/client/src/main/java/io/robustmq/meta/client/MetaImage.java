/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Nodes, tenants, topics and shards as of one revision. Immutable; published behind one volatile reference. */
public interface MetaImage {

    /** The revision of the metadata group that this image shows; rises with each change. */
    long revision();

    Collection<NodeInfo> nodes();

    @Nullable
    NodeInfo node(NodeId id);

    Collection<String> tenants();

    Collection<TopicInfo> topics();

    @Nullable
    TopicInfo topic(String tenant, String name);

    @Nullable
    TopicInfo topic(TopicId id);

    /** Null when the shard's topic does not exist. */
    @Nullable
    ShardInfo shard(ShardId id);
}
