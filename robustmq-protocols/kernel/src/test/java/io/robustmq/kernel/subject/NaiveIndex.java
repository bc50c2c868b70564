/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The oracle: every filter against every subject, with strings cut into lists, written from the rules and not from the index.
 *
 * <p>Confined to one thread.
 */
final class NaiveIndex {
    record Subscription(Spelling spelling, String filter, String subscriber) {}

    private final Set<Subscription> subscriptions = new LinkedHashSet<>();

    boolean add(Spelling spelling, String filter, String subscriber) {
        return subscriptions.add(new Subscription(spelling, filter, subscriber));
    }

    boolean remove(Spelling spelling, String filter, String subscriber) {
        return subscriptions.remove(new Subscription(spelling, filter, subscriber));
    }

    Set<Subscription> subscriptions() {
        return subscriptions;
    }

    long filters() {
        return subscriptions.stream()
                .map(each -> each.spelling + each.filter)
                .distinct()
                .count();
    }

    /** Sorted lines "filter spelling, subject spelling, subscriber". */
    List<String> match(Spelling published, String subject, boolean wildcardsCross) {
        List<String> found = new ArrayList<>();
        for (Subscription each : subscriptions) {
            if (each.spelling == published) {
                if (legal(published, subject) && matches(each, subject, true)) {
                    found.add(line(each, published));
                }
                continue;
            }
            if (subject.startsWith("$") || subject.startsWith("__") || subject.matches("(?s)_INBOX[./].*")) {
                continue;
            }
            String translated = published == Spelling.DOT ? subject.replace('.', '/') : subject.replace('/', '.');
            if (published == Spelling.DOT && legalAcross(subject, each) && matches(each, subject, wildcardsCross)) {
                found.add(line(each, published));
            } else if (legalAcross(translated, each) && matches(each, translated, wildcardsCross)) {
                found.add(line(each, each.spelling));
            }
        }
        found.sort(null);
        return found;
    }

    private static String line(Subscription subscription, Spelling subjectSpelling) {
        return subscription.spelling + " " + subjectSpelling + " " + subscription.subscriber;
    }

    private static boolean legalAcross(String subject, Subscription reader) {
        return legal(reader.spelling, subject) && !subject.matches("(?s).*[\\x00-\\x1f\\x7f-\\x9f].*");
    }

    private static boolean legal(Spelling spelling, String subject) {
        if (spelling == Spelling.SLASH) {
            return !subject.isEmpty() && !subject.matches("(?s).*[+#\0].*");
        }
        return !subject.matches("(?s).*[\\x00-\\x20\\x7f-\\x9f].*")
                && Arrays.stream(subject.split("\\.", -1)).noneMatch(token -> token.matches("[*>]?"));
    }

    private static boolean matches(Subscription subscription, String subject, boolean firstWildcard) {
        boolean slash = subscription.spelling == Spelling.SLASH;
        String separator = slash ? "/" : "\\.";
        List<String> filter = List.of(subscription.filter.split(separator, -1));
        boolean wildcard = filter.get(0).matches(slash ? "[+#]" : "[*>]");
        if (wildcard && (!firstWildcard || slash && subject.startsWith("$"))) {
            return false;
        }
        return matches(slash, filter, List.of(subject.split(separator, -1)));
    }

    private static boolean matches(boolean slash, List<String> filter, List<String> subject) {
        if (filter.isEmpty()) {
            return subject.isEmpty();
        }
        String first = filter.get(0);
        if (first.equals(slash ? "#" : ">")) {
            return slash || !subject.isEmpty();
        }
        if (subject.isEmpty()) {
            return false;
        }
        boolean same = first.equals(slash ? "+" : "*") || first.equals(subject.get(0));
        return same && matches(slash, filter.subList(1, filter.size()), subject.subList(1, subject.size()));
    }
}
