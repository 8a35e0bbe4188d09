/** What a person sees of a run: one live line on a terminal, plain lines elsewhere. */
package io.urrl.launch.progress;
