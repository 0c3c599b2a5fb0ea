package io.rookery.standalone;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;

/** The arrows between modules (docs/ARCHITECTURE.md) and the house rules a machine can check. */
@AnalyzeClasses(
    packages = "io.rookery",
    importOptions = {ImportOption.DoNotIncludeTests.class})
class ArchitectureTest {

  @ArchTest static final ArchRule PROTOCOL_KNOWS_NO_OTHER_MODULE = module("protocol");

  @ArchTest static final ArchRule CASSANDRA_KNOWS_NO_OTHER_MODULE = module("cassandra");

  @ArchTest static final ArchRule CLUSTER_KNOWS_PROTOCOL = module("cluster", "protocol");

  @ArchTest static final ArchRule STORAGE_KNOWS_PROTOCOL = module("storage", "protocol");

  @ArchTest
  static final ArchRule CONNECTOR_KNOWS_PROTOCOL_AND_CLUSTER =
      module("connector", "protocol", "cluster");

  @ArchTest
  static final ArchRule ROUTER_KNOWS_PROTOCOL_CLUSTER_AND_STORAGE =
      module("router", "protocol", "cluster", "storage");

  @ArchTest
  static final ArchRule PROTOCOL_HAS_NO_CLUSTER_DATABASE_OR_SOCKETS =
      noClasses()
          .that()
          .resideInAPackage("io.rookery.protocol..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "com.hazelcast..", "com.datastax..", "java.nio.channels..", "io.netty.channel..")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.net.Socket");

  @ArchTest
  static final ArchRule ONLY_STORAGE_KNOWS_THE_DATABASE = only("storage", "com.datastax..");

  @ArchTest static final ArchRule ONLY_CLUSTER_KNOWS_HAZELCAST = only("cluster", "com.hazelcast..");

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("io.rookery.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
      classes()
          .should()
          .haveNameNotMatching(".*(Impl|Manager|Helper|Utils?)")
          .andShould()
          .haveNameNotMatching("(.*[.$])?Abstract\\w+")
          .andShould()
          .resideOutsideOfPackages("..impl..", "..util..", "..common..", "..manager..");

  /** Final is not enough: what a static field holds must not change either. */
  @ArchTest
  static final ArchRule NO_MUTABLE_STATIC_STATE =
      fields()
          .that()
          .areStatic()
          .and(not(synthetic()))
          .should()
          .beFinal()
          .andShould()
          .notHaveRawType(
              resideInAnyPackage("java.util.concurrent.atomic", "java.util.concurrent")
                  .and(not(enums()))
                  .or(mutableCollection())
                  .as("what changes"));

  private static ArchRule module(String name, String... others) {
    String[] allowed =
        Arrays.stream(others).map(other -> "io.rookery." + other + "..").toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage("io.rookery." + name + "..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.rookery..")
                .and(not(resideInAnyPackage("io.rookery." + name + "..")))
                .and(not(resideInAnyPackage(allowed))))
        .allowEmptyShould(true);
  }

  private static ArchRule only(String name, String library) {
    return noClasses()
        .that()
        .resideInAPackage("io.rookery..")
        .and()
        .resideOutsideOfPackages("io.rookery." + name + "..", "io.rookery.standalone..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library);
  }

  private static DescribedPredicate<JavaField> synthetic() {
    return DescribedPredicate.describe(
        "synthetic", field -> field.getModifiers().contains(JavaModifier.SYNTHETIC));
  }

  private static DescribedPredicate<JavaClass> enums() {
    return DescribedPredicate.describe("enums", JavaClass::isEnum);
  }

  private static DescribedPredicate<JavaClass> mutableCollection() {
    return DescribedPredicate.describe(
        "mutable collections",
        type ->
            type.getPackageName().equals("java.util")
                && !type.isInterface()
                && (type.isAssignableTo(java.util.Collection.class)
                    || type.isAssignableTo(java.util.Map.class)));
  }
}
