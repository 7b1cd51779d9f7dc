/** How a verb ends: the exit codes that schedulers read, and the failure that carries one. */
package dev.crossfade.launcher.exit;
