/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.lookup;

import io.robustmq.access.ConfiguredSource;
import io.robustmq.access.SourceLimits;
import io.robustmq.protocol.AccessRule;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Grants;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Users whose hashes lie elsewhere: looked up, compared here, and what they may do asked for when the password was right.
 * Thread-safe.
 */
public final class LookupSource implements ConfiguredSource {
    private final String name;
    private final UserDirectory directory;
    private final HashKind kind;
    private final HashKind.Salt salt;
    private final SourceLimits limits;
    private final Proofs proofs;
    private final FailureLog log;
    /** Compared when a user is not there, so that time does not tell; the last that was seen, so that it costs the same. */
    private volatile @Nullable Found decoy;

    /** @param salt where it is put, by the kinds that have one beside the hash */
    public LookupSource(
            String name,
            UserDirectory directory,
            HashKind kind,
            HashKind.Salt salt,
            SourceLimits limits,
            Proofs proofs) {
        this.name = name;
        this.directory = directory;
        this.kind = kind;
        this.salt = salt;
        this.limits = limits;
        this.proofs = proofs;
        this.log = new FailureLog(name);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public SourceLimits limits() {
        return limits;
    }

    @Override
    public String revision(ClientIdentity client) {
        return Placeholder.all(directory.uses(), client);
    }

    @Override
    public boolean knowsTenants() {
        return directory.findsBy().contains(Placeholder.TENANT);
    }

    @Override
    public CompletionStage<Answer> verify(ClientIdentity client, byte[] password) {
        Answer answer;
        try {
            boolean named = client.userName() != null && Placeholder.areTexts(directory.uses(), client);
            answer = named ? ask(client, password) : Answer.UNKNOWN;
            log.worked();
        } catch (IllegalArgumentException e) {
            // One row is wrong, not the source: others may log in.
            log.unusable(String.valueOf(client.userName()), e);
            answer = Answer.REFUSED;
        } catch (Exception | LinkageError e) {
            // A client of a database that lies beside the jar may be there in part only.
            log.failed(e, FailureLog.reason(e));
            answer = Answer.FAILED;
        }
        return CompletableFuture.completedStage(answer);
    }

    private Answer ask(ClientIdentity client, byte[] password) throws Exception {
        Found found = directory.find(client);
        if (found == null) {
            Found other = decoy;
            if (other != null) {
                matches(other, password);
            }
            return Answer.UNKNOWN;
        }
        if (found.hash().isEmpty() || password.length == 0) {
            return Answer.REFUSED;
        }
        boolean right = matches(found, password);
        decoy = found;
        if (!right) {
            return Answer.REFUSED;
        }
        Grants.Builder grants = Grants.builder().superuser(found.superuser());
        if (!found.superuser()) {
            for (AccessRule each : directory.rules(client)) {
                grants.rule(each);
            }
        }
        String proof = proofs.of(
                name,
                String.valueOf(client.userName()).getBytes(StandardCharsets.UTF_8),
                found.hash().getBytes(StandardCharsets.UTF_8),
                found.salt().getBytes(StandardCharsets.UTF_8));
        return Answer.accepted(proof, limits.remember().toMillis(), grants.build());
    }

    private boolean matches(Found found, byte[] password) {
        return kind.matches(found.hash(), found.salt(), salt, password);
    }

    @Override
    public void close() {
        directory.close();
    }
}
