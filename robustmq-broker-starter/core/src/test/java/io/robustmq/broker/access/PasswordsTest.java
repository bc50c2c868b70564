/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.RandomSource;
import io.robustmq.kernel.sim.SimScheduler;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {

    /** Written by other programs: the reference argon2, crypt(3), Python's hashlib, mosquitto_passwd. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "argon2id|password|$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "bcrypt|sesame|$2b$05$abcdefghijklmnopqrstuuKcS.CYWVYVaLiiCKrrc0A5s3mGesJ9O",
                "pbkdf2-sha256|sesame|$pbkdf2-sha256$29000$c2FsdHNhbHRzYWx0MTIzNA$2966qLbfLJHfrUCMSYxHFJmwnvTxwfpo.Lk1zcol5SU",
                "pbkdf2-sha512|sesame|$pbkdf2-sha512$25000$c2FsdHNhbHRzYWx0MTIzNA$dagEJNu.30isS166vgj7SnG8Icunc.jgRMtFcbJj9JDTfV.9wdsotjbfqhNY89zPI5VnDJsSY.ezifA4BBtpFg",
                "ssha256|sesame|{SSHA256}46Cw5/t2CJz8AJRRuioD8+2V1UO2w/oW4rAkdvmNXnlzYWx0c2FsdHNhbHQxMjM0",
                "ssha512|sesame|{SSHA512}MgLrHEl2ii5RaNWyi4ccy5Aho3JeEtuc+TkhmAFBuJJ4JdGsRfWfPN7W9hp6dwtNNfNi6Mr9RSkJnfqdWflA7nNhbHRzYWx0c2FsdDEyMzQ=",
                "mosquitto-pbkdf2-sha512|sesame|$7$101$K/N+wUGD1oowqFoP$frYm5KRvc39GfxI1p9oHYST3WlcwYNjngZPUWsPHPP5032M1TUOv2z8BVtLEL88B29+uCMqZk2a3wXRyjx+7vQ==",
                "mosquitto-sha512|p@ss wörd|$6$v62BKr5gLJ0iZxVo$F4VtN3f/uC4HLCuXssUPHx1IgT1aQvakSAT0Y13EiCC2HorcVxHBTEaBnftjFE6gr9Jo2MU9qvQpKeHdV+msHw==",
            })
    void hashesOfOthersAreChecked(String kind, String password, String hash) {
        assertThat(Passwords.kindOf(hash)).isEqualTo(kind);
        assertThat(Passwords.isKnown(hash)).isTrue();
        assertThat(Passwords.matches(hash, bytes(password))).isTrue();
        assertThat(Passwords.matches(hash, bytes(password + "x"))).isFalse();
        assertThat(Passwords.matches(hash, bytes(""))).isFalse();
    }

    @Test
    void aNewHashIsArgon2idWithASaltOfItsOwn() {
        RandomSource random = new SimScheduler(7).random("salts");
        String first = Passwords.hash(bytes("sesame"), random);
        assertThat(first).startsWith("$argon2id$v=19$m=6144,t=2,p=1$").doesNotContain("sesame");
        assertThat(Passwords.hash(bytes("sesame"), random)).isNotEqualTo(first);
        assertThat(Passwords.matches(first, bytes("sesame"))).isTrue();
        assertThat(Passwords.matches(first, bytes("Sesame"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sesame",
                "$1$saltsalt$abcdefgh",
                "$6$saltsalt$g3uPFdehVnKoLXdidvSAg1zlVgYomPr0X/xgdXSBn2LuxZUOGgYW4IULZkguZ77fzYteIur49AGHmF9iek6Sf1",
                "$argon2id$v=19$m=2097152,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=65536,t=2$c29tc2FsdA$CTFh",
                "$2b$31$abcdefghijklmnopqrstuuKcS.CYWVYVaLiiCKrrc0A5s3mGesJ9O",
                "$7$2000000$c2FsdA==$c2FsdA==",
                "$7$101$c2FsdA==",
                "{SSHA}46Cw5/t2CJz8AJRRuioD8w==",
                "{SSHA256}46Cw",
            })
    void whatCannotBeCheckedOrCostsTooMuchIsRefused(String hash) {
        assertThatThrownBy(() -> Passwords.kindOf(hash)).hasMessageContaining("known are");
        assertThat(Passwords.isKnown(hash)).isFalse();
        assertThat(Passwords.matches(hash, bytes("sesame"))).isFalse();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
