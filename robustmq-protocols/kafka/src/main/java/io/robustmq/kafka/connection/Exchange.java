/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.connection;

import io.netty.buffer.ByteBuf;
import io.robustmq.kafka.codec.FrameReader;
import io.robustmq.kafka.codec.Request;
import io.robustmq.kafka.codec.StoredRecords;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.MemoryBudget;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.protocol.ClientIdentity;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** A request and the place of its response in the order of the connection. Confined to the connection's loop. */
public final class Exchange {
    private final KafkaConnection connection;
    private final ByteBuf frame;
    private final Request request;
    private final ClientIdentity client;
    private final long startNanos;
    private @Nullable ApiMessage response;
    private @Nullable Runnable onEarlyEnd;
    private boolean answered;
    private boolean patient;
    private boolean hurried;
    private long dueNanos;
    private long heldBytes;
    private int produced;

    Exchange(KafkaConnection connection, ByteBuf frame, Request request, ClientIdentity client) {
        this.connection = connection;
        this.frame = frame;
        this.request = request;
        this.client = client;
        this.startNanos = connection.nanos();
        this.dueNanos = connection.dueNanos();
    }

    public Request request() {
        return request;
    }

    public short version() {
        return request.version();
    }

    public ClientIdentity client() {
        return client;
    }

    public Loop loop() {
        return connection.loop();
    }

    /** Where the client is told to find this broker. */
    public Advertised address() {
        return connection.address();
    }

    /** A step of the client's log-in. */
    public void login() {
        connection.login().handle(this);
    }

    /** Where the client is. */
    public InetAddress remote() {
        return connection.remote();
    }

    /** The i-th records of the request as they lie in its frame, not yet looked at; the caller owns the reference. */
    public RecordBatch records(int i) {
        return new RecordBatch(frame.retainedSlice(
                request.records().position(i), request.records().length(i)));
    }

    /** So many more records are in the request. */
    public void produced(int records) {
        produced += records;
    }

    int produced() {
        return produced;
    }

    int frameBytes() {
        return frame.writerIndex();
    }

    /** Whether the connection takes regions of files for an answer; one that encrypts does not. */
    public boolean takesFiles() {
        return connection.takesFiles();
    }

    /** Memory that the answer keeps until it is sent. */
    public void hold(int bytes) {
        heldBytes += bytes;
        budget().reserve(bytes);
    }

    /** The answer keeps a region of a file until it is sent, and then runs what is returned. */
    public Runnable holdFile() {
        return connection.holdFile();
    }

    /** The client has said that it waits that much longer than for an answer that is due at once. */
    public void mayTake(long millis) {
        dueNanos += TimeUnit.MILLISECONDS.toNanos(Math.max(0, millis));
    }

    long leftMillis(long nowNanos) {
        return TimeUnit.NANOSECONDS.toMillis(dueNanos - nowNanos);
    }

    /**
     * What to do when the answer is wanted earlier than the client said, once: when the connection ends or drains, or another
     * request stands behind. Gives back what waits, and answers now or with the next chance.
     */
    public void onEarlyEnd(Runnable end) {
        if (hurried) {
            end.run();
        } else {
            onEarlyEnd = end;
        }
    }

    /** The same, but whoever stands behind waits: only when the connection ends or drains. */
    public void onEnd(Runnable end) {
        onEarlyEnd = end;
        patient = true;
    }

    /** Once; from any thread. */
    public void reply(ApiMessage data) {
        if (loop().inLoop()) {
            answer(data);
        } else {
            loop().execute(() -> answer(data));
        }
    }

    /** When all of it is done, well or not. */
    public void reply(ApiMessage data, List<CompletableFuture<?>> work) {
        CompletableFuture.allOf(work.toArray(CompletableFuture[]::new)).whenComplete((done, failure) -> reply(data));
    }

    /** The client waits for no response. */
    public void noReply() {
        answer(null);
    }

    /** Answers with the error in all places where the response of this API has one; from any thread. */
    public void fail(Throwable cause) {
        counter().errors.increment();
        reply(request.body().getErrorResponse(0, cause).data());
    }

    /** The client may not: counted, and answered with this error where the response has it. */
    public Errors denied(Errors error) {
        connection.services().ports().access().denied(client);
        return error;
    }

    /** Ends the connection instead of an answer: what Kafka does when nobody waits for one that says why. */
    public void close(String why) {
        connection.close(why);
    }

    private void answer(@Nullable ApiMessage data) {
        if (answered) {
            throw new IllegalStateException(request.api() + " is answered twice");
        }
        answered = true;
        KafkaCounters.Api counter = counter();
        counter.requests.increment();
        counter.nanos.add(connection.nanos() - startNanos);
        onEarlyEnd = null;
        response = data;
        connection.answered(this);
    }

    private KafkaCounters.Api counter() {
        return connection.services().counters().api(request.api().id, () -> request.api().name);
    }

    boolean isAnswered() {
        return answered;
    }

    @Nullable
    ApiMessage response() {
        return response;
    }

    /** Another request stands behind. */
    void hurry() {
        if (!patient) {
            endEarly();
        }
    }

    void endEarly() {
        hurried = true;
        Runnable end = onEarlyEnd;
        if (end != null) {
            onEarlyEnd = null;
            end.run();
        }
    }

    /** The request is of no more use. */
    void releaseFrame() {
        FrameReader.release(frame, budget());
    }

    /** What the answer holds until it is sent; the caller gives it back. */
    long takeHeldBytes() {
        long bytes = heldBytes;
        heldBytes = 0;
        return bytes;
    }

    /** There is no answer after all, or nobody to send it to. */
    void discard() {
        if (response instanceof FetchResponseData fetched) {
            fetched.responses()
                    .forEach(topic -> topic.partitions().forEach(partition -> {
                        if (partition.records() instanceof StoredRecords stored) {
                            stored.release();
                        }
                    }));
        }
        budget().release(takeHeldBytes());
    }

    private MemoryBudget budget() {
        return connection.services().ports().budget();
    }
}
