/**
 * One strict file per flow, read into immutable records. A wrong setting of a pipeline often shows
 * only hours later, as a number that is wrong; so whatever can be known to be wrong is refused
 * here, all of it at once, each with its place in the file and with what would be right, and never
 * with a password in it.
 */
package dev.crossfade.launcher.settings;
