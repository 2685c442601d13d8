package io.millrace.delivery;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

/** The core of delivery is pure: it knows the contract and the language, no framework, no clock, no Kafka. */
@AnalyzeClasses(packages = "io.millrace.delivery", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule JUDGEMENT_IS_PURE = classes().that().resideInAPackage("..delivery.continuity..")
            .should().onlyDependOnClassesThat().resideInAnyPackage("java..", "io.millrace.contract..", "..delivery.continuity..");

    @ArchTest
    static final ArchRule ROOMS_ARE_PURE = classes().that().resideInAPackage("..delivery.room..")
            .should().onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "com.fasterxml.jackson..", "io.millrace.contract..", "..delivery.continuity..", "..delivery.room..");

    @ArchTest
    static final ArchRule SIGNALS_ARE_PURE = classes().that().resideInAPackage("..delivery.signal..")
            .should().onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "com.fasterxml.jackson..", "io.millrace.contract..", "..delivery.continuity..", "..delivery.signal..");

    @ArchTest
    static final ArchRule THE_CORE_READS_NO_CLOCK = noClasses().that().resideInAnyPackage("..delivery.continuity..", "..delivery.room..", "..delivery.signal..")
            .should().callMethod(Instant.class, "now").orShould().callMethod(System.class, "currentTimeMillis").orShould().callMethod(System.class, "nanoTime");

    @ArchTest
    static final ArchRule FEATURES_HAVE_NO_CYCLES = slices().matching("io.millrace.delivery.(*)..").should().beFreeOfCycles();
}
