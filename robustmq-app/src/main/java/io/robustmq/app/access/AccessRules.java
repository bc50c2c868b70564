/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Which role a request needs, by its method and the endpoint that it is for. Immutable. */
public final class AccessRules {
    private static final String HEALTH = "health";
    /** Groups of health that tell nothing but a status to whoever is not logged in. */
    private static final Set<String> PROBES = Set.of("liveness", "readiness", "startup");

    /** First segment of the paths of pages, which ask the API for what they show and do. */
    static final String CONSOLE = "console";
    /** What the log-in page needs. */
    private static final Set<String> CONSOLE_OPEN = Set.of("login", "static");
    /** Parts of pages that are fetched again and again. */
    private static final String CONSOLE_NEWS = "news";

    private static final Set<HttpMethod> LOOKING = Set.of(HttpMethod.GET, HttpMethod.HEAD);
    /** Who may do what, and who did: nothing for those who may only look. */
    private static final Set<String> ADMINS_ONLY =
            Set.of("admins", "tokens", "audit", "users", "acls", "blacklist", "env", "configprops", "heapdump");

    private static final Set<String> OPERATED = Set.of(
            "topics",
            "groups",
            "sessions",
            "subscriptions",
            "shared",
            "connections",
            "shards",
            "retained",
            "delayed",
            "rewrite",
            "autosubscribe");

    private final List<String> base;

    /** @param basePath where Actuator's endpoints are */
    public AccessRules(String basePath) {
        this.base = segments(PathContainer.parsePath(basePath));
    }

    /** The role that is needed; null when nobody needs to log in. */
    public @Nullable AdminRole needed(HttpMethod method, PathContainer path) {
        List<String> segments = segments(path);
        boolean looks = LOOKING.contains(method);
        if (isConsole(path)) {
            return segments.size() > 1 && CONSOLE_OPEN.contains(segments.get(1)) ? null : AdminRole.VIEWER;
        }
        if (segments.size() <= base.size() || !segments.subList(0, base.size()).equals(base)) {
            return looks ? AdminRole.VIEWER : AdminRole.ADMIN;
        }
        List<String> rest = segments.subList(base.size(), segments.size());
        String endpoint = rest.get(0);
        if (looks
                && endpoint.equals(HEALTH)
                && (rest.size() == 1 || rest.size() == 2 && PROBES.contains(rest.get(1)))) {
            return null;
        }
        if (ADMINS_ONLY.contains(endpoint)) {
            return AdminRole.ADMIN;
        }
        if (looks) {
            return AdminRole.VIEWER;
        }
        return OPERATED.contains(endpoint) ? AdminRole.OPERATOR : AdminRole.ADMIN;
    }

    static boolean isConsole(PathContainer path) {
        List<String> segments = segments(path);
        return !segments.isEmpty() && segments.get(0).equals(CONSOLE);
    }

    /** Whether a page asks by itself, which keeps nobody logged in. */
    static boolean isNews(ServerHttpRequest request) {
        List<String> segments = segments(request.getPath().pathWithinApplication());
        return segments.size() > 1 && segments.get(1).equals(CONSOLE_NEWS);
    }

    /** As Spring's patterns see them: decoded one by one, without parameters. */
    private static List<String> segments(PathContainer path) {
        return path.elements().stream()
                .filter(PathSegment.class::isInstance)
                .map(element -> ((PathSegment) element).valueToMatch())
                .toList();
    }
}
