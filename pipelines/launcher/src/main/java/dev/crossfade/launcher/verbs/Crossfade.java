package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.settings.SettingsException;
import dev.crossfade.migration.LaneBusyException;
import dev.crossfade.migration.NoRunException;
import dev.crossfade.migration.RunGoneException;
import dev.crossfade.migration.StoreException;
import dev.crossfade.sandbox.SandboxException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The command {@code crossfade}: finds the verb, runs it, and turns failures into exit codes. */
@Command(
    name = "crossfade",
    description =
        "Moves batch ETL to streaming, and proves that the new numbers are the old numbers.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footerHeading = "%nExit codes:%n",
    synopsisSubcommandLabel = "VERB")
public final class Crossfade {
  private static final List<Class<?>> VERBS =
      List.of(
          RehearseVerb.class,
          RunVerb.class,
          CheckVerb.class,
          ReconcileVerb.class,
          LedgerVerb.class,
          DlqVerb.class,
          RestateVerb.class,
          StopVerb.class,
          StatusVerb.class,
          SandboxVerb.class);

  private static final Set<String> COMPUTE = Set.of("rehearse", "run", "restate");

  private Crossfade() {}

  /**
   * Runs a verb.
   *
   * @param args the verb and its options
   * @param out where results go
   * @param err where progress and errors go
   * @param environment what {@code ${NAME}} in settings stands for
   * @return the exit code
   */
  public static int run(
      String[] args, PrintStream out, PrintStream err, Map<String, String> environment) {
    Console console = new Console(out, err, environment);
    if (namesFlow(args)) {
      Ahead.load();
      if (COMPUTE.contains(args[0])) {
        Ahead.loadBeam();
      }
    }
    CommandLine command = new CommandLine(new Crossfade(), new Verbs(console));
    List<Class<?>> verbs = verbsFor(args);
    for (Class<?> verb : verbs) {
      command.addSubcommand(verb);
    }
    if (verbs.size() > 1) {
      command.getCommandSpec().usageMessage().footer(ExitCode.table().split("%n|\\R"));
    }
    command
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Crossfade::wrongUsage)
        .setExecutionExceptionHandler((e, cmd, parsed) -> failed(e, console));
    if (args.length == 0) {
      command.usage(err);
      return ExitCode.USAGE.code();
    }
    try {
      return ended(command.execute(args), out, console);
    } catch (Error e) {
      // The Java launcher would end with 1, which is the code of lanes that differ.
      console.failure(ExitCode.INTERNAL, e);
      return ExitCode.INTERNAL.code();
    }
  }

  /** What was printed but did not come where it should go is a failure, and no one else tells. */
  private static int ended(int code, PrintStream out, Console console) {
    if (out.checkError() && code == ExitCode.OK.code()) {
      console.failure(
          ExitCode.UNAVAILABLE,
          new VerbException(
              ExitCode.UNAVAILABLE,
              "cannot write to standard output, which is full or closed; what was done is done"));
      return ExitCode.UNAVAILABLE.code();
    }
    return code;
  }

  private static boolean namesFlow(String[] args) {
    for (String arg : args) {
      if (arg.startsWith("--flow")) {
        return true;
      }
    }
    return false;
  }

  /**
   * The verb that is asked for, or all of them if it is none. Each that is added is looked into
   * with all that it mentions, which takes longer than many a verb itself.
   */
  private static List<Class<?>> verbsFor(String[] args) {
    for (Class<?> verb : VERBS) {
      if (args.length > 0 && verb.getAnnotation(Command.class).name().equals(args[0])) {
        return List.of(verb);
      }
    }
    return VERBS;
  }

  private static int wrongUsage(ParameterException e, String[] args) {
    PrintWriter err = e.getCommandLine().getErr();
    err.println("crossfade: " + e.getMessage());
    err.println("See '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE.code();
  }

  private static int failed(Exception e, Console console) {
    ExitCode code;
    if (e instanceof VerbException verb) {
      code = verb.exitCode();
    } else if (e instanceof SettingsException || e instanceof NoRunException) {
      code = ExitCode.USAGE;
    } else if (e instanceof LaneBusyException || e instanceof RunGoneException) {
      code = ExitCode.BUSY;
    } else if (e instanceof StoreException || e instanceof SandboxException) {
      code = ExitCode.UNAVAILABLE;
    } else {
      code = ExitCode.INTERNAL;
    }
    console.failure(code, e);
    return code.code();
  }
}
