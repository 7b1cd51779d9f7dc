package dev.crossfade.migration;

import java.time.Instant;

/** A run cannot begin, since another one is at work on the same lane and the same event time. */
public final class LaneBusyException extends StoreException {
  private static final long serialVersionUID = 1L;

  private final long run;
  private final Instant since;
  private final String runner;

  LaneBusyException(StoredRun other) {
    super(
        "lane '"
            + other.lane()
            + "' of flow '"
            + other.flow()
            + "' is at work: run "
            + other.run()
            + " on "
            + other.runner()
            + (other.span().isEmpty() ? "" : " over " + other.span().get())
            + " since "
            + other.startedAt()
            + other
                .outcome()
                .map(how -> ", which was entered as " + how + ", but whose process is still there")
                .orElse("")
            + "; wait for it to end, or stop it");
    this.run = other.run();
    this.since = other.startedAt();
    this.runner = other.runner();
  }

  /** The run that is at work. */
  public long run() {
    return run;
  }

  /** When it began. */
  public Instant since() {
    return since;
  }

  /** What it runs on. */
  public String runner() {
    return runner;
  }
}
