package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.json.Json;
import dev.crossfade.launcher.settings.SettingsException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where verbs print: results, for people or programs, on one stream; progress and errors on the
 * other. All of it is {@link Printable}, since what is printed may quote a record.
 */
final class Console {
  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;
  private boolean json;

  Console(PrintStream out, PrintStream err, Map<String, String> environment) {
    this.out = out;
    this.err = err;
    this.environment = environment;
  }

  void setJson(boolean json) {
    this.json = json;
  }

  /** The variables of the process. */
  Map<String, String> environment() {
    return environment;
  }

  /** Prints a result: the object for programs, or the text for people. */
  void result(Object object, String text) {
    out.println(Printable.lines(json ? Json.write(object) : text));
    out.flush();
  }

  /** Prints text for a program as it is. */
  void raw(String text) {
    out.print(text);
    out.flush();
  }

  /** Prints a line of progress. */
  void progress(String line) {
    synchronized (err) {
      err.println(Printable.lines(line));
      err.flush();
    }
  }

  /** Prints why a verb has failed: the stack only of a defect. */
  void failure(ExitCode code, Throwable e) {
    Failures.LOG.debug("the verb failed", e);
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("error", String.valueOf(e.getMessage()));
      if (e instanceof SettingsException settings) {
        object.put("errors", settings.errors());
      }
      object.put("exitCode", code.code());
      out.println(Printable.lines(Json.write(object)));
      out.flush();
    }
    err.println("crossfade: " + Printable.lines(String.valueOf(e.getMessage())));
    if (code == ExitCode.INTERNAL) {
      StringWriter stack = new StringWriter();
      e.printStackTrace(new PrintWriter(stack, true));
      err.print(Printable.lines(stack.toString()));
    }
    err.flush();
  }

  /** Apart, since setting up the logging takes as long as all else that {@code --help} does. */
  private static final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
  }
}
