/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Plays the scripts in {@code src/test/resources/subject}. Lines that start with {@code ->} are results; to write them anew after a
 * change that is meant, run with {@code -Drobustmq.golden.update=true} and review the difference.
 *
 * <pre>
 * sub slash|dot FILTER SUBSCRIBER
 * unsub slash|dot FILTER SUBSCRIBER
 * match slash|dot SUBJECT            -> FILTER-SPELLING SUBSCRIBER as SUBJECT-AS-DELIVERED
 * match-more slash|dot SUBJECT       the tenant allows wildcards to see the other spelling
 * count                              filters, subscriptions, subjects without a legal spelling
 * legal slash|dot SUBJECT            as subject, as filter, across
 * </pre>
 *
 * In texts {@code \s} is a space, {@code \t} a tab, {@code \0} U+0000 and {@code \e} nothing at all.
 */
class GoldenScriptTest {
    private static final String UPDATE = "robustmq.golden.update";

    @ParameterizedTest
    @ValueSource(strings = {"mqtt.txt", "nats.txt", "crossing.txt", "legality.txt"})
    void answersAsRecorded(String script) throws IOException {
        Path path = Path.of("src/test/resources/subject", script);
        List<String> recorded = Files.readAllLines(path);
        List<String> played = play(recorded);
        if (Boolean.getBoolean(UPDATE)) {
            Files.write(path, played);
        }
        assertThat(recorded.stream().filter(line -> line.startsWith("->"))).isNotEmpty();
        assertThat(String.join("\n", played)).isEqualTo(String.join("\n", recorded));
    }

    private static List<String> play(List<String> script) {
        SubscriptionIndex<String> index = new SubscriptionIndex<>(script.size());
        List<String> played = new ArrayList<>();
        for (String line : script) {
            if (line.startsWith("->")) {
                continue;
            }
            played.add(line);
            if (!line.isBlank() && !line.startsWith("#")) {
                run(index, line.trim().split(" +")).forEach(result -> played.add("-> " + result));
            }
        }
        return played;
    }

    private static List<String> run(SubscriptionIndex<String> index, String[] words) {
        if (words[0].equals("count")) {
            return List.of("%d filters, %d subscriptions, %d unspellable"
                    .formatted(index.filters(), index.subscriptions(), index.unspellable()));
        }
        Spelling spelling = Spelling.valueOf(words[1].toUpperCase(Locale.ROOT));
        String text = unescape(words[2]);
        return switch (words[0]) {
            case "sub" -> subscribe(index, spelling, text, words[3]);
            case "unsub" -> index.remove(spelling, text, words[3]) ? List.of() : List.of("was not there");
            case "match" -> match(index, spelling, text, false);
            case "match-more" -> match(index, spelling, text, true);
            case "legal" -> legal(spelling, text);
            default -> throw new IllegalArgumentException("unknown command " + words[0]);
        };
    }

    private static List<String> subscribe(
            SubscriptionIndex<String> index, Spelling spelling, String filter, String subscriber) {
        try {
            return index.add(spelling, filter, subscriber) ? List.of() : List.of("was there");
        } catch (IllegalArgumentException refused) {
            return List.of("refused: " + escape(refused.getMessage()));
        }
    }

    private static List<String> match(
            SubscriptionIndex<String> index, Spelling published, String subject, boolean wildcardsCross) {
        List<String> found = new ArrayList<>();
        index.match(published, subject, wildcardsCross, (filterSpelling, subjectSpelling, subscriber) -> {
            String delivered = Subjects.translate(subject, published, subjectSpelling);
            found.add(name(filterSpelling) + " " + subscriber + " as " + escape(delivered));
        });
        found.sort(null);
        return found.isEmpty() ? List.of("nobody") : found;
    }

    private static List<String> legal(Spelling spelling, String text) {
        SubjectProblem subject = Subjects.subjectProblem(spelling, text);
        SubjectProblem filter = Subjects.filterProblem(spelling, text);
        SubjectProblem across = Subjects.crossingProblem(spelling, text);
        return List.of("subject %s, filter %s, across %s".formatted(say(subject), say(filter), say(across)));
    }

    private static String say(SubjectProblem problem) {
        return problem == null ? "ok" : problem.name();
    }

    private static String name(Spelling spelling) {
        return spelling.name().toLowerCase(Locale.ROOT);
    }

    private static String unescape(String text) {
        return text.replace("\\s", " ")
                .replace("\\t", "\t")
                .replace("\\0", "\0")
                .replace("\\e", "");
    }

    private static String escape(String text) {
        return text.replace("\t", "\\t").replace("\0", "\\0");
    }
}
