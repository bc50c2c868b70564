/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.kernel.subject.Subjects;
import java.util.ArrayList;
import java.util.List;

/**
 * What a rule says about subjects, in canonical levels: {@code +} and {@code *} are one level, {@code #} none or more,
 * {@code >} one or more. Immutable.
 */
final class SubjectPattern {
    private static final int LITERAL = 0;
    private static final int ONE = 1;
    /** None or more levels. */
    private static final int REST = 2;
    /** One or more. */
    private static final int SOME_REST = 3;

    private final String[] levels;
    private final byte[] kinds;

    private SubjectPattern(String[] levels, byte[] kinds) {
        this.levels = levels;
        this.kinds = kinds;
    }

    /** A filter of a subscription, or of a rule that names no client. */
    static SubjectPattern of(String canonicalFilter) {
        return of(canonicalFilter, "", "");
    }

    /** All of it is to be taken as it is. */
    static SubjectPattern literal(String canonicalSubject) {
        String[] levels = canonicalSubject.split("\\.", -1);
        return new SubjectPattern(levels, new byte[levels.length]);
    }

    /** The same with the client's names: what they bring is never a wildcard. */
    static SubjectPattern of(String canonicalFilter, String clientId, String userName) {
        List<String> levels = new ArrayList<>();
        List<Integer> kinds = new ArrayList<>();
        for (String level : canonicalFilter.split("\\.", -1)) {
            if (hasPlaceholder(level)) {
                String own = Subjects.canonical(replaced(level, clientId, userName));
                for (String part : own.split("\\.", -1)) {
                    levels.add(part);
                    kinds.add(LITERAL);
                }
            } else {
                levels.add(level);
                kinds.add(kindOf(level));
            }
        }
        byte[] all = new byte[kinds.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = kinds.get(i).byteValue();
        }
        return new SubjectPattern(levels.toArray(new String[0]), all);
    }

    /** One pass, so that a client id that reads {@code %u} stays one. */
    private static String replaced(String level, String clientId, String userName) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < level.length(); i++) {
            boolean isPlace = level.charAt(i) == '%' && i + 1 < level.length();
            if (isPlace && level.charAt(i + 1) == 'c') {
                text.append(clientId);
                i++;
            } else if (isPlace && level.charAt(i + 1) == 'u') {
                text.append(userName);
                i++;
            } else {
                text.append(level.charAt(i));
            }
        }
        return text.toString();
    }

    static boolean hasPlaceholder(String text) {
        return text.contains("%c") || text.contains("%u");
    }

    private static int kindOf(String level) {
        return switch (level) {
            case "+", "*" -> ONE;
            case "#" -> REST;
            case ">" -> SOME_REST;
            default -> LITERAL;
        };
    }

    /** Whether a wildcard for the rest stands elsewhere than at the end, where it means nothing. */
    boolean isMisshapen() {
        for (int i = 0; i + 1 < kinds.length; i++) {
            if (kinds[i] >= REST) {
                return true;
            }
        }
        return false;
    }

    /** Whether it says the subject; as in every protocol, a wildcard does not stand for a first level with a {@code $}. */
    boolean matches(String canonicalSubject) {
        if (canonicalSubject.startsWith("$") && kinds[0] != LITERAL) {
            return false;
        }
        int at = 0;
        for (int i = 0; i < kinds.length; i++) {
            boolean ended = at > canonicalSubject.length();
            if (kinds[i] == REST) {
                return true;
            }
            if (kinds[i] == SOME_REST) {
                return !ended;
            }
            if (ended) {
                return false;
            }
            int dot = canonicalSubject.indexOf('.', at);
            int end = dot < 0 ? canonicalSubject.length() : dot;
            if (kinds[i] == LITERAL
                    && (levels[i].length() != end - at
                            || !canonicalSubject.regionMatches(at, levels[i], 0, end - at))) {
                return false;
            }
            at = end + 1;
        }
        return at > canonicalSubject.length();
    }

    /** Whether it says every subject that the filter matches. */
    boolean covers(SubjectPattern filter) {
        if (kinds[0] != LITERAL && filter.kinds[0] == LITERAL && filter.levels[0].startsWith("$")) {
            return false;
        }
        int i = 0;
        for (; i < kinds.length; i++) {
            if (kinds[i] == REST) {
                return true;
            }
            boolean ended = i == filter.kinds.length;
            if (kinds[i] == SOME_REST) {
                return !ended && filter.kinds[i] != REST;
            }
            if (ended || filter.kinds[i] >= REST) {
                return false;
            }
            if (kinds[i] == LITERAL && (filter.kinds[i] != LITERAL || !levels[i].equals(filter.levels[i]))) {
                return false;
            }
        }
        return i == filter.kinds.length;
    }

    /**
     * Whether there may be a subject that both match. A {@code +} of the filter stands for several canonical levels, too: in
     * MQTT it matches a level that has dots in it, and a rule must not be walked around so.
     */
    boolean overlaps(SubjectPattern filter) {
        if (isForeignToSystem(this, filter) || isForeignToSystem(filter, this)) {
            return false;
        }
        return overlaps(filter, 0, 0, new boolean[kinds.length + 1][filter.kinds.length + 1]);
    }

    private static boolean isForeignToSystem(SubjectPattern wild, SubjectPattern named) {
        return wild.kinds[0] != LITERAL && named.kinds[0] == LITERAL && named.levels[0].startsWith("$");
    }

    private boolean overlaps(SubjectPattern filter, int mine, int its, boolean[][] failed) {
        boolean ended = mine == kinds.length;
        boolean itsEnded = its == filter.kinds.length;
        if (ended && itsEnded) {
            return true;
        }
        if (!ended && kinds[mine] == REST || !itsEnded && filter.kinds[its] == REST) {
            return true;
        }
        if (!ended && kinds[mine] == SOME_REST) {
            return !itsEnded;
        }
        if (!itsEnded && filter.kinds[its] == SOME_REST) {
            return !ended;
        }
        if (ended || itsEnded || failed[mine][its]) {
            return false;
        }
        boolean wide = filter.kinds[its] == ONE && filter.levels[its].equals("+");
        boolean same = kinds[mine] == ONE || filter.kinds[its] == ONE || levels[mine].equals(filter.levels[its]);
        boolean found =
                same && overlaps(filter, mine + 1, its + 1, failed) || wide && overlaps(filter, mine + 1, its, failed);
        failed[mine][its] = !found;
        return found;
    }

    /** The text before the first wildcard, which all subjects that match begin with. */
    String fixedBegin() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < kinds.length; i++) {
            if (kinds[i] != LITERAL) {
                return text.toString();
            }
            text.append(i == 0 ? "" : ".").append(levels[i]);
        }
        return text.toString();
    }

    boolean hasWildcard() {
        for (byte kind : kinds) {
            if (kind != LITERAL) {
                return true;
            }
        }
        return false;
    }
}
