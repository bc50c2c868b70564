/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.FileRegion;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import io.robustmq.kafka.codec.FrameReader;
import io.robustmq.kafka.codec.MalformedRequestException;
import io.robustmq.kafka.codec.Request;
import io.robustmq.kafka.codec.Response;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.MemoryBudget;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.event.ConnectionClosed;
import io.robustmq.protocol.AccessListener;
import io.robustmq.protocol.Admission;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.ConnectionAttributes;
import io.robustmq.protocol.ConnectionInfo;
import io.robustmq.protocol.PeerCertificate;
import io.robustmq.protocol.QuotaPort;
import io.robustmq.protocol.Transport;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.FetchMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: cuts its bytes into requests, starts some of them at a time, and sends the responses in the order of the
 * requests. Not read while it has enough to do, does not read its responses, or the node is short of memory. Confined to its
 * loop.
 */
public final class KafkaConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaConnection.class);
    private static final String PROTOCOL = "kafka";
    /** Kafka's sasl.server.max.receive.size: strangers have little to say. */
    private static final int BEFORE_LOGIN_BYTES_MAX = 512 * 1024;

    /** Regions of files in responses that are not sent; beyond that no request is started. */
    private static final int FILES_HELD_MAX = 16;

    private final KafkaServices services;
    private final Channel channel;
    private final Loop loop;
    private final ConnectionInfo info;
    private final Requests requests;
    private final FrameReader frames;
    private final ArrayDeque<Exchange> exchanges = new ArrayDeque<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    /** Fetches that wait for an earlier one; their responses come in order. */
    private final ArrayDeque<Exchange> laterFetches = new ArrayDeque<>();

    private final Runnable flush = this::flush;
    private final Runnable proceed = this::proceed;
    private final Runnable fileSent = this::fileSent;
    private @Nullable ClientIdentity client;
    private @Nullable Cancellable watch;
    private final StallWatch stall;
    private int filesHeld;
    private boolean fetching;
    private final SaslLogin login = new SaslLogin(this);
    private @Nullable ClientIdentity loggedIn;
    private @Nullable Cancellable attendance;
    private @Nullable Throttle throttle;
    private boolean admitted;
    private boolean closingAfterAnswers;
    private boolean deciding;
    private boolean proceeding;
    private boolean flushing;
    private boolean draining;
    private boolean ended;

    public KafkaConnection(KafkaServices services, Channel channel, Loop loop, ConnectionInfo info, Requests requests) {
        this.services = services;
        this.channel = channel;
        this.loop = loop;
        this.info = info;
        this.requests = requests;
        this.frames = new FrameReader(
                services.limits().requestBytesMax(),
                channel.alloc(),
                services.ports().budget());
        this.admitted = services.ports().access().allowsAll();
        if (!admitted) {
            frames.atMost(Math.min(BEFORE_LOGIN_BYTES_MAX, services.limits().requestBytesMax()));
        }
        this.stall = new StallWatch(channel, loop, services.limits().answerMillisMax(), this::stalled);
        services.entered(this);
    }

    Loop loop() {
        return loop;
    }

    CompletableFuture<Void> closed() {
        return closed;
    }

    InetAddress remote() {
        return info.remote().getAddress();
    }

    Advertised address() {
        KafkaOptions options = services.options();
        Advertised told = info.transport() == Transport.TLS ? options.advertisedTls() : options.advertised();
        return told != null
                ? told
                : new Advertised(
                        info.local().getAddress().getHostAddress(), info.local().getPort());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf in)) {
            ReferenceCountUtil.release(message);
            return;
        }
        try {
            if (!ended) {
                services.counters().bytesIn.add(in.readableBytes());
                frames.read(in);
            }
        } catch (MalformedRequestException e) {
            services.counters().malformed.increment();
            close(String.valueOf(e.getMessage()));
        } finally {
            in.release();
        }
        proceed();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        proceed();
        context.fireChannelWritabilityChanged();
    }

    /** Starts what may start, and reads on if there is room. */
    void proceed() {
        if (proceeding || ended) {
            return;
        }
        proceeding = true;
        try {
            while (!ended && mayStart()) {
                ByteBuf frame = frames.next();
                if (frame == null) {
                    break;
                }
                start(frame);
            }
        } finally {
            proceeding = false;
        }
        if (!ended) {
            // Inside of a frame it is read on, or connections that wait for each other's memory would wait forever.
            boolean room = mayStart() && frames.isEmpty();
            boolean relaxed =
                    frames.isInsideOfFrame() || !services.ports().budget().underPressure();
            channel.config().setAutoRead(room && relaxed);
        }
        endWhenDrained();
    }

    private boolean mayStart() {
        Throttle limit = throttle;
        return !deciding
                && !draining
                && (limit == null || !limit.isWaiting())
                && !closingAfterAnswers
                && channel.isWritable()
                && filesHeld < FILES_HELD_MAX
                && exchanges.size() < services.limits().requestsInFlightMax();
    }

    private void start(ByteBuf frame) {
        Request request;
        try {
            request = Request.parse(frame);
        } catch (MalformedRequestException e) {
            LOG.debug("request of {}", info.remote(), e);
            services.counters().malformed.increment();
            FrameReader.release(frame, services.ports().budget());
            close(String.valueOf(e.getMessage()));
            return;
        }
        Exchange exchange = new Exchange(this, frame, request, identity(request));
        if (hurries(request)) {
            List.copyOf(exchanges).forEach(Exchange::hurry);
        }
        exchanges.add(exchange);
        watch(services.limits().answerMillisMax());
        if (isBeforeLogin(request.api())) {
            handle(exchange);
        } else if (!admitted) {
            decide(exchange);
        } else if (request.api() == ApiKeys.FETCH && fetching) {
            // Its answer stands behind that of the one before, so it must not keep memory while that one waits.
            laterFetches.add(exchange);
        } else {
            handle(exchange);
        }
    }

    /**
     * Its response stands behind those of the requests before it, so a fetch among them waits no longer: a consumer would not
     * be told of anything, nor be able to close, before an append or the end of the fetch's time. Two fetches that wait do not
     * end each other, or their client would ask for the next ones forever; one without topics only ends a session.
     */
    private static boolean hurries(Request request) {
        return !(request.data() instanceof FetchRequestData fetch)
                || fetch.sessionEpoch() == FetchMetadata.FINAL_EPOCH
                        && fetch.topics().isEmpty();
    }

    long nanos() {
        return clock().nanos();
    }

    long dueNanos() {
        return clock().nanos() + TimeUnit.MILLISECONDS.toNanos(services.limits().answerMillisMax());
    }

    private Clock clock() {
        return services.ports().clock();
    }

    private void watch(long millis) {
        if (watch == null) {
            watch = loop.schedule(millis, this::lookForTheDue);
        }
    }

    /** The last resort: whatever has gone wrong with a request, its client learns that there is no answer. */
    private void lookForTheDue() {
        watch = null;
        Exchange head = exchanges.peek();
        if (ended || head == null) {
            return;
        }
        long left = head.leftMillis(clock().nanos());
        if (left > 0) {
            watch(left);
        } else {
            LOG.warn(
                    "{} of {} has no answer: closing the connection",
                    head.request().api(),
                    info.remote());
            close("a request has no answer");
        }
    }

    private ClientIdentity identity(Request request) {
        ClientIdentity known = client;
        String id = request.clientId() == null ? "" : request.clientId();
        if (known == null || !known.clientId().equals(id) && request.known()) {
            PeerCertificate certificate =
                    channel.attr(ConnectionAttributes.CERTIFICATE).get();
            String principal = certificate == null ? null : certificate.subject();
            ClientIdentity proven = loggedIn;
            known = proven != null
                    ? proven.called(id)
                    : new ClientIdentity(
                                    Tenants.DEFAULT,
                                    PROTOCOL,
                                    id,
                                    principal,
                                    info.remote().getAddress().getHostAddress(),
                                    principal != null)
                            .showing(principal);
            client = known;
            if (principal != null && proven == null) {
                channel.attr(ConnectionAttributes.USER_NAME).set(principal);
            }
            channel.attr(ConnectionAttributes.CLIENT_ID).set(id);
        }
        return known;
    }

    /** What a client asks before it says who it is. */
    private static boolean isBeforeLogin(ApiKeys api) {
        return api == ApiKeys.API_VERSIONS || api == ApiKeys.SASL_HANDSHAKE || api == ApiKeys.SASL_AUTHENTICATE;
    }

    /** Whoever has neither logged in nor shown a certificate is nobody, who may be let in or not. */
    private void decide(Exchange first) {
        await(services.ports().access().admit(first.client(), null), admission -> {
            if (ended || admission == null || !admission.allowed()) {
                close("not allowed to connect");
                first.noReply();
                return;
            }
            admit();
            if (attend(first.client(), admission)) {
                handle(first);
            } else {
                first.noReply();
            }
        });
    }

    /** No other request is begun before the decision, which is null when there is none. */
    void await(CompletionStage<Admission> decision, Consumer<@Nullable Admission> then) {
        deciding = true;
        decision.whenComplete((admission, failure) -> loop.execute(() -> {
            deciding = false;
            then.accept(failure == null ? admission : null);
            proceed();
        }));
    }

    /** The client has proven who it is. */
    void loggedIn(ClientIdentity said, Admission admission) {
        ClientIdentity who = admission.of(said);
        String user = who.qualifiedName();
        loggedIn = who;
        client = null;
        admit();
        if (user != null) {
            channel.attr(ConnectionAttributes.USER_NAME).set(user);
        }
        attend(who, admission);
    }

    private void admit() {
        admitted = true;
        frames.atMost(services.limits().requestBytesMax());
    }

    /** False when its tenant or its user has enough connections: it is closed without a word, as Kafka does it. */
    private boolean attend(ClientIdentity who, Admission admission) {
        leave();
        if (ended) {
            return false;
        }
        if (!services.ports().tenants().exists(who.tenant())) {
            close("there is no tenant '" + who.tenant() + "'");
            return false;
        }
        QuotaPort.Entrance entrance = services.ports().quotas().enter(who, false);
        QuotaPort.Presence presence = entrance.presence();
        if (presence == null) {
            close(String.valueOf(entrance.why()));
            return false;
        }
        throttle = new Throttle(presence, loop, proceed);
        attendance = services.ports().access().attend(who, admission, new AccessListener() {
            @Override
            public void noLongerWelcome(String why) {
                loop.execute(() -> close(why));
            }

            @Override
            public void rulesChanged() {
                // Every request asks anew.
            }
        });
        return true;
    }

    private void leave() {
        Cancellable attending = attendance;
        if (attending != null) {
            attending.cancel();
        }
        Throttle limit = throttle;
        if (limit != null) {
            limit.end();
        }
    }

    SaslLogin login() {
        return login;
    }

    /** Answers what there is, and closes. */
    void closeAfterAnswers(String why) {
        LOG.debug("{} is not let in: {}", info.remote(), why);
        closingAfterAnswers = true;
    }

    private void handle(Exchange exchange) {
        boolean unknown = attendance == null
                && admitted
                && !isBeforeLogin(exchange.request().api());
        if (unknown && !attend(exchange.client(), Admission.ALLOWED)) {
            exchange.noReply();
            return;
        }
        fetching |= exchange.request().api() == ApiKeys.FETCH;
        try {
            requests.handle(exchange);
        } catch (RuntimeException e) {
            LOG.error("{} of {} failed", exchange.request().api(), info.remote(), e);
            if (!exchange.isAnswered()) {
                failOrClose(exchange, e);
            }
        }
    }

    private void failOrClose(Exchange exchange, RuntimeException why) {
        try {
            exchange.fail(why);
        } catch (RuntimeException e) {
            close("its request cannot be answered");
            exchange.noReply();
        }
    }

    /** Sends what is due: a response waits for those before it. */
    void answered(Exchange exchange) {
        if (ended) {
            // What was waiting has been given back; this one came late.
            exchange.discard();
            exchange.releaseFrame();
            return;
        }
        sendAnswered();
        if (!ended && exchange.request().api() == ApiKeys.FETCH) {
            fetching = false;
            Exchange later = laterFetches.poll();
            if (later != null) {
                handle(later);
            }
        }
        proceed();
    }

    private void sendAnswered() {
        for (Exchange next = exchanges.peek(); next != null && next.isAnswered(); next = exchanges.peek()) {
            exchanges.remove();
            ApiMessage data = next.response();
            Throttle limit = throttle;
            try {
                if (limit != null) {
                    limit.charge(next, data);
                }
                if (data != null) {
                    write(Response.write(next.request(), data, channel.alloc()), next.takeHeldBytes());
                }
            } catch (RuntimeException e) {
                LOG.error(
                        "the response to {} of {} cannot be written",
                        next.request().api(),
                        info.remote(),
                        e);
                close("a response cannot be written");
            } finally {
                next.discard();
                next.releaseFrame();
            }
            if (ended) {
                return;
            }
        }
    }

    /** @param heldBytes of the budget, given back when the response has left */
    private void write(List<ReferenceCounted> parts, long heldBytes) {
        int last = parts.size() - 1;
        long bytes = 0;
        for (ReferenceCounted part : parts) {
            bytes += part instanceof ByteBuf buffer ? buffer.readableBytes() : ((FileRegion) part).count();
        }
        services.counters().bytesOut.add(bytes);
        for (int i = 0; i < last; i++) {
            channel.write(parts.get(i), channel.voidPromise());
        }
        if (heldBytes == 0) {
            channel.write(parts.get(last), channel.voidPromise());
        } else {
            MemoryBudget budget = services.ports().budget();
            channel.write(parts.get(last)).addListener(sent -> budget.release(heldBytes));
        }
        if (!flushing) {
            flushing = true;
            services.ports().turns().of(loop).flushLater(flush);
        }
    }

    private void flush() {
        flushing = false;
        channel.flush();
        if (closingAfterAnswers && exchanges.isEmpty()) {
            // Behind what was said: the last word may still be on its way through TLS.
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> close("not let in"));
            return;
        }
        stall.watch();
        endWhenDrained();
    }

    private void stalled() {
        services.counters().stalled.increment();
        close("it does not read its responses");
    }

    boolean takesFiles() {
        return info.transport() == Transport.TCP;
    }

    KafkaServices services() {
        return services;
    }

    /** Netty does not count the bytes of files as unsent. */
    Runnable holdFile() {
        filesHeld++;
        return fileSent;
    }

    private void fileSent() {
        if (filesHeld-- == FILES_HELD_MAX && !ended) {
            // Not here: this is called in the midst of a flush.
            loop.execute(proceed);
        }
    }

    /** Answers what waits at once, ends what has begun, and closes. */
    void drain() {
        draining = true;
        List.copyOf(exchanges).forEach(Exchange::endEarly);
        endWhenDrained();
    }

    private void endWhenDrained() {
        if (draining && !ended && !flushing && exchanges.isEmpty()) {
            close("the node stops");
        }
    }

    void close(String why) {
        if (!ended) {
            LOG.debug("closing the connection of {}: {}", info.remote(), why);
            end(why);
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end("the client left");
        context.fireChannelInactive();
    }

    private void end(String why) {
        if (ended) {
            return;
        }
        ended = true;
        ClientIdentity left = client;
        ConnectionClosed.tell(
                info.id(),
                info.listener(),
                info.remote(),
                left == null ? null : left.clientId(),
                why,
                loop.clock().millis() - info.openedMillis());
        leave();
        Cancellable watching = watch;
        if (watching != null) {
            watching.cancel();
        }
        stall.cancel();
        services.left(this);
        frames.close();
        for (Exchange each = exchanges.poll(); each != null; each = exchanges.poll()) {
            if (each.isAnswered()) {
                each.discard();
                each.releaseFrame();
            } else {
                each.endEarly();
            }
        }
        for (Exchange each = laterFetches.poll(); each != null; each = laterFetches.poll()) {
            each.noReply();
        }
        closed.complete(null);
    }
}
