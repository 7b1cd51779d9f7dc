package dev.crossfade.launcher.lanes;

import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.migration.Database;
import dev.crossfade.migration.Store;

/** Opens the store that settings name. */
public final class Stores {
  private Stores() {}

  /** The database of the store. */
  public static Database database(Settings settings) {
    return Database.at(
        settings.store().url().value(),
        settings.store().user(),
        settings.store().password().reveal());
  }

  /** The store, with its tables. */
  public static Store open(Settings settings) {
    return Store.open(database(settings));
  }
}
