/**
 * Violations of the architecture rules, one a class, and what comes close to one and is allowed.
 * The packages below this one stand for those below {@code dev.crossfade}. Nothing here is run.
 */
package dev.crossfade.planted;
