/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.failure;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.robustmq.kernel.RmqError;
import io.robustmq.node.StartRefusedException;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.ApplicationContextException;
import org.springframework.core.io.support.SpringFactoriesLoader;

class FailureAnalyzersTest {

    private static FailureAnalysis analyze(Throwable failure) {
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(
                        FailureAnalyzer.class,
                        SpringFactoriesLoader.FailureHandler.logging(
                                org.apache.commons.logging.LogFactory.getLog(FailureAnalyzersTest.class)))
                .stream()
                .map(analyzer -> analyzer.analyze(failure))
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aRefusalIsSaidInItsOwnWordsHoweverItIsWrapped() {
        Throwable failure = new ApplicationContextException(
                "Failed to start bean 'x'",
                new BeanCreationException("y", new StartRefusedException("The port is taken.", "Take another.")));
        FailureAnalysis analysis = analyze(failure);
        assertThat(analysis.getDescription()).isEqualTo("The port is taken.");
        assertThat(analysis.getAction()).isEqualTo("Take another.");
    }

    @Test
    void aValueThatTheCoreRefusesIsSaidToo() {
        FailureAnalysis analysis =
                analyze(new BeanCreationException("y", RmqError.INVALID_CONFIG.exception("a node id is 1 or more")));
        assertThat(analysis.getDescription()).contains("a node id is 1 or more");
        assertThat(analysis.getAction()).isNotBlank();
    }

    @Test
    void anotherFaultIsNotOurs() {
        assertThat(new StartRefusedFailureAnalyzer().analyze(new IllegalStateException("boo")))
                .isNull();
        assertThat(new ConfigurationFailureAnalyzer().analyze(RmqError.INTERNAL.exception("boo")))
                .isNull();
    }

    @Test
    void theReporterNeedsTwoLines() {
        Logger logger = (Logger) LoggerFactory.getLogger("io.robustmq.start");
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        new TwoLineFailureReporter()
                .report(new FailureAnalysis("What\n   happened.", "What\nto do.", new IllegalStateException()));
        new TwoLineFailureReporter().report(new FailureAnalysis("Happened.", null, new IllegalStateException()));
        logger.detachAppender(appender);
        assertThat(appender.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("What happened.", "What to do.", "Happened.", "See the log above.");
        assertThat(appender.list)
                .allSatisfy(event -> assertThat(event.getThrowableProxy()).isNull());
    }
}
