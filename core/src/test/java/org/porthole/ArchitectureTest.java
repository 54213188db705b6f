package org.porthole;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMembers;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.porthole.config.Configuration;
import org.porthole.internal.LocalJobs;
import org.porthole.spi.TransportProvider;

/// Who may use whom inside core.
class ArchitectureTest {
    private static final String API = "org.porthole";
    private static final String CONFIG = "org.porthole.config";
    private static final String PORT = "org.porthole.port";
    private static final String SPI = "org.porthole.spi";
    private static final String INTERNAL = "org.porthole.internal";

    /// What each internal package may use of the others; none may use the one above all, [LocalJobs] and its neighbours.
    private static final Map<String, Set<String>> LAYERS = Map.of(
            "progress", Set.of(),
            "local", Set.of(),
            "bootstrap", Set.of("progress"),
            "route", Set.of("bootstrap"),
            "collective", Set.of("progress", "route"),
            "window", Set.of("progress", "route", "collective"),
            "team", Set.of("progress", "route", "collective", "window"),
            "check", Set.of("progress", "team"),
            "port", Set.of("progress", "route", "window"));

    static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(API);

    private static final DescribedPredicate<JavaClass> PLAIN_API = describe(
            "enums, records and exceptions of the API",
            type -> type.getPackageName().equals(API)
                    && (type.isEnum() || type.isRecord() || type.isAssignableTo(Throwable.class)));

    @Test
    void shouldHaveImportedWhatTheRulesAreAbout() {
        assertThat(CORE).hasSizeGreaterThan(90);
        assertThat(CORE.that(resideInAPackage(API))).hasSizeGreaterThan(22);
        assertThat(CORE.that(resideInAPackage(CONFIG))).hasSizeGreaterThan(6);
        assertThat(CORE.that(resideInAPackage(SPI))).hasSizeGreaterThan(15);
        assertThat(CORE.that(resideInAPackage(INTERNAL))).hasSizeGreaterThan(2);
        LAYERS.keySet()
                .forEach(layer -> assertThat(CORE.that(resideInAPackage(INTERNAL + "." + layer)))
                        .as(layer)
                        .isNotEmpty());
    }

    @Test
    void shouldKeepTheApiToItself() {
        classes()
                .that()
                .resideInAPackage(API)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", API, PORT, CONFIG, INTERNAL + "..")
                .check(CORE);
    }

    /// A sealed interface names what implements it, and a static factory calls it; nothing else of the API knows the inside.
    @Test
    void shouldReachTheInsideFromPermitsAndFactoriesOnly() {
        Set<String> used = CORE.that(resideInAPackage(API)).stream()
                .flatMap(ArchitectureTest::internalsUsedBy)
                .collect(Collectors.toSet());

        assertThat(used)
                .containsExactlyInAnyOrder(
                        "Access permits check.CheckedAccess",
                        "Access permits window.LeaseAccess",
                        "Access permits window.WindowAccess",
                        "Epoch permits check.CheckedEpoch",
                        "Epoch permits window.FenceEpoch",
                        "Epoch permits window.GroupEpoch",
                        "Exposure permits check.CheckedExposure",
                        "Exposure permits window.GroupExposure",
                        "Job calls JoinedJob",
                        "Job calls LocalJobs",
                        "Job permits JoinedJob",
                        "Launchers calls bootstrap.Bootstraps",
                        "Notifications permits check.CheckedNotifications",
                        "Lease permits check.CheckedLease",
                        "Lease permits window.LeasedExposure",
                        "Notifications permits window.WindowNotifications",
                        "Rendezvous calls bootstrap.LauncherWatch",
                        "Rendezvous calls bootstrap.RendezvousServer",
                        "RightAccess permits window.LeaseReach",
                        "WindowRight permits window.BearerRight",
                        "Rendezvous permits bootstrap.RendezvousServer",
                        "Request calls progress.PendingRequest",
                        "Team permits check.CheckedTeam",
                        "Team permits team.MemberTeam",
                        "Transports calls route.TransportTable",
                        "Window permits check.CheckedWindow",
                        "Window permits window.OpenWindow");
    }

