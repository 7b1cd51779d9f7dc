package dev.crossfade.launcher.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.crossfade.launcher.verbs.Crossfade;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a call of the command line came to.
 *
 * @param exitCode what the process would have ended with
 * @param out what went to standard output
 * @param err what went to standard error
 */
public record Call(int exitCode, String out, String err) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The arguments of a call, and behind them those that all calls of a test share. */
  public static String[] arguments(String[] call, String... shared) {
    return Stream.concat(Stream.of(call), Stream.of(shared)).toArray(String[]::new);
  }

  /**
   * Calls the command line in this JVM.
   *
   * @throws AssertionError if it listens where others than this machine may reach it
   */
  public static Call of(Map<String, String> environment, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode;
    ListeningSockets.Watch watch = ListeningSockets.Watch.over(String.join(" ", arguments));
    try (watch) {
      exitCode =
          Crossfade.run(
              arguments,
              new PrintStream(out, true, StandardCharsets.UTF_8),
              new PrintStream(err, true, StandardCharsets.UTF_8),
              environment);
    }
    return new Call(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The object that {@code --json} printed. */
  public JsonNode json() throws IOException {
    return JSON.readTree(out);
  }
}
