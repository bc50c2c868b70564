/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture;

/** The meta service, the journal and the broker know each other only by client packages and ports. Immutable. */
final class MeetThroughPorts extends DependencyCondition {

    MeetThroughPorts(String root) {
        super(root, "meet other roles through ports");
    }

    @Override
    boolean allows(String from, String to) {
        String owner = role(to);
        return owner == null || owner.equals(role(from)) || isIn(from, "app");
    }

    private static String role(String relativeName) {
        if (isIn(relativeName, "meta") && !isIn(relativeName, "meta.client")) {
            return "meta";
        }
        if (isIn(relativeName, "journal")) {
            return "journal";
        }
        // Features and sources of users are plugged into the broker and configured by its starter.
        return isIn(relativeName, "broker") || isIn(relativeName, "feature") || isIn(relativeName, "access")
                ? "broker"
                : null;
    }
}
