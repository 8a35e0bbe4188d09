/** How fast tensors go from process to process: the streams beside Pekko's own remoting. */
package io.urrl.benchmarks.stream;
