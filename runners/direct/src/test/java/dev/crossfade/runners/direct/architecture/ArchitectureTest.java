package dev.crossfade.runners.direct.architecture;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

final class ArchitectureTest {
  private static final String ROOT = "dev.crossfade";
  private static final String PLANTED = "dev.crossfade.planted";

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          // The launcher's test kit, which comes as a jar once it is packed.
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages(ROOT);

  private static final JavaClasses VIOLATIONS = new ClassFileImporter().importPackages(PLANTED);

  /** Which planted classes each rule must find; it must find no other. */
  private static final Map<String, Set<String>> FOUND =
      Map.ofEntries(
          Map.entry(
              "only io asks whether its input is bounded",
              Set.of("launcher.AsksForBoundedness", "launcher.SetsStreaming")),
          Map.entry(
              "transforms and flows know no runner, no broker and no database",
              Set.of("flows.KnowsBroker", "flows.KnowsDatabase", "transforms.KnowsRunner")),
          Map.entry(
              "transforms and flows read no wall clock",
              Set.of(
                  "flows.ReadsClock",
                  "flows.ReadsClockByReference",
                  "transforms.ReadsJodaClock",
                  "transforms.ReadsNanoTime")),
          Map.entry(
              "transforms and flows draw no random numbers",
              Set.of(
                  "flows.DrawsId",
                  "transforms.DrawsNumber",
                  "transforms.testing.DrawsWithoutSeed")),
          Map.entry("migration knows no Beam", Set.of("migration.KnowsBeam")),
          Map.entry("results are plain Java", Set.of("transforms.results.KnowsBeam")),
          Map.entry(
              "DoFns stay at home and end in Fn",
              Set.of("transforms.PublicFn", "transforms.Upper", "transforms.Holder$ProtectedFn")),
          Map.entry(
              "composites are final and named like verbs",
              Set.of("io.ReadOpen", "io.ReadTableSource", "io.Totals")),
          Map.entry(
              "packages have no cycles",
              Set.of("io.files.Chicken", "io.jdbc.Egg", "launcher.CallsMain")),
          Map.entry("flows know transforms only", Set.of("flows.KnowsSink")),
          Map.entry("transforms know themselves only", Set.of("transforms.KnowsStore")),
          Map.entry("io knows transforms only", Set.of("io.KnowsStore")),
          Map.entry("migration knows the results only", Set.of("migration.KnowsGraph")),
          Map.entry("the sandbox knows nothing of ours", Set.of("sandbox.KnowsResults")),
          Map.entry("the launcher knows no flow", Set.of("launcher.KnowsFlow")),
          Map.entry("nobody knows the launcher", Set.of("elsewhere.KnowsLauncher")),
          Map.entry(
              "only Main ends the process",
              Set.of("launcher.EndsProcess", "launcher.HaltsProcess")),
          Map.entry(
              "the launcher runs pipelines where nobody else reaches them",
              Set.of("launcher.RunsPipeline")),
          Map.entry(
              "no text depends on the locale of the machine",
              Set.of("io.LowersCase", "launcher.FormatsNumber", "migration.FormatsText")),
          Map.entry("no Deduplicate of Beam's", Set.of("transforms.UsesDeduplicate")),
          Map.entry("no side inputs", Set.of("transforms.TakesSideInput")),
          Map.entry("no step asks for sorted input", Set.of("transforms.SortedFn")),
          Map.entry(
              "processing time only for the early firing",
              Set.of("transforms.FiresByTheClock", "transforms.SetsProcessingTimer")),
          Map.entry(
              "loggers are SLF4J's and called LOG",
              Set.of("io.LogsElsewhere", "io.LoggerOfAnotherName")));

  @Test
  void theClassesOfEveryModuleAreLookedAt() {
    assertThat(OURS.size(), is(greaterThan(100)));
    for (String module : List.of("transforms", "flows", "io", "migration", "sandbox", "launcher")) {
      assertThat(
          OURS.stream().map(type -> type.getPackageName()).toList(),
          hasItem(startsWith(ROOT + "." + module)));
    }
    assertThat(OURS.stream().filter(type -> type.getName().startsWith(PLANTED)).toList(), empty());
  }

  @TestFactory
  Stream<DynamicTest> ourClassesKeepEachRule() {
    return ArchitectureRules.below(ROOT).entrySet().stream()
        .map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> rule.getValue().check(OURS)));
  }

  @TestFactory
  Stream<DynamicTest> eachRuleFindsItsPlantedViolations() {
    return ArchitectureRules.below(PLANTED).entrySet().stream()
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    rule.getKey(),
                    () ->
                        assertThat(
                            violators(rule.getValue()),
                            is(new TreeSet<>(Objects.requireNonNull(FOUND.get(rule.getKey())))))));
  }

  @Test
  void everyPackageSaysWhyItExists() throws IOException {
    assertThat(SourcePackages.withoutDescription(SourcePackages.project()), empty());
  }

  @Test
  void aPackageThatSaysNothingIsFound(@TempDir Path project) throws IOException {
    Path described = project.resolve("module/src/main/java/described");
    Path silent = project.resolve("pipelines/module/src/main/java/silent");
    Files.createDirectories(described);
    Files.createDirectories(silent);
    Files.writeString(described.resolve("package-info.java"), "package described;");
    Files.writeString(described.resolve("One.java"), "class One {}");
    Files.writeString(silent.resolve("Two.java"), "class Two {}");
    assertThat(SourcePackages.withoutDescription(project), is(List.of(silent)));
  }

  /** The planted classes that break a rule. */
  private static Set<String> violators(ArchRule rule) {
    Set<String> found = new TreeSet<>();
    rule.evaluate(VIOLATIONS)
        .handleViolations(
            (Collection<Object> objects, String message) ->
                objects.forEach(object -> found.addAll(origins(object, message))));
    return found;
  }

  private static List<String> origins(Object violating, String message) {
    if (violating instanceof Dependency dependency) {
      return List.of(belowRoot(dependency.getOriginClass()));
    }
    if (violating instanceof JavaAccess<?> access) {
      return List.of(belowRoot(access.getOriginOwner()));
    }
    if (violating instanceof JavaMember member) {
      return List.of(belowRoot(member.getOwner()));
    }
    if (violating instanceof JavaClass type) {
      return List.of(belowRoot(type));
    }
    // A cycle, which names the classes on it.
    return VIOLATIONS.stream()
        .filter(type -> message.contains(type.getName() + "."))
        .map(ArchitectureTest::belowRoot)
        .toList();
  }

  private static String belowRoot(JavaClass type) {
    return type.getName().substring(PLANTED.length() + 1);
  }
}
