/**
 * What tests of the command line begin with, here and in the runners: a call of it in this JVM, and
 * the servers that it works with.
 */
package dev.crossfade.launcher.testing;
