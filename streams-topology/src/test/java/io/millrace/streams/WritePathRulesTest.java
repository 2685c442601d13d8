package io.millrace.streams;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What the write path's decisions may know: the words of the contract and nothing of stores, streams, clocks or frameworks. */
class WritePathRulesTest {
    private static final String LANE = "io.millrace.streams.lane..";
    private static final String ROOM = "io.millrace.streams.room..";

    private final JavaClasses streams =
            new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.millrace.streams");

    @Test
    void laneDecisionsArePure() {
        classes().that().resideInAPackage("io.millrace.streams.lane.queue..")
                .should().onlyDependOnClassesThat().resideInAnyPackage("java..", "io.millrace.contract.frame..", "io.millrace.contract.json..",
                        "io.millrace.contract.message..", "io.millrace.contract.record..", "io.millrace.streams.lane.queue..", "io.millrace.streams", "io.millrace.tracing")
                .check(streams);
    }

    @Test
    void roomDecisionsArePure() {
        noClasses().that().haveSimpleName("RoomJudge").or().haveSimpleName("RoomSequence").or().haveSimpleName("Ruling").or().haveSimpleName("Outcome")
                .should().dependOnClassesThat().resideInAnyPackage("org.apache.kafka..", "io.quarkus..", "io.vertx..", "jakarta..")
                .check(streams);
    }

    @Test
    void topologiesKnowNoFrameworkAndNotEachOther() {
        noClasses().that().resideInAnyPackage(LANE, ROOM).should().dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "io.vertx..", "io.smallrye..", "jakarta..", "io.millrace.streams.runtime..", "io.millrace.streams.history..")
                .check(streams);
        noClasses().that().resideInAPackage(LANE).should().dependOnClassesThat().resideInAPackage(ROOM).check(streams);
        noClasses().that().resideInAPackage(ROOM).should().dependOnClassesThat().resideInAPackage(LANE).check(streams);
    }

    @Test
    void nothingThatDecidesReadsAClock() {
        noClasses().that().resideInAnyPackage(LANE, ROOM).should().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(System.class, "nanoTime").orShould().callMethod(Instant.class, "now").check(streams);
    }
}
