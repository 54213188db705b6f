package org.porthole;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.porthole.ArchitectureTest.CORE;

import org.junit.jupiter.api.Test;

/// What things in core may not be called.
class NamingTest {
    @Test
    void shouldNotUseNamesThatSayNothing() {
        noClasses()
                .should()
                .haveNameMatching(".*(Manager|Utils?|Helper|Impl|Data|Info|Common)(\\$.*)?")
                .check(CORE);
    }

    @Test
    void shouldKeepGetForOneSidedOperations() {
        noMethods()
                .that()
                .areDeclaredInClassesThat(resideInAnyPackage("org.porthole", "org.porthole.config", "org.porthole.spi")
                        .and(describe(
                                "are not Access or RightAccess",
                                type -> !type.isEquivalentTo(Access.class) && !type.isEquivalentTo(RightAccess.class))))
                .should()
                .haveNameMatching("get[A-Z].*")
                .check(CORE);
    }
}
