package org.porthole.transport.rdma;

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
class RdmaArchitectureTest {
    private static final String API = "org.porthole";

    private static final JavaClasses RDMA = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.porthole.transport.rdma");

    private static final DescribedPredicate<JavaClass> PLAIN_API =
            describe("enums, records and exceptions of the API", given -> {
                JavaClass type = given.getBaseComponentType();
                return type.getPackageName().equals(API)
                        && (type.isEnum() || type.isRecord() || type.isAssignableTo(Throwable.class));
            });

    @Test
    void shouldHaveImportedWhatTheRulesAreAbout() {
        assertThat(RDMA).hasSizeGreaterThan(11);
        assertThat(RDMA.contain(RdmaTransport.class)).isTrue();
    }

    @Test
    void shouldKnowOnlyWhatATransportNeeds() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "java..",
                                "javax.crypto..",
                                "org.agrona..",
                                "com.ibm.disni.verbs",
                                "com.ibm.disni.verbs.impl",
                                "org.porthole.spi",
                                "org.porthole.config",
                                "org.porthole.transport.rdma")
                        .or(PLAIN_API))
                .check(RDMA);
    }

    @Test
    void shouldCallForeignFunctionsInNativeClasses() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.Rdma\\w*Native(\\$.*)?")
                .should()
                .dependOnClassesThat(describe(
                        "make downcalls possible",
                        type -> type.getName().startsWith(Linker.class.getName())
                                || type.isEquivalentTo(SymbolLookup.class)))
                .check(RDMA);
    }

    @Test
    void shouldShowTheProviderOnly() {
        classes()
                .that()
                .arePublic()
                .and()
                .areTopLevelClasses()
                .should()
                .haveSimpleName(RdmaTransportProvider.class.getSimpleName())
                .check(RDMA);
    }

    @Test
    void shouldNotUseNamesThatSayNothing() {
        noClasses()
                .should()
                .haveNameMatching(".*(Manager|Utils?|Helper|Impl|Data|Info|Common)(\\$.*)?")
                .check(RDMA);
    }
}
