package org.porthole.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// Who may use whom inside the command.
class ArchitectureTest {
    private static final JavaClasses CLI = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.porthole.cli");

    @Test
    void shouldHaveImportedWhatTheRulesAreAbout() {
        assertThat(CLI).hasSizeGreaterThan(60);
        assertThat(CLI.stream().map(JavaClass::getPackageName))
                .contains("org.porthole.cli", "org.porthole.cli.perf", "org.porthole.cli.text");
    }

    @Test
    void shouldHaveNoCycleOfPackages() {
        slices().matching("org.porthole.(cli..)").should().beFreeOfCycles().check(CLI);
    }

    @Test
    void shouldKnowTheApiOfTheRuntimeOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.porthole.internal..", "org.porthole.spi", "org.porthole.transport..")
                .check(CLI);
    }

    @Test
    void shouldLookNothingUpByNameButPrograms() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(MainMethod.class)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.reflect")
                .check(CLI);
    }
}
