package dev.crossfade.runners.direct.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.slf4j.Logger;

/**
 * The rules over the packages below a root, by name. The root is a parameter so that the very same
 * rules can be held against planted violations, which live below a root of their own.
 */
final class ArchitectureRules {
  private static final String VERBS = "Compute|Describe|Keep|Publish|Read|Record|Upsert|Write";
  private static final String NO_VERBS = "Transform|Source|Sink|Reader|Writer";

  private static final String BOUNDED = "org.apache.beam.sdk.values.PCollection$IsBounded";
  private static final String STREAMING = "org.apache.beam.sdk.options.StreamingOptions";

  private static final Set<String> CLOCK_READERS =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.time.Clock.system",
          "java.time.Clock.systemUTC",
          "java.time.Clock.systemDefaultZone",
          "java.time.Clock.tickMillis",
          "java.time.Clock.tickSeconds",
          "java.time.Clock.tickMinutes",
          "org.joda.time.DateTimeUtils.currentTimeMillis");

  private static final Set<String> RANDOM_CLASSES =
      Set.of(
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.concurrent.ThreadLocalRandom",
          "java.security.SecureRandom");

  private static final Set<String> RANDOM_CALLS =
      Set.of("java.lang.Math.random", "java.util.UUID.randomUUID");

  /** What goes by the default locale unless it is given one. */
  private static final Map<String, Set<String>> BY_LOCALE =
      Map.of(
          "java.lang.String", Set.of("format", "formatted", "toLowerCase", "toUpperCase"),
          "java.io.PrintStream", Set.of("printf", "format"),
          "java.io.PrintWriter", Set.of("printf", "format"),
          "java.util.Formatter", Set.of("format"),
          "java.util.Locale", Set.of("getDefault"),
          "java.text.NumberFormat",
              Set.of(
                  "getInstance", "getNumberInstance", "getIntegerInstance", "getPercentInstance"),
          "java.text.DecimalFormat", Set.of("<init>"),
          "java.text.SimpleDateFormat", Set.of("<init>"),
          "java.time.format.DateTimeFormatter", Set.of("ofPattern"));

  private final String root;

  private ArchitectureRules(String root) {
    this.root = root;
  }

  /** All rules over the packages below a root. */
  static Map<String, ArchRule> below(String root) {
    ArchitectureRules rules = new ArchitectureRules(root);
    Map<String, ArchRule> all = new LinkedHashMap<>();
    all.put("only io asks whether its input is bounded", rules.boundedness());
    all.put("transforms and flows know no runner, no broker and no database", rules.noEngines());
    all.put("transforms and flows read no wall clock", rules.noWallClock());
    all.put("transforms and flows draw no random numbers", rules.noRandomness());
    all.put("migration knows no Beam", rules.migrationWithoutBeam());
    all.put("results are plain Java", rules.plainResults());
    all.put("DoFns stay at home and end in Fn", rules.doFns());
    all.put("composites are final and named like verbs", rules.composites());
    all.put("packages have no cycles", rules.noCycles());
    all.put("flows know transforms only", rules.knowsOnly("flows", "transforms"));
    all.put("transforms know themselves only", rules.knowsOnly("transforms"));
    all.put("io knows transforms only", rules.knowsOnly("io", "transforms"));
    all.put("migration knows the results only", rules.knowsOnly("migration", "transforms.results"));
    all.put("the sandbox knows nothing of ours", rules.knowsOnly("sandbox"));
    all.put("the launcher knows no flow", rules.launcherWithoutFlows());
    all.put("nobody knows the launcher", rules.nobodyKnowsTheLauncher());
    all.put("only Main ends the process", rules.exits());
    all.put("the launcher runs pipelines where nobody else reaches them", rules.secludedRuns());
    all.put("no Deduplicate of Beam's", rules.noDeduplicate());
    all.put("no side inputs", rules.noSideInputs());
    all.put("no step asks for sorted input", rules.noSortedInput());
    all.put("processing time only for the early firing", rules.processingTime());
    all.put("no text depends on the locale of the machine", rules.noDefaultLocale());
    all.put("loggers are SLF4J's and called LOG", rules.loggers());
    return all;
  }

  private ArchRule boundedness() {
    return noClasses()
        .that(not(resideInAPackage(in("io"))))
        .should()
        .accessTargetWhere(
            calls(
                "PCollection.isBounded",
                access ->
                    access.getTarget().getName().equals("isBounded")
                        && access
                            .getTargetOwner()
                            .isAssignableTo("org.apache.beam.sdk.values.PCollection")))
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName(BOUNDED)
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName(STREAMING);
  }

  private ArchRule noEngines() {
    return noClasses()
        .that(resideInAnyPackage(in("transforms"), in("flows")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.beam.runners..",
            "org.apache.flink..",
            "org.apache.kafka..",
            "org.apache.beam.sdk.io.kafka..",
            "org.apache.beam.sdk.io.jdbc..",
            "java.sql..",
            "javax.sql..");
  }

  private ArchRule noWallClock() {
    return noClasses()
        .that(resideInAnyPackage(in("transforms"), in("flows")))
        .should()
        .accessTargetWhere(
            calls(
                "the wall clock",
                access -> {
                  AccessTarget target = access.getTarget();
                  String owner = target.getOwner().getFullName();
                  boolean time = owner.startsWith("java.time.") || owner.startsWith("org.joda.");
                  return CLOCK_READERS.contains(owner + "." + target.getName())
                      || (time && target.getName().equals("now"))
                      || ((owner.equals("java.util.Date") || owner.startsWith("org.joda.time."))
                          && isConstructorWithoutParameters(target));
                }));
  }

  private ArchRule noRandomness() {
    ArchRule none =
        noClasses()
            .that(resideInAnyPackage(in("transforms"), in("flows")))
            .and(not(resideInAPackage(in("transforms.testing"))))
            .should()
            .dependOnClassesThat(
                describe("draw random numbers", type -> RANDOM_CLASSES.contains(type.getName())))
            .orShould()
            .accessTargetWhere(
                calls(
                    "a random number",
                    access ->
                        RANDOM_CALLS.contains(
                            access.getTargetOwner().getFullName()
                                + "."
                                + access.getTarget().getName())));
    // The test kit draws the order in which records arrive, by a seed that a failure names.
    ArchRule seeded =
        noClasses()
            .that(resideInAPackage(in("transforms.testing")))
            .should()
            .accessTargetWhere(
                calls(
                    "a random number without a seed",
                    access ->
                        RANDOM_CALLS.contains(
                                access.getTargetOwner().getFullName()
                                    + "."
                                    + access.getTarget().getName())
                            || (RANDOM_CLASSES.contains(access.getTargetOwner().getFullName())
                                && isConstructorWithoutParameters(access.getTarget()))));
    return CompositeArchRule.of(none).and(seeded);
  }

  private ArchRule migrationWithoutBeam() {
    return noClasses()
        .that(resideInAPackage(in("migration")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.beam..");
  }

  private ArchRule plainResults() {
    return noClasses()
        .that(resideInAPackage(in("transforms.results")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.beam..", "java.sql..", "org.joda..");
  }

  private ArchRule doFns() {
    return classes()
        .that()
        .areAssignableTo(DoFn.class)
        .should()
        .notBePublic()
        .andShould()
        .notBeProtected()
        .andShould()
        .haveSimpleNameEndingWith("Fn");
  }

  private ArchRule composites() {
    return classes()
        .that()
        .areAssignableTo(PTransform.class)
        .and()
        .areNotAnonymousClasses()
        .should()
        .haveModifier(JavaModifier.FINAL)
        .andShould()
        .haveNameMatching(".*[.$](" + VERBS + ")([A-Z]\\w*)?")
        .andShould()
        .haveNameNotMatching(".*(" + NO_VERBS + ")");
  }

  private ArchRule noCycles() {
    // Main is where the process begins; nobody is to call it again.
    ArchRule entry = noClasses().should().dependOnClassesThat().haveFullyQualifiedName(main());
    ArchRule cycles =
        slices().matching(root + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);
    return CompositeArchRule.of(cycles).and(entry);
  }

  /** A module knows of ours what is listed, and itself. */
  private ArchRule knowsOnly(String module, String... others) {
    DescribedPredicate<JavaClass> allowed = resideInAPackage(in(module));
    for (String other : others) {
      allowed = allowed.or(resideInAPackage(in(other)));
    }
    return noClasses()
        .that(resideInAPackage(in(module)))
        .should()
        .dependOnClassesThat(resideInAPackage(root + "..").and(not(allowed)));
  }

  private ArchRule launcherWithoutFlows() {
    return noClasses()
        .that(resideInAPackage(in("launcher")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in("flows"));
  }

  private ArchRule nobodyKnowsTheLauncher() {
    return noClasses()
        .that(not(resideInAPackage(in("launcher"))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in("launcher"));
  }

  private ArchRule exits() {
    return noClasses()
        .that(not(describe("Main", (JavaClass type) -> type.getName().equals(main()))))
        .should()
        .accessTargetWhere(
            calls(
                "the end of the process",
                access -> {
                  String owner = access.getTargetOwner().getFullName();
                  String name = access.getTarget().getName();
                  return (owner.equals("java.lang.System") && name.equals("exit"))
                      || (owner.equals("java.lang.Runtime")
                          && (name.equals("exit") || name.equals("halt")));
                }));
  }

  /** With the locale of Cairo or Bangkok a number has other digits, and a file another name. */
  private ArchRule noDefaultLocale() {
    return noClasses()
        .that(resideInAPackage(root + ".."))
        .should()
        .accessTargetWhere(
            calls(
                "a use of the default locale",
                access ->
                    access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
                        && BY_LOCALE
                            .getOrDefault(target.getOwner().getFullName(), Set.of())
                            .contains(target.getName())
                        && target.getRawParameterTypes().stream()
                            .noneMatch(type -> type.isEquivalentTo(Locale.class))));
  }

  /** An embedded runner opens sockets, and there is one place that keeps others out of them. */
  private ArchRule secludedRuns() {
    return noClasses()
        .that(resideInAPackage(in("launcher")))
        .and(
            not(
                describe(
                    "PipelineRun",
                    (JavaClass type) ->
                        type.getName().equals(root + ".launcher.lanes.PipelineRun"))))
        .should()
        .accessTargetWhere(
            calls(
                "the run of a pipeline",
                access ->
                    access.getTarget().getName().equals("run")
                        && (access.getTargetOwner().isAssignableTo("org.apache.beam.sdk.Pipeline")
                            || access
                                .getTargetOwner()
                                .isAssignableTo("org.apache.beam.sdk.PipelineRunner"))));
  }

  private ArchRule noDeduplicate() {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching("org\\.apache\\.beam\\.sdk\\.transforms\\.Deduplicate(\\$.*)?");
  }

  private ArchRule noSideInputs() {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("org.apache.beam.sdk.values.PCollectionView");
  }

  private ArchRule noSortedInput() {
    return noMethods().should().beAnnotatedWith(DoFn.RequiresTimeSortedInput.class);
  }

  private ArchRule processingTime() {
    return noClasses()
        .that(
            not(
                describe(
                    "Windowing",
                    (JavaClass type) ->
                        type.getName().equals(root + ".transforms.windows.Windowing"))))
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "org\\.apache\\.beam\\.sdk\\.transforms\\.windowing\\."
                + "After(Synchronized)?ProcessingTime")
        .orShould()
        .accessTargetWhere(
            calls(
                "TimeDomain.PROCESSING_TIME",
                access ->
                    access
                            .getTargetOwner()
                            .getFullName()
                            .equals("org.apache.beam.sdk.state.TimeDomain")
                        && access.getTarget().getName().endsWith("PROCESSING_TIME")));
  }

  private ArchRule loggers() {
    ArchRule noOther =
        noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging..");
    ArchRule named =
        fields()
            .that()
            .haveRawType(Logger.class)
            .should()
            .haveName("LOG")
            .andShould()
            .bePrivate()
            .andShould()
            .beStatic()
            .andShould()
            .beFinal();
    return CompositeArchRule.of(noOther).and(named);
  }

  private String main() {
    return root + ".launcher.Main";
  }

  private String in(String module) {
    return root + "." + module + "..";
  }

  private static boolean isConstructorWithoutParameters(AccessTarget target) {
    return target instanceof AccessTarget.CodeUnitCallTarget call
        && call.getName().equals("<init>")
        && call.getRawParameterTypes().isEmpty();
  }

  private static DescribedPredicate<JavaAccess<?>> calls(
      String what, java.util.function.Predicate<JavaAccess<?>> is) {
    return describe("is " + what, is);
  }
}
