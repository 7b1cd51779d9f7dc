package dev.crossfade.runners.flink.crash;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Processes of this JVM's program and class path. */
final class Java {
  private Java() {}

  /**
   * A process.
   *
   * @param options for the virtual machine
   * @param before what goes before the class path of this JVM
   * @param main the class
   * @param environment beside that of this process
   */
  static ProcessBuilder process(
      List<String> options,
      List<Path> before,
      String main,
      List<String> arguments,
      Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    // These processes live for seconds: what is gained by a better compilation is not had in time.
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("--add-opens=java.base/java.util=ALL-UNNAMED");
    command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    command.add("-Duser.timezone=America/Bahia_Banderas");
    StringBuilder path = new StringBuilder();
    before.forEach(folder -> path.append(folder).append(File.pathSeparator));
    command.addAll(List.of("-cp", path.append(System.getProperty("java.class.path")).toString()));
    command.add(main);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return builder;
  }
}
