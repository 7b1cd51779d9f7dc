package dev.crossfade.runners.bench;

import java.util.Locale;

/** What else is measured beside the same broker and database, and is no race for the table. */
enum Study {
  /** How long a person waits for a verb that has little to do. */
  START_UP {
    @Override
    Findings measure(Arena arena, double scale) throws Exception {
      return StartUp.measure(arena);
    }
  },
  /** How old what is in the table is, at a steady rate, and whether the stream's state grows. */
  FRESHNESS {
    @Override
    Findings measure(Arena arena, double scale) throws Exception {
      return Freshness.measure(arena, scale);
    }
  },
  /** How fast a stream gets through an uneven backlog, with nothing taken for late. */
  CATCH_UP {
    @Override
    Findings measure(Arena arena, double scale) throws Exception {
      return CatchUp.measure(arena, scale);
    }
  },
  /** How long it takes to compare two large lanes. */
  RECONCILE {
    @Override
    Findings measure(Arena arena, double scale) throws Exception {
      return arena.compareLanes(scale);
    }
  },
  /** What the small parts cost, each by itself. */
  PARTS {
    @Override
    Findings measure(Arena arena, double scale) throws Exception {
      return Parts.measure(arena, scale);
    }
  };

  /** How it is asked for, and how its findings are called. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Measures it.
   *
   * @param arena the broker and the database; no contestant runs meanwhile
   * @param scale how much of what is usual, such as of the rows or of the time: 1 is all of it
   * @throws IllegalStateException if what was computed on the way is not right: figures of wrong
   *     results are worth nothing
   */
  abstract Findings measure(Arena arena, double scale) throws Exception;
}
