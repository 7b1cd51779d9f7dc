package dev.crossfade.launcher.verbs;

import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes verbs with the console that they print on. */
final class Verbs implements IFactory {
  private final Console console;

  Verbs(Console console) {
    this.console = console;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    if (Verb.class.isAssignableFrom(type)) {
      return type.getDeclaredConstructor(Console.class).newInstance(console);
    }
    return CommandLine.defaultFactory().create(type);
  }
}
