/**
 * How credentials reach the places that use them without being part of a graph. A runner serializes
 * sources and sinks, stages them, and keeps them in checkpoints and savepoints; whatever is in them
 * can be read there for as long as those are kept. So sources and sinks hold harmless facts and the
 * name of a connection, and ask for the rest here when they connect. In the process that started
 * the run the answer comes from memory. Anywhere else it comes from a file of the worker's own.
 */
package dev.crossfade.io.credentials;
