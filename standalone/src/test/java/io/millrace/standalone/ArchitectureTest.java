package io.millrace.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What a chat log says and whether a room equals it is pure; clients and commands know nothing of the server beside them. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.millrace.standalone");

    @Test
    void readsAndChecksLogsWithoutAnyFramework() {
        classes().that().resideInAnyPackage("..replay.day..", "..replay.check..").should().onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "com.fasterxml.jackson.databind..", "io.millrace.contract..", "..replay.day..", "..replay.check..").check(CLASSES);
    }

    @Test
    void speaksToAServerOverTheWireOnly() {
        noClasses().that().resideInAnyPackage("..standalone.client..", "..standalone.replay..").should().dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "io.quarkus..", "io.millrace.gate..", "io.millrace.ingest..", "io.millrace.streams..", "io.millrace.delivery..",
                        "..standalone.serve..").check(CLASSES);
    }
}
