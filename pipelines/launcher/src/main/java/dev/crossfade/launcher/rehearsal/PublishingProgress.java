package dev.crossfade.launcher.rehearsal;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import picocli.CommandLine;

/**
 * Shows how far publishing is: as a bar when a person watches, as a line now and then when not. The
 * bar is drawn by a thread of its own, until this is closed.
 */
final class PublishingProgress implements IntConsumer, AutoCloseable {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

  private final int total;
  private final Consumer<String> lines;
  private final ProgressBar bar;
  private long lastLine = System.nanoTime();

  PublishingProgress(int total, Consumer<String> lines) {
    this.total = total;
    this.lines = lines;
    this.bar =
        CommandLine.Help.Ansi.AUTO.enabled()
            ? new ProgressBarBuilder()
                .setTaskName("  publishing")
                .setInitialMax(total)
                .setUpdateIntervalMillis(250)
                .build()
            : null;
  }

  @Override
  public void accept(int published) {
    if (bar != null) {
      bar.stepTo(published);
    } else if (System.nanoTime() - lastLine > BETWEEN_LINES.toNanos()) {
      lastLine = System.nanoTime();
      lines.accept(String.format(Locale.ROOT, "  published %,d of %,d reports", published, total));
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
