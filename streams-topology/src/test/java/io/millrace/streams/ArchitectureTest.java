package io.millrace.streams;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What keeps the applications apart and their cores free of the shell around them. */
@AnalyzeClasses(packages = "io.millrace.streams", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule onlyTheRuntimeKnowsTheApplications = noClasses().that().resideOutsideOfPackage("..streams.runtime..")
            .should().dependOnClassesThat().resideInAPackage("..streams.runtime..");

    @ArchTest
    static final ArchRule theSchedulerKnowsNoOtherApplication = noClasses().that().resideInAPackage("..streams.lane..")
            .should().dependOnClassesThat().resideInAnyPackage("..streams.room..", "..streams.history..", "..streams.sync..");

    @ArchTest
    static final ArchRule theSequencerKnowsNoOtherApplication = noClasses().that().resideInAPackage("..streams.room..")
            .should().dependOnClassesThat().resideInAnyPackage("..streams.lane..", "..streams.history..", "..streams.sync..");

    @ArchTest
    static final ArchRule theViewKnowsNoOtherApplication = noClasses().that().resideInAPackage("..streams.history..")
            .should().dependOnClassesThat().resideInAnyPackage("..streams.lane..", "..streams.room..", "..streams.sync..");

    @ArchTest
    static final ArchRule theStatesKnowNoOrder = noClasses().that().resideInAPackage("..streams.sync..")
            .should().dependOnClassesThat().resideInAnyPackage("..streams.lane..", "..streams.room..", "..streams.history.pages..");

    @ArchTest
    static final ArchRule theViewIsUnawareOfHowItIsAsked = noClasses().that().resideInAnyPackage("..streams.history", "..streams.history.pages", "..streams.sync")
            .should().dependOnClassesThat().resideInAnyPackage("..streams.history.http..", "..streams.sync.http..", "io.vertx..", "jakarta..");

    @ArchTest
    static final ArchRule orderIsDecidedWithoutAContainer = noClasses().that().resideInAnyPackage("..streams.lane..", "..streams.room..")
            .should().dependOnClassesThat().resideInAnyPackage("io.vertx..", "jakarta..", "io.quarkus..", "io.smallrye..");
}
