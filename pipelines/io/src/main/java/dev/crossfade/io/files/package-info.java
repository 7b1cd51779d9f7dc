/** Files as a source of blocks and as a sink of JSON lines, on any file system that Beam knows. */
package dev.crossfade.io.files;
