/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture;

/** Protocols are strangers to each other; mq9 alone is built on NATS. Immutable. */
final class UseNoOtherProtocol extends DependencyCondition {

    UseNoOtherProtocol(String root) {
        super(root, "use no other protocol");
    }

    @Override
    boolean allows(String from, String to) {
        String own = firstLevel(from);
        String other = firstLevel(to);
        return !HouseRules.PROTOCOLS.contains(other)
                || own.equals(other)
                || (own.equals("mq9") && other.equals("nats"));
    }

    private static String firstLevel(String relativeName) {
        return relativeName.substring(0, relativeName.indexOf('.'));
    }
}
