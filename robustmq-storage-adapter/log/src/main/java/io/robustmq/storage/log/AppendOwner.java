/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.robustmq.kernel.RmqException;
import io.robustmq.storage.AppendCallback;
import org.jspecify.annotations.Nullable;

/** Who appends to a stream; called on the loop that was named, in the order of the appends. */
public interface AppendOwner {

    /** The bytes are released; visible when there is no failure. The owner calls {@code done}. */
    void appended(long baseOffset, AppendCallback done, @Nullable RmqException failure);
}
