/** The verbs of the command line, one class each; what they have in common stands beside them. */
package dev.crossfade.launcher.verbs;
