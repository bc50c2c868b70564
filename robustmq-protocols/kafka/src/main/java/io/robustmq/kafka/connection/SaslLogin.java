/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.connection;

import io.robustmq.protocol.AccessPort;
import io.robustmq.protocol.Admission;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Grants;
import io.robustmq.protocol.ScramSecret;
import io.robustmq.protocol.TenantPort;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.sasl.SaslException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.oauthbearer.internals.OAuthBearerClientInitialResponse;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.ScramCredentialCallback;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.security.scram.internals.ScramSaslServer;
import org.jspecify.annotations.Nullable;

/**
 * One connection's SASL exchange: PLAIN, SCRAM with Kafka's own server of it, and OAUTHBEARER where tokens are read. Who logs in
 * for a while only is told for how long and may log in again as the same one (KIP-368). A failure is answered, and the connection
 * closed behind the answer. Confined to the connection's loop.
 */
final class SaslLogin {
    private static final String PLAIN = "PLAIN";
    private static final String OAUTHBEARER = "OAUTHBEARER";
    private static final List<String> MECHANISMS = List.of(PLAIN, "SCRAM-SHA-256", "SCRAM-SHA-512");
    private static final List<String> WITH_TOKENS = List.of(PLAIN, "SCRAM-SHA-256", "SCRAM-SHA-512", OAUTHBEARER);
    private static final int TOKEN_BYTES_MAX = 16 * 1024;
    private static final int NAME_CHARS_MAX = 256;

    private final KafkaConnection connection;
    private @Nullable String mechanism;
    private @Nullable ScramSaslServer scram;
    private @Nullable String claimed;
    private boolean finished;
    /** Null until somebody has logged in. */
    private @Nullable ClientIdentity loggedIn;

    SaslLogin(KafkaConnection connection) {
        this.connection = connection;
    }

    void handle(Exchange exchange) {
        if (exchange.request().data() instanceof SaslHandshakeRequestData handshake) {
            handshake(exchange, handshake);
        } else if (exchange.request().data() instanceof SaslAuthenticateRequestData token) {
            authenticate(exchange, token.authBytes());
        } else {
            throw new IllegalStateException("not a request of SASL");
        }
    }

    private void handshake(Exchange exchange, SaslHandshakeRequestData handshake) {
        List<String> offered = access().takesTokens() ? WITH_TOKENS : MECHANISMS;
        SaslHandshakeResponseData answer = new SaslHandshakeResponseData().setMechanisms(offered);
        if (exchange.version() == 0) {
            // Its tokens would come without the header of a request; whoever is that old is not served.
            exchange.reply(answer.setErrorCode(Errors.UNSUPPORTED_VERSION.code()));
            return;
        }
        if (mechanism != null && !isAgain(handshake.mechanism())) {
            exchange.reply(answer.setErrorCode(Errors.ILLEGAL_SASL_STATE.code()));
            connection.closeAfterAnswers("a second handshake of SASL");
            return;
        }
        if (!offered.contains(handshake.mechanism())) {
            exchange.reply(answer.setErrorCode(Errors.UNSUPPORTED_SASL_MECHANISM.code()));
            connection.closeAfterAnswers("no mechanism of SASL that is known here");
            return;
        }
        mechanism = handshake.mechanism();
        finished = false;
        scram = null;
        claimed = null;
        exchange.reply(answer);
    }

    /** Whose log-in ends may log in again before that, in the same way. */
    private boolean isAgain(String wanted) {
        ClientIdentity before = loggedIn;
        return finished
                && before != null
                && before.grants().expiresAtMillis() != Grants.NEVER
                && wanted.equals(mechanism);
    }

    private void authenticate(Exchange exchange, byte[] token) {
        String chosen = mechanism;
        if (chosen == null || finished) {
            refuse(exchange, Errors.ILLEGAL_SASL_STATE, "SaslHandshake comes first, and a log-in once");
        } else if (token.length > TOKEN_BYTES_MAX) {
            refuse(exchange, Errors.SASL_AUTHENTICATION_FAILED, "the token is too long");
        } else if (chosen.equals(PLAIN)) {
            plain(exchange, token);
        } else if (chosen.equals(OAUTHBEARER)) {
            bearer(exchange, token);
        } else {
            scram(exchange, chosen, token);
        }
    }

    /** RFC 4616: the one to act for, which may only be the user himself, the user, the password; NUL between them. */
    private void plain(Exchange exchange, byte[] token) {
        int first = indexOf(token, 0);
        int second = first < 0 ? -1 : indexOf(token, first + 1);
        if (second < 0 || indexOf(token, second + 1) >= 0) {
            refuse(exchange, Errors.SASL_AUTHENTICATION_FAILED, "the token is none of PLAIN");
            return;
        }
        String actsFor = new String(token, 0, first, StandardCharsets.UTF_8);
        String user = new String(token, first + 1, second - first - 1, StandardCharsets.UTF_8);
        if (user.isEmpty() || !actsFor.isEmpty() && !actsFor.equals(user)) {
            refuse(exchange, Errors.SASL_AUTHENTICATION_FAILED, "nobody acts for another here");
            return;
        }
        byte[] password = Arrays.copyOfRange(token, second + 1, token.length);
        ClientIdentity client = identity(exchange, user);
        finish(exchange, client, access().admit(client, password), new byte[0]);
    }

