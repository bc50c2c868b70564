/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node;

/**
 * The order of one node's start; stop is the reverse. Values of {@code SmartLifecycle.getPhase()}: above Boot's web
 * server ({@code MAX - 2048}, its graceful stop at {@code MAX - 1024}), so that health and metrics answer first and go
 * last. A phase returns from start only when it is usable.
 */
public final class Phases {
    /** The inner gRPC port accepts calls. */
    public static final int INNER_RPC = Integer.MAX_VALUE - 900;
    /** Raft groups have a quorum. */
    public static final int META = Integer.MAX_VALUE - 800;
    /** Disks are mounted and replayed. */
    public static final int JOURNAL = Integer.MAX_VALUE - 700;
    /** The image is there, shards are claimed, coordinators run. */
    public static final int BROKER = Integer.MAX_VALUE - 600;
    /** Protocol ports are open. */
    public static final int LISTENERS = Integer.MAX_VALUE - 500;

    private Phases() {}
}
