package io.millrace.testing.guarantee.log;

/** Something the topics must fulfil, whatever happened; fails as an assertion that names the violation. */
public interface LogGuarantee {
    void verify(Logged logged);

    /** Verifies several at once. */
    static void verify(Logged logged, LogGuarantee... all) {
        for (var guarantee : all) {
            guarantee.verify(logged);
        }
    }
}
