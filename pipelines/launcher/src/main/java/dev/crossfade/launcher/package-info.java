/** The entry point of the command line; the verbs are in a package of their own. */
package dev.crossfade.launcher;
