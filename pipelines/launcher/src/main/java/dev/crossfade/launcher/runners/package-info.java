/**
 * What a run needs of its runner beyond what Beam knows of: to be out of reach of others while it
 * is in this process; and of a stream, to keep checkpoints where they can be found again, to begin
 * from one, and to stop at one. A runner that can do so says it here.
 */
package dev.crossfade.launcher.runners;
