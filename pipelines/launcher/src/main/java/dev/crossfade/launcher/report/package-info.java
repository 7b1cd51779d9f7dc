/**
 * What a rehearsal found, and the page that shows it. The records are the whole finding, as plain
 * values: they are written as JSON for machines and rendered as one self-contained HTML file for
 * people, so that the two cannot tell different stories. The page refers to nothing outside itself,
 * because it is meant to be forwarded, archived and opened where there is no network.
 */
package dev.crossfade.launcher.report;
