package dev.crossfade.launcher.report;

/**
 * How many panes the stream lane emitted, by their place relative to the watermark.
 *
 * @param early before the watermark reached the window's end
 * @param onTime as the watermark passed the window's end
 * @param late after that, within the allowed lateness
 */
public record PaneCounts(long early, long onTime, long late) {}
