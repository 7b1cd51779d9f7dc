package dev.crossfade.planted.flows;

import java.util.UUID;

/** A violation: a flow that draws an id. */
final class DrawsId {
  private DrawsId() {}

  static UUID draw() {
    return UUID.randomUUID();
  }
}
