package org.porthole.transport.shm;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import org.junit.jupiter.api.Test;

/// What a transport may know.
class ShmArchitectureTest {
    private static final String API = "org.porthole";

    private static final JavaClasses SHM = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.porthole.transport");

    private static final DescribedPredicate<JavaClass> PLAIN_API =
            describe("enums, records and exceptions of the API", each -> {
                JavaClass type = each.getBaseComponentType();
                return type.getPackageName().equals(API)
                        && (type.isEnum() || type.isRecord() || type.isAssignableTo(Throwable.class));
            });

    @Test
    void shouldHaveImportedWhatTheRulesAreAbout() {
        assertThat(SHM).hasSizeGreaterThan(11);
        assertThat(SHM.contain(ShmNative.class)).isTrue();
    }

    @Test
    void shouldKnowOnlyWhatATransportNeeds() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "java..",
                                "org.agrona..",
                                "org.porthole.spi",
                                "org.porthole.config",
                                "org.porthole.transport.shm")
                        .or(PLAIN_API))
                .check(SHM);
    }

    @Test
    void shouldCallForeignFunctionsInOneClass() {
        noClasses()
                .that(describe(
                        "are not ShmNative",
                        type -> !type.getName().replaceAll("\\$.*", "").equals(ShmNative.class.getName())))
                .should()
                .dependOnClassesThat(describe(
                        "make downcalls possible",
                        type -> type.getName().startsWith(Linker.class.getName())
                                || type.isEquivalentTo(SymbolLookup.class)))
                .check(SHM);
    }

    @Test
    void shouldShowTheProviderOnly() {
        classes()
                .that()
                .arePublic()
                .should()
                .haveSimpleName(ShmTransportProvider.class.getSimpleName())
                .check(SHM);
    }

    @Test
    void shouldNotUseNamesThatSayNothing() {
        noClasses()
                .should()
                .haveNameMatching(".*(Manager|Utils?|Helper|Impl|Data|Info|Common)(\\$.*)?")
                .check(SHM);
    }
}
