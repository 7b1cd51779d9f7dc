/**
 * The rehearsal: real flights through the legacy job, the batch lane and the stream lane, compared.
 * It is what a newcomer sees first, and the smallest whole migration there is.
 */
package dev.crossfade.launcher.rehearsal;
