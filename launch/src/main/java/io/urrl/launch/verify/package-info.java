/** Repeats recorded training runs through the real actors. */
package io.urrl.launch.verify;
