/** JSON for programs: what {@code --json} prints. */
package dev.crossfade.launcher.json;
