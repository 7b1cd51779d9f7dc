/**
 * The architecture rules of the design. Each is held against the classes of every module, and
 * against planted violations that it must find: a rule that finds nothing anywhere may as well not
 * be there.
 */
package dev.crossfade.runners.direct.architecture;
