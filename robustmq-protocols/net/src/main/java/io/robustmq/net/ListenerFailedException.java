/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.robustmq.node.StartRefusedException;
import io.robustmq.protocol.ListenerSpec;
import java.net.BindException;
import org.jspecify.annotations.Nullable;

/** A port cannot be opened: names the listener, the address and the key to change. */
public final class ListenerFailedException extends StartRefusedException {
    private ListenerFailedException(String whatHappened, String whatToDo, @Nullable Throwable cause) {
        super(whatHappened, whatToDo, cause);
    }

    static ListenerFailedException of(ListenerSpec spec, String address, Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage());
        String what = spec.name() + " cannot listen on " + address + ":" + spec.port() + ": ";
        if (message.contains("in use")) {
            return new ListenerFailedException(
                    what + "the port is taken.",
                    "Stop what listens there, or set " + spec.portKey() + " to another port.",
                    thrown);
        }
        if (message.contains("ermission")) {
            return new ListenerFailedException(
                    what + "this user may not open it.",
                    "Set " + spec.portKey()
                            + " to a port from 1024 on, or give the process the right to bind lower ones.",
                    thrown);
        }
        if (root instanceof BindException || message.contains("assign")) {
            return badAddress(spec, address, message);
        }
        return new ListenerFailedException(
                what + root, "Check robustmq.bind-address and " + spec.portKey() + ".", thrown);
    }

    static ListenerFailedException badAddress(ListenerSpec spec, String address, String why) {
        return new ListenerFailedException(
                spec.name() + " cannot listen on " + address + ":" + spec.port()
                        + ": this machine has no such address (" + why + ").",
                "Set robustmq.bind-address to an address of this machine, 127.0.0.1 or 0.0.0.0.",
                null);
    }

    static ListenerFailedException notAvailable(ListenerSpec spec) {
        return new ListenerFailedException(
                spec.name() + " is not available in this build.",
                "Take " + spec.portKey()
                        + " out of the configuration; this build listens on tcp, tls, websocket and websocket-tls.",
                null);
    }
}
