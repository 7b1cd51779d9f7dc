/**
 * Databases: tables as a source of blocks, and PostgreSQL as the place where results, dead letters,
 * late records and the closings of windows are written. The tables themselves are made elsewhere.
 */
package dev.crossfade.io.jdbc;
