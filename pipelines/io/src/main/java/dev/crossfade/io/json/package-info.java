/** Results, dead letters and late records as JSON, for the sinks that are not a database. */
package dev.crossfade.io.json;
