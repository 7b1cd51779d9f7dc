package dev.crossfade.transforms.windows;

import java.util.Objects;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.IncompatibleWindowException;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.PartitioningWindowFn;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.joda.time.Instant;

/**
 * Beam's view of a {@link WindowShape}. Beam has calendar days of its own, but computes them with
 * another time zone database than {@code java.time}.
 */
final class ShapedWindows extends PartitioningWindowFn<Object, IntervalWindow> {
  private static final long serialVersionUID = 1L;

  private final WindowShape shape;

  ShapedWindows(WindowShape shape) {
    this.shape = shape;
  }

  @Override
  public IntervalWindow assignWindow(Instant timestamp) {
    long start = shape.startOf(timestamp.getMillis());
    return new IntervalWindow(
        Instant.ofEpochMilli(start), Instant.ofEpochMilli(shape.endOf(start)));
  }

  @Override
  @SuppressWarnings("deprecation") // Beam still asks for it.
  public boolean isCompatible(WindowFn<?, ?> other) {
    return equals(other);
  }

  @Override
  public void verifyCompatibility(WindowFn<?, ?> other) throws IncompatibleWindowException {
    if (!equals(other)) {
      throw new IncompatibleWindowException(
          other, "only windows of the same shape as " + shape + " are compatible");
    }
  }

  @Override
  public Coder<IntervalWindow> windowCoder() {
    return IntervalWindow.getCoder();
  }

  /** Shows the shape, by which a stream that resumes tells whether its windows are the same. */
  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder.add(DisplayData.item("shape", shape.toString()));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ShapedWindows windows && shape.equals(windows.shape);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(shape);
  }

  @Override
  public String toString() {
    return "ShapedWindows{" + shape + "}";
  }
}
