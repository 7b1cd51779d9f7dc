package dev.crossfade.runners.bench;

/**
 * What one run of a contestant took.
 *
 * @param wallSeconds from the start of its virtual machine until its table was complete
 * @param cpuSeconds of its process
 * @param peakMegabytes the most memory that its process held
 * @param equal whether it came to the table that all must come to; what did not has measured
 *     nothing
 */
record Measured(double wallSeconds, double cpuSeconds, double peakMegabytes, boolean equal) {}
