/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage;

/**
 * How one of an engine's disks is, for people and for alarms. Immutable.
 *
 * @param name as {@link ShardStore#disk} answers it
 * @param reason one sentence, empty while it is serving
 * @param freeBytes as last measured; -1 before the first time
 * @param lowWaterBytes with less than this free, appends are refused
 * @param refusedAppends appends refused so far because of the state
 */
public record EngineDisk(
        String engine,
        String name,
        State state,
        String reason,
        long freeBytes,
        long lowWaterBytes,
        long refusedAppends) {

    /** What a disk still does; worse ones further down. */
    public enum State {
        /** Everything. */
        SERVING,
        /** Reads and deletes, and everything again once there is space. */
        FULL,
        /** A write failed: reads what is there, until the process starts again. */
        READ_ONLY,
        /** What was written may not be there: reads what it can, until the process starts again. */
        FAILED
    }

    public boolean takesWrites() {
        return state == State.SERVING;
    }

    /** What a person should do about it; empty while there is nothing to do. */
    public String advice() {
        return switch (state) {
            case SERVING -> "";
            case FULL ->
                "make room on it: delete topics or records, shorten retention, or enlarge it; appends go on by themselves"
                        + " once " + lowWaterBytes + " bytes are free";
            case READ_ONLY ->
                "see the system's log for what happened to it, mend it (space, mount, cable) and start the node again;"
                        + " what was acknowledged stays readable meanwhile";
            case FAILED ->
                "do not trust it: stop the node, see the system's log, check what it holds with 'ctl log verify'"
                        + " or replace it, and start the node again";
        };
    }
}
