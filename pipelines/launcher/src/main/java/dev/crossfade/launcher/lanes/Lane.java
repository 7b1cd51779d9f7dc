package dev.crossfade.launcher.lanes;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.settings.Settings;
import java.util.Locale;

/** A lane that Crossfade itself computes, by the name of the source that feeds it. */
public enum Lane {
  /** Fed by files or a database. */
  BATCH,
  /** Fed by Kafka. */
  STREAM;

  /** The name by which settings, tables and people call it. */
  public String laneName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the settings name a source for it. */
  public boolean isIn(Settings settings) {
    return this == BATCH
        ? settings.sources().batch().isPresent()
        : settings.sources().stream().isPresent();
  }

  /**
   * The lane of a name.
   *
   * @param option how messages call what named it
   * @throws VerbException if there is none, or the settings have no source for it
   */
  public static Lane of(String option, String name, Settings settings) {
    for (Lane lane : values()) {
      if (lane.laneName().equals(name)) {
        if (!lane.isIn(settings)) {
          throw new VerbException(
              ExitCode.USAGE, "the settings have no sources." + name + " for the lane " + name);
        }
        return lane;
      }
    }
    throw new VerbException(
        ExitCode.USAGE, option + "=" + name + " is not a source; there are batch and stream");
  }
}
