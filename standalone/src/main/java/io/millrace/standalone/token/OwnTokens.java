package io.millrace.standalone.token;

import io.millrace.gate.token.DevelopmentTokens;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Here, and in no other program, the tokens of this program's own key are good (SEC-1, RUN-2). */
@Singleton
class OwnTokens {
    @Produces
    @Singleton
    DevelopmentTokens accepted() {
        return DevelopmentTokens.ACCEPTED;
    }
}
