/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import io.robustmq.rpc.meta.HeartbeatReply;
import io.robustmq.rpc.meta.HeartbeatRequest;
import io.robustmq.rpc.meta.ReadReply;
import io.robustmq.rpc.meta.ReadRequest;
import io.robustmq.rpc.meta.StatusReply;
import io.robustmq.rpc.meta.StatusRequest;
import io.robustmq.rpc.meta.SubmitReply;
import io.robustmq.rpc.meta.SubmitRequest;
import io.robustmq.rpc.meta.WatchReply;
import io.robustmq.rpc.meta.WatchRequest;
import java.util.concurrent.CompletionStage;

/** One member of the meta service, in this process or behind its inner port. Never blocks. Thread-safe. */
public interface MetaEndpoint {

    CompletionStage<SubmitReply> submit(SubmitRequest request);

    CompletionStage<ReadReply> read(ReadRequest request);

    CompletionStage<StatusReply> status(StatusRequest request);

    CompletionStage<HeartbeatReply> heartbeat(HeartbeatRequest request);

    /** Sends changes to the sink until cancelled or failed; at most a window of them before {@link Watch#processed}. */
    Watch watch(WatchRequest request, WatchSink sink);

    /** Where a watch's messages go, in order, on any one thread at a time. */
    interface WatchSink {
        void next(WatchReply reply);

        /** The last call: the watch is over and may be resumed, here or at another member. */
        void ended(Throwable reason);
    }

    /** A running watch. */
    interface Watch {
        /** One message is done with; another may come. */
        void processed();

        void cancel();
    }
}
