/**
 * The flows that ship with Crossfade. They stand where a team's own flows would: they know the Flow
 * API and nothing else, which the module's dependencies prove.
 */
package dev.crossfade.flows;