    private static Stream<String> internalsUsedBy(JavaClass type) {
        Stream<String> called = type.getDirectDependenciesFromSelf().stream()
                .filter(dependency -> isInternal(dependency.getTargetClass()))
                .map(dependency -> type.getSimpleName()
                        + (isCall(dependency.getDescription()) ? " calls " : " permits ")
                        + shortName(dependency.getTargetClass().getName()));
        Class<?>[] permitted = type.reflect().getPermittedSubclasses();
        return Stream.concat(
                called,
                Arrays.stream(permitted == null ? new Class<?>[0] : permitted)
                        .filter(subclass -> subclass.getPackageName().startsWith(INTERNAL))
                        .map(subclass -> type.getSimpleName() + " permits " + shortName(subclass.getName())));
    }

    private static boolean isInternal(JavaClass type) {
        return type.getPackageName().equals(INTERNAL) || type.getPackageName().startsWith(INTERNAL + ".");
    }

    private static boolean isCall(String description) {
        return description.contains(" calls ");
    }

    private static String shortName(String name) {
        return name.substring(INTERNAL.length() + 1);
    }

    @Test
    void shouldLetOnlyStaticMethodsCallTheInside() {
        methods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage(API)
                .and(describe(
                        "call the inside",
                        method ->
                                method.getCallsFromSelf().stream().anyMatch(call -> isInternal(call.getTargetOwner()))))
                .should()
                .beStatic()
                .check(CORE);
    }

    @Test
    void shouldLetConfigurationKnowOptionTablesOfProvidersOnly() {
        classes()
                .that()
                .resideInAPackage(CONFIG)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", CONFIG)
                        .or(describe(
                                "what configuration may know",
                                type -> type.isEquivalentTo(ConfigurationException.class)
                                        || type.isEquivalentTo(TransportProvider.class))))
                .check(CORE);
        noClasses()
                .that()
                .resideInAPackage(CONFIG)
                .and(describe("are not Configuration", type -> !type.isEquivalentTo(Configuration.class)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(SPI)
                .check(CORE);
    }

    @Test
    void shouldKeepTheSpiBeneathTheApi() {
        classes()
                .that()
                .resideInAPackage(SPI)
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("java..", CONFIG, SPI).or(PLAIN_API))
                .check(CORE);
    }

    @Test
    void shouldLayerTheInside() {
        LAYERS.forEach((layer, below) -> noClasses()
                .that()
                .resideInAPackage(INTERNAL + "." + layer)
                .should()
                .dependOnClassesThat(resideInAPackage(INTERNAL + "..")
                        .and(not(resideInAnyPackage(Stream.concat(Stream.of(layer), below.stream())
                                .map(name -> INTERNAL + "." + name)
                                .toArray(String[]::new)))))
                .check(CORE));
        slices().matching(INTERNAL + ".(*)..").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void shouldNotKnowLibraries() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "javax.crypto..", API + "..", "org.agrona..")
                .check(CORE);
    }

    @Test
    void shouldCallForeignFunctionsInNativeClassesOnly() {
        noClasses()
                .that(describe("are not ...Native", type -> !outermost(type).endsWith("Native")))
                .should()
                .dependOnClassesThat(describe(
                        "make downcalls possible",
                        type -> type.getName().startsWith(Linker.class.getName())
                                || type.isEquivalentTo(SymbolLookup.class)))
                .check(CORE);
    }

    private static String outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElseGet(type::getSimpleName);
    }

    @Test
    void shouldNotShowTheSpiToUsers() {
        noMembers()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage(API)
                .should(ArchCondition.from(describe(
                        "have SPI types in their signatures",
                        member -> member.getAllInvolvedRawTypes().stream()
                                .anyMatch(type -> type.getPackageName().equals(SPI)))))
                .check(CORE);
    }
}
