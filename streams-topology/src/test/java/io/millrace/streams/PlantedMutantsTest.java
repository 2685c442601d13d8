package io.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Mistakes planted in the write path, one at a time: each must break a promise of {@link WritePathPromises}, or these prove nothing. */
class PlantedMutantsTest {
    private static final int TRIES = 60;

    @TestFactory
    Stream<DynamicTest> noticesThat() {
        return Mutant.ALL.stream().map(mutant -> DynamicTest.dynamicTest(mutant.mistake(), () ->
                assertThat(trial(Map.of(mutant.className(), mutant.code()), TRIES)).as("promise broken when %s", mutant.mistake()).isNotNull()));
    }

    @Test
    void findsNothingInTheCodeAsItIs() throws Exception {
        assertThat(trial(Map.of(), TRIES)).isNull();
    }

    private static String trial(Map<String, String> changed, int tries) throws Exception {
        var trial = new MutantCode(changed).loadClass(PromiseTrial.class.getName()).getConstructor(int.class).newInstance(tries);
        return (String) ((Callable<?>) trial).call();
    }
}
