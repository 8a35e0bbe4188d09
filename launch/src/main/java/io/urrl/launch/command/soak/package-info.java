/**
 * The soak test: many fresh processes and long runs of the same plan, under load and in several
 * configurations that must not change a bit, compared with each other. Runs come from child JVMs
 * with this process's own program; what they leave in their directories is read, compared and
 * counted. It knows nothing of actors, tensors or streams: it sees a run as its user does.
 */
package io.urrl.launch.command.soak;
