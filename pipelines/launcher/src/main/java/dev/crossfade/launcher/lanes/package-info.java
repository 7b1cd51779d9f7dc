/**
 * From a flow's settings to a lane that runs, in the order of reading: {@link FlowCatalog} finds
 * the flow, {@link PlannedFlow} binds it to its settings, {@code LaneGraph} puts source, graph and
 * sink of one {@link Lane} together, and {@link BoundedRun} or {@link StreamRun} runs that on
 * whatever runner {@link RunnerOptions} names and gives a {@link RunSummary}. {@link LaneTables}
 * and {@link Stores} find again what a run has left.
 */
package dev.crossfade.launcher.lanes;
