package dev.crossfade.transforms.windows;

import dev.crossfade.transforms.results.EventWindow;
import java.io.Serializable;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/** Which windows a run computes: all of them, or those named. */
public final class Scope implements Serializable {
  /** Every window. */
  public static final Scope EVERYTHING = new Scope(null);

  private static final long serialVersionUID = 1L;

  private final Set<Long> starts;

  private Scope(Set<Long> starts) {
    this.starts = starts;
  }

  /** These windows and no others. */
  public static Scope of(Collection<EventWindow> windows) {
    return new Scope(
        windows.stream()
            .map(window -> window.start().toEpochMilli())
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** Whether the window that begins at a millisecond is computed. */
  public boolean contains(long start) {
    return starts == null || starts.contains(start);
  }
}
