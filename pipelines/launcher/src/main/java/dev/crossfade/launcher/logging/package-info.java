/**
 * What is logged and where to. It is set up by code: reading the same from an XML file takes a
 * tenth of a second, which is much of what a brief verb may take.
 */
package dev.crossfade.launcher.logging;
