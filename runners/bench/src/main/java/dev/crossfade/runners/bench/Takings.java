package dev.crossfade.runners.bench;

import java.io.Serializable;
import java.util.HashSet;
import java.util.Set;

/** What the opponents keep for a shop and a minute. A Flink POJO. */
public final class Takings implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How many orders. */
  public long orders;

  /** What was paid. */
  public long cents;

  /** The ids of those orders, where each counts once; else null. */
  public Set<String> ids;

  /** For Flink. */
  public Takings() {}

  static Takings nothing(boolean each) {
    Takings takings = new Takings();
    takings.ids = each ? new HashSet<>() : null;
    return takings;
  }

  void add(ParsedOrder order) {
    if (ids == null || ids.add(order.id)) {
      orders++;
      cents += order.cents;
    }
  }
}
