/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.error.RaftError;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.rpc.meta.Answer;
import java.util.concurrent.CompletableFuture;

/** One proposed command on its way to its answer. Thread-safe. */
final class Proposal implements Closure {
    private final CompletableFuture<Answer> future = new CompletableFuture<>();

    CompletableFuture<Answer> future() {
        return future;
    }

    void decided(Answer answer) {
        future.complete(answer);
    }

    /** Called by raft instead of an answer: it may or may not have been committed, so the request is repeated under its id. */
    @Override
    public void run(Status status) {
        future.completeExceptionally(exception(status));
    }

    static RmqException exception(Status status) {
        RaftError error = status.getRaftError();
        RmqError ours = error == RaftError.EBUSY
                ? RmqError.OVERLOADED
                : error == RaftError.EIO || error == RaftError.ESTATEMACHINE
                        ? RmqError.UNAVAILABLE
                        : RmqError.NO_LEADER;
        return ours.exception(String.valueOf(status.getErrorMsg()));
    }
}
