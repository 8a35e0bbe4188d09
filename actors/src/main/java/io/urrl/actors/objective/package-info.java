/**
 * Objectives as parts: what each keeps on the parameter server, needs to see and sends back. The
 * rooms carry these descriptions out and know none of the objectives; only their maths, on the GPU
 * workers, does.
 */
package io.urrl.actors.objective;
