/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import java.util.List;

/** Ways in which an engine can be wrong, each with the rules of the suite that must notice it. */
enum Defect {
    OFFSETS_ARE_NOT_DENSE("offsetsAreDenseAndBatchesAreKeptAsTheyWere", "theShardBehavesLikeAPlainList"),
    EPOCH_IS_NOT_PATCHED("theEpochIsPatchedIntoTheBatch"),
    APPENDED_BUFFER_LEAKS("offsetsAreDenseAndBatchesAreKeptAsTheyWere", "aTooLargeBatchIsRefusedWithoutEffect"),
    READ_BUFFER_LEAKS("aReadBeginsWithTheBatchThatHoldsTheOffset"),
    COMPLETES_TWICE("offsetsAreDenseAndBatchesAreKeptAsTheyWere", "completionsComeInTheOrderOfTheAppends"),
    COMPLETES_OUT_OF_ORDER("completionsComeInTheOrderOfTheAppends"),
    LOSES_CALLBACKS_OF_CLOSED_STORES("aClosedStoreAnswersClosed", "everyCallbackFiresExactlyOnceWhenTheEngineCloses"),
    FENCED_APPENDS_SUCCEED(
            "anOlderEpochIsFencedWithoutEffect",
            "contendingOwnersNeverBothAcknowledge",
            "theShardBehavesLikeAPlainList"),
    OLD_EPOCHS_MAY_OPEN("anOlderEpochCannotOpen"),
    LARGE_BATCHES_PASS("aTooLargeBatchIsRefusedWithoutEffect"),
    READS_BELOW_THE_START_ARE_EMPTY("aReadBelowTheStartNamesTheStart"),
    READS_BEYOND_THE_END_ARE_EMPTY("aReadBeyondTheEndIsOutOfRange"),
    READS_CROSS_THE_WATERMARK("aReadAtTheHighWatermarkIsEmpty", "everyReaderSeesTheSameSequence"),
    READS_SKIP_A_BATCH("aReadBeginsWithTheBatchThatHoldsTheOffset", "theShardBehavesLikeAPlainList"),
    MAX_BYTES_IS_IGNORED("maxBytesIsASoftLimit"),
    MAX_OFFSET_IS_IGNORED("maxOffsetEndsARead"),
    GAPS_ARE_SILENT("aReaderThatIsOvertakenByRetentionIsTold"),
    LISTENERS_HEAR_NOTHING("listenersHearTheLatestHighWatermark"),
    WATERMARK_GOES_BACK("listenersHearTheLatestHighWatermark"),
    TIME_IS_ONE_OFF("theFirstRecordAtOrAfterATimeIsFound", "theShardBehavesLikeAPlainList"),
    LATEST_IS_UNKNOWN("timesMayGoBack"),
    PREFIX_STAYS("aPrefixIsDeletedAndTheRestStays", "theShardBehavesLikeAPlainList"),
    REPLACED_RANGE_STAYS("aReplacedRangeKeepsOffsetsAndLeavesGaps", "theShardBehavesLikeAPlainList"),
    REPLACEMENT_LEAKS("aReplacementOutsideItsRangeIsRefusedWithoutEffect"),
    STATE_IS_NOT_REPLACED("stateIsKeptByNameAndReplaced", "theShardBehavesLikeAPlainList"),
    STATE_LEAKS("stateIsKeptByNameAndReplaced"),
    NOTHING_EVER_GOES(
            "theOldestGoBeyondTheLimitInBytes", "theOldestGoBeyondTheLimitInRecords", "theOldestGoWhenTheirTimeIsOver"),
    TOO_MUCH_GOES("nothingGoesWithinTheLimits", "theOldestGoBeyondTheLimitInBytes"),
    PINS_ARE_IGNORED("aPinHoldsWhatRetentionWouldDrop", "theLowestPinCounts"),
    DESTROYED_SHARDS_STAY("aDestroyedShardStartsAtZero"),
    CLOSING_FORGETS("aClosedStoreKeepsItsDataForTheNextOwner"),
    CLAIMS_TO_BE_DURABLE("whatWasForcedSurvivesACrash", "aDurableEngineFindsItsDataAgain"),
    TAKES_UNLIMITED("anEngineThatCannotKeepAllRefusesToTry");

    private final List<String> noticedBy;

    Defect(String... noticedBy) {
        this.noticedBy = List.of(noticedBy);
    }

    List<String> noticedBy() {
        return noticedBy;
    }
}
