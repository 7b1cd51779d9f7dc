package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.results.ByteBuilder;
import dev.crossfade.transforms.results.EventWindow;
import java.io.DataInput;
import java.io.IOException;

/** Writes the bounds of a window; equal windows give equal bytes, so a window may be a key. */
public final class EventWindowCoder extends DataCoder<EventWindow> {
  private static final long serialVersionUID = 1L;
  private static final EventWindowCoder INSTANCE = new EventWindowCoder();

  private EventWindowCoder() {}

  /** The coder. */
  public static EventWindowCoder of() {
    return INSTANCE;
  }

  @Override
  void write(EventWindow window, ByteBuilder out) {
    writeInstant(window.start(), out);
    writeInstant(window.end(), out);
  }

  @Override
  EventWindow read(DataInput in) throws IOException {
    return new EventWindow(readInstant(in), readInstant(in));
  }
}
