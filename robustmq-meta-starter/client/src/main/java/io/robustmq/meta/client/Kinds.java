/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import java.util.Set;

/** Kinds of documents: which raft group keeps them, which of them every broker's image shows. */
public final class Kinds {
    public static final String METADATA_GROUP = "metadata";
    public static final String OFFSET_GROUP = "offset";
    public static final String DATA_GROUP = "data";

    /** Kinds of the cluster commands. */
    public static final String NODE = "node";

    public static final String TOPIC = "topic";
    public static final String SHARD = "shard";

    /** A tenant is a document without content in tenant {@code ""}; {@code default} exists without one. */
    public static final String TENANT = "tenant";

    /** Kinds of this prefix live in the offset group: named cursors. */
    public static final String OFFSET_PREFIX = "offset.";

    /** Kinds of this prefix live in the data group: documents that change often. */
    public static final String DATA_PREFIX = "data.";

    private static final Set<String> IMAGE = Set.of(NODE, TENANT, TOPIC, SHARD);
    private static final Set<String> COMMAND_ONLY = Set.of(NODE, TOPIC, SHARD);

    private Kinds() {}

    /** The group that keeps the kind. */
    public static String groupOf(String kind) {
        if (kind.startsWith(OFFSET_PREFIX)) {
            return OFFSET_GROUP;
        }
        return kind.startsWith(DATA_PREFIX) ? DATA_GROUP : METADATA_GROUP;
    }

    /** Kinds that are folded into the {@link MetaImage}. */
    public static Set<String> image() {
        return IMAGE;
    }

    public static boolean isImage(String kind) {
        return IMAGE.contains(kind);
    }

    /** Kinds that only cluster commands change, because their preconditions keep the cluster safe. */
    public static boolean isCommandOnly(String kind) {
        return COMMAND_ONLY.contains(kind);
    }
}
