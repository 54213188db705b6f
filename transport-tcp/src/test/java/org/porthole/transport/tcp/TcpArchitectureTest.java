package org.porthole.transport.tcp;

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
class TcpArchitectureTest {
    private static final String API = "org.porthole";

    private static final JavaClasses TCP = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.porthole.transport.tcp");

    private static final DescribedPredicate<JavaClass> PLAIN_API =
            describe("enums, records and exceptions of the API", given -> {
                JavaClass type = given.getBaseComponentType();
                return type.getPackageName().equals(API)
                        && (type.isEnum() || type.isRecord() || type.isAssignableTo(Throwable.class));
            });

    @Test
    void shouldHaveImportedWhatTheRulesAreAbout() {
        assertThat(TCP).hasSizeGreaterThan(11);
        assertThat(TCP.contain(TcpTransport.class)).isTrue();
    }

    @Test
    void shouldKnowOnlyWhatATransportNeeds() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "java..",
                                "javax.crypto..",
                                "javax.net.ssl",
                                "jdk.net",
                                "io.netty..",
                                "org.agrona..",
                                "org.porthole.spi",
                                "org.porthole.config",
                                "org.porthole.transport.tcp")
                        .or(PLAIN_API))
                .check(TCP);
    }

    @Test
    void shouldCallNoForeignFunctions() {
        noClasses()
                .should()
                .dependOnClassesThat(describe(
                        "make downcalls possible",
                        type -> type.getName().startsWith(Linker.class.getName())
                                || type.isEquivalentTo(SymbolLookup.class)))
                .check(TCP);
    }

    @Test
    void shouldKnowNettyWhereItIsEpoll() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.Epoll[A-Za-z$]*")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..")
                .check(TCP);
    }

    @Test
    void shouldShowTheProviderOnly() {
        classes()
                .that()
                .arePublic()
                .and()
                .areTopLevelClasses()
                .should()
                .haveSimpleName(TcpTransportProvider.class.getSimpleName())
                .check(TCP);
    }

    @Test
    void shouldNotUseNamesThatSayNothing() {
        noClasses()
                .should()
                .haveNameMatching(".*(Manager|Utils?|Helper|Impl|Data|Info|Common)(\\$.*)?")
                .check(TCP);
    }
}
