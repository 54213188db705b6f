package org.porthole.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The testkit knows what its users know: the API, the settings and the SPI.
class ArchitectureTest {
    private final JavaClasses imported = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.porthole.testkit");

    @Test
    void shouldHaveImportedTheTestkit() {
        assertThat(imported).hasSizeGreaterThan(40);
    }

    @Test
    void shouldNotLookInside() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.porthole.internal..", "org.porthole.transport..")
                .check(imported);
    }

    @Test
    void shouldLeaveContractsToTransports() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Contract")
                .and()
                .doNotHaveSimpleName(ModuleContract.class.getSimpleName())
                .should()
                .haveModifier(JavaModifier.ABSTRACT)
                .andShould()
                .beAssignableTo(TransportContract.class)
                .check(imported);
    }
}
