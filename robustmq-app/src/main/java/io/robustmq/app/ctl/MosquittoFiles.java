/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads Mosquitto's password file and ACL file into what the admin API takes. Stateless. */
final class MosquittoFiles {
    private MosquittoFiles() {}

    /**
     * One line of a file.
     *
     * @param body what to ask the server for; null when the line cannot be had
     * @param problem why not; null when it can
     */
    record Line(
            int number,
            String name,
            @Nullable Map<String, Object> body,
            @Nullable String problem) {
        static Line wrong(int number, String problem) {
            return new Line(number, "", null, problem);
        }
    }

    /** {@code name:hash} of each line; a plain password is none of {@code mosquitto_passwd}, and is refused. */
    static List<Line> users(List<String> lines) {
        List<Line> found = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            if (colon < 1) {
                found.add(Line.wrong(i + 1, "there is no name and hash with a colon between"));
                continue;
            }
            String name = line.substring(0, colon);
            String hash = line.substring(colon + 1).strip();
            if (!hash.startsWith("$")) {
                found.add(
                        Line.wrong(i + 1, "the password of " + name + " is not hashed: run mosquitto_passwd -U first"));
                continue;
            }
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("name", name);
            body.put("hash", hash);
            found.add(new Line(i + 1, name, body, null));
        }
        return found;
    }

    /**
     * {@code topic}, {@code user} and {@code pattern} lines. As in Mosquitto, topics before the first user are those of clients
     * without a name, and patterns are everybody's.
     *
     * @param prefix of the rules' names, before the number of their line
     */
    static List<Line> acls(List<String> lines, String prefix) {
        List<Line> found = new ArrayList<>();
        String user = null;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int number = i + 1;
            String[] words = line.split("\\s+", 2);
            if (words.length < 2) {
                found.add(Line.wrong(number, "'" + line + "' says nothing"));
                continue;
            }
            switch (words[0]) {
                case "user" -> user = words[1];
                case "topic" ->
                    found.add(rule(number, prefix + "-" + number, user == null ? "anonymous" : "user", user, words[1]));
                case "pattern" -> found.add(rule(number, prefix + "-" + number, "all", null, words[1]));
                default -> found.add(Line.wrong(number, "'" + words[0] + "' is not user, topic or pattern"));
            }
        }
        return found;
    }

    private static Line rule(int number, String name, String who, @Nullable String user, String rest) {
        String[] words = rest.split("\\s+", 2);
        String access = words.length == 2 && isAccess(words[0]) ? words[0] : "readwrite";
        String topic = words.length == 2 && isAccess(words[0]) ? words[1] : rest;
        boolean wildcard = hasLevel(topic, "+") || hasLevel(topic, "#");
        boolean ofOthers = hasLevel(topic, "*") || hasLevel(topic, ">");
        if (wildcard && ofOthers) {
            return Line.wrong(number, "'" + topic + "' has a level * or >, which is a wildcard here");
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        body.put("effect", access.equals("deny") ? "deny" : "allow");
        body.put("who", who);
        body.put("value", user == null ? "" : user);
        body.put(
                "action",
                switch (access) {
                    case "read" -> "subscribe";
                    case "write" -> "publish";
                    default -> "all";
                });
        if (ofOthers) {
            body.put("match", "literal");
        }
        body.put("filter", topic);
        return new Line(number, name, body, null);
    }

    private static boolean isAccess(String word) {
        return word.equals("read") || word.equals("write") || word.equals("readwrite") || word.equals("deny");
    }

    private static boolean hasLevel(String topic, String level) {
        return List.of(topic.split("/", -1)).contains(level);
    }
}
