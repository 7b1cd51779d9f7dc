package dev.crossfade.runners.bench;

import java.util.Map;

/**
 * What a study came to.
 *
 * @param ratios by name, to be compared with those of a baseline
 * @param figures by name, with the unit in the name: {@code p99Seconds}
 */
record Findings(Map<String, Ratio> ratios, Map<String, Object> figures) {}
