/**
 * Writes corrupted data sets in their published layouts: ImageNet-C's folders of JPEG files, and
 * CIFAR-C's arrays. A {@link io.urrl.augment.corrupted.CorruptionJob} says what to write, a {@link
 * io.urrl.augment.corrupted.CorruptedWriter} where it goes; {@link
 * io.urrl.augment.corrupted.CorruptedSet} does it on many threads and goes on where an earlier run
 * ended. Which bytes come out depends on the job alone.
 */
package io.urrl.augment.corrupted;
