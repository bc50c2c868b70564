/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A scripted peer that knows no protocol: it sends bytes and expects bytes, silence or the end of the connection, each
 * within a time. It is what bad input is sent with, because no client library would. Confined to the test's thread.
 */
public final class RawClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Socket socket;
    private final Duration timeout;
    private byte[] received = new byte[4096];
    private int from;
    private int to;
    private boolean ended;

    /** Takes a connected socket over, for instance one with TLS. */
    public RawClient(Socket owned, Duration timeout) {
        this.socket = owned;
        this.timeout = timeout;
    }

    /** Connects over TCP; every expectation has ten seconds. */
    public static RawClient connect(String host, int port) {
        return connect(host, port, TIMEOUT);
    }

    public static RawClient connect(String host, int port, Duration timeout) {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), Math.toIntExact(timeout.toMillis()));
            socket.setTcpNoDelay(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new RawClient(socket, timeout);
    }

    /** Says where a frame ends. */
    @FunctionalInterface
    public interface Framing {
        /** The length of the frame that begins at the offset, or -1 if more bytes are needed to tell. */
        int frameLength(byte[] bytes, int offset, int available);
    }

    public RawClient send(byte... bytes) {
        return send(bytes, 0, bytes.length);
    }

    public RawClient send(byte[] bytes, int offset, int length) {
        try {
            socket.getOutputStream().write(bytes, offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Sends hexadecimal digits; white space is for the reader. */
    public RawClient sendHex(String hex) {
        return send(bytes(hex));
    }

    /** Sends each byte in a segment of its own, as far as the system lets it. */
    public RawClient sendSlowly(byte... bytes) {
        for (byte value : bytes) {
            send(value);
        }
        return this;
    }

    /** Ends this direction; the peer reads an end of stream and may still answer. */
    public RawClient finishSending() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Waits for exactly this many bytes. */
    public byte[] read(int count) {
        long deadline = deadline(timeout);
        while (to - from < count) {
            receiveOrFail(deadline, count + " bytes");
        }
        return take(count);
    }

    /** Waits for one frame. */
    public byte[] readFrame(Framing framing) {
        long deadline = deadline(timeout);
        while (true) {
            int length = framing.frameLength(received, from, to - from);
            if (length >= 0 && length <= to - from) {
                return take(length);
            }
            receiveOrFail(deadline, "a frame");
        }
    }

    /** Waits for these bytes and nothing else before them. */
    public RawClient expect(byte... expected) {
        byte[] actual = read(expected.length);
        if (!Arrays.equals(actual, expected)) {
            throw new AssertionError("expected " + hex(expected) + " but received " + hex(actual));
        }
        return this;
    }

    public RawClient expectHex(String hex) {
        return expect(bytes(hex));
    }

    /** Waits for the peer to close, by FIN or by reset, without another byte. */
    public void expectClose() {
        long deadline = deadline(timeout);
        while (from == to && receive(deadline)) {
            // until something has come
        }
        if (from < to) {
            throw new AssertionError("expected the end but received " + hex(rest()));
        }
        if (!ended) {
            throw new AssertionError("the peer did not close within " + timeout);
        }
    }

    /** Waits for the peer to close and returns what it said before. */
    public byte[] readUntilClose() {
        long deadline = deadline(timeout);
        while (receive(deadline)) {
            // until the end
        }
        if (!ended) {
            throw new AssertionError("the peer did not close within " + timeout + "; received " + hex(rest()));
        }
        return take(to - from);
    }

    /** Waits this long for nothing to arrive, not even an end. */
    public RawClient expectSilence(Duration duration) {
        long deadline = deadline(duration);
        while (from == to && receive(deadline)) {
            // until something has come
        }
        if (from < to || ended) {
            throw new AssertionError("expected silence but received " + (from < to ? hex(rest()) : "the end"));
        }
        return this;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the connection with a reset instead of a FIN, as a crash or a broken network does. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        close();
    }

    public Socket socket() {
        return socket;
    }

    private void receiveOrFail(long deadline, String expected) {
        if (!receive(deadline)) {
            String reason = ended ? "the peer closed" : "nothing more came within " + timeout;
            throw new AssertionError("expected " + expected + " but " + reason + "; received " + hex(rest()));
        }
    }

    /** Receives something; false at the end of the stream or when time is up. */
    private boolean receive(long deadline) {
        if (ended) {
            return false;
        }
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            return false;
        }
        makeRoom();
        try {
            socket.setSoTimeout((int) Math.min(millis, Integer.MAX_VALUE));
            int count = socket.getInputStream().read(received, to, received.length - to);
            if (count < 0) {
                ended = true;
                return false;
            }
            to += count;
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            ended = true; // a reset is as good an end as a FIN
            return false;
        }
    }

    private void makeRoom() {
        if (from > 0) {
            System.arraycopy(received, from, received, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == received.length) {
            received = Arrays.copyOf(received, received.length * 2);
        }
    }

    private byte[] take(int count) {
        byte[] taken = Arrays.copyOfRange(received, from, from + count);
        from += count;
        return taken;
    }

    private byte[] rest() {
        return Arrays.copyOfRange(received, from, to);
    }

    private static long deadline(Duration duration) {
        return System.nanoTime() + duration.toNanos();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }

    private static String hex(byte[] bytes) {
        return "[" + HexFormat.of().formatHex(bytes) + "]";
    }
}
