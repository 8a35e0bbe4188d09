/**
 * The run plan and the identities of its parts: pure values and functions of values. No actors, no
 * I/O, no clocks: whatever happens to a run, asking the plan again gives the same answer.
 */
package io.urrl.actors.plan;
