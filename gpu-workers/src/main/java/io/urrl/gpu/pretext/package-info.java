/** Pre-text methods, one a file: what a micro-batch of views becomes. */
package io.urrl.gpu.pretext;