    private static int indexOf(byte[] token, int from) {
        for (int i = from; i < token.length; i++) {
            if (token[i] == 0) {
                return i;
            }
        }
        return -1;
    }

    /** RFC 7628: who the client is stands in the token; it may say so beside it, and then it must be true. */
    private void bearer(Exchange exchange, byte[] response) {
        OAuthBearerClientInitialResponse said;
        try {
            said = new OAuthBearerClientInitialResponse(response);
        } catch (SaslException e) {
            refuse(exchange, Errors.SASL_AUTHENTICATION_FAILED, "the token is none of OAUTHBEARER");
            return;
        }
        ClientIdentity client = identity(exchange, null);
        byte[] token = said.tokenValue().getBytes(StandardCharsets.UTF_8);
        CompletionStage<Admission> decision = access().admitToken(client, token).thenApply(admission -> {
            String user = admission.of(client).userName();
            String actsFor = said.authorizationId();
            boolean oneself = actsFor.isEmpty() || actsFor.equals(user);
            return admission.allowed() && (user == null || !oneself)
                    ? Admission.refused(Admission.Verdict.BAD_CREDENTIALS)
                    : admission;
        });
        finish(exchange, client, decision, new byte[0]);
    }

    private void scram(Exchange exchange, String chosen, byte[] token) {
        try {
            ScramSaslServer server = scram;
            if (server == null) {
                server = new ScramSaslServer(ScramMechanism.forMechanismName(chosen), Map.of(), this::callback);
                scram = server;
            }
            byte[] answer = server.evaluateResponse(token);
            if (!server.isComplete()) {
                exchange.reply(new SaslAuthenticateResponseData().setAuthBytes(answer));
                return;
            }
            ClientIdentity client = identity(exchange, server.getAuthorizationID());
            finish(exchange, client, access().admitProven(client), answer);
        } catch (SaslException | SaslAuthenticationException | NoSuchAlgorithmException e) {
            String name = claimed;
            if (name == null || name.length() > NAME_CHARS_MAX) {
                refuse(exchange, Errors.SASL_AUTHENTICATION_FAILED, "the token is none of " + chosen);
            } else {
                ClientIdentity client = identity(exchange, name);
                finish(exchange, client, access().refuseUnproven(client), new byte[0]);
            }
        }
    }

    private void callback(Callback[] callbacks) {
        for (Callback each : callbacks) {
            if (each instanceof NameCallback name) {
                claimed = name.getDefaultName();
                name.setName(claimed);
            } else if (each instanceof ScramCredentialCallback credential && claimed != null && mechanism != null) {
                TenantPort.Named named = named(claimed);
                String user = named.userName();
                ScramSecret secret = user == null ? null : access().scram(named.tenant(), user, mechanism);
                if (secret != null) {
                    credential.scramCredential(new ScramCredential(
                            secret.salt(), secret.storedKey(), secret.serverKey(), secret.iterations()));
                }
            }
        }
    }

    private TenantPort.Named named(@Nullable String said) {
        return connection.services().ports().tenants().of(null, said);
    }

    private ClientIdentity identity(Exchange exchange, @Nullable String user) {
        ClientIdentity before = exchange.client();
        TenantPort.Named named = named(user);
        return new ClientIdentity(
                        named.tenant(), before.protocol(), before.clientId(), named.userName(), before.remoteAddress())
                .showing(before.certificate());
    }

    private void finish(
            Exchange exchange, ClientIdentity client, CompletionStage<Admission> decision, byte[] lastWord) {
        connection.await(decision, admission -> {
            if (admission == null || !admission.allowed()) {
                boolean busy = admission != null && admission.verdict() == Admission.Verdict.BUSY;
                refuse(
                        exchange,
                        Errors.SASL_AUTHENTICATION_FAILED,
                        busy ? "it cannot be decided now: try again later" : "user, password or token are not right");
                return;
            }
            ClientIdentity proven = admission.of(client);
            ClientIdentity before = loggedIn;
            if (before != null && !isSame(before, proven)) {
                refuse(exchange, Errors.SASL_AUTHENTICATION_FAILED, "who logs in again is the same as before");
                return;
            }
            finished = true;
            loggedIn = proven;
            connection.loggedIn(client, admission);
            exchange.reply(new SaslAuthenticateResponseData()
                    .setAuthBytes(lastWord)
                    .setSessionLifetimeMs(lifetimeMillis(admission.grants())));
        });
    }

    private static boolean isSame(ClientIdentity before, ClientIdentity now) {
        return before.tenant().equals(now.tenant()) && Objects.equals(before.userName(), now.userName());
    }

    /** 0 without an end, as in Kafka; a client logs in again before it comes (KIP-368). */
    private long lifetimeMillis(Grants grants) {
        long expires = grants.expiresAtMillis();
        return expires == Grants.NEVER
                ? 0
                : Math.max(1, expires - connection.services().ports().clock().millis());
    }

    private void refuse(Exchange exchange, Errors error, String why) {
        exchange.reply(
                new SaslAuthenticateResponseData().setErrorCode(error.code()).setErrorMessage(why));
        connection.closeAfterAnswers(why);
    }

    private AccessPort access() {
        return connection.services().ports().access();
    }
}
