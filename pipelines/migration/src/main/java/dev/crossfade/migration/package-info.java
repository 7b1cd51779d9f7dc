/**
 * What moves a flow from one lane to another and proves that it may move: the store that keeps
 * runs, closed windows, dead letters and late records beside the results, and the comparison of two
 * lanes. It works on tables alone, without Beam, so that the judge shares no code with the graph
 * that it judges but for the meaning of "equal".
 */
package dev.crossfade.migration;
