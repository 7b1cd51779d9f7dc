/**
 * Event-time windows and lateness. The bounds of a window and the verdict on a record are plain
 * functions of the settings and of the records before it, so that a source can tell late records
 * apart from the log alone; Beam's windowing is built from the same settings.
 */
package dev.crossfade.transforms.windows;
