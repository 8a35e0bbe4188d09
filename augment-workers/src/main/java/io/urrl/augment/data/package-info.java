/**
 * Sets of labelled pictures: class folders on disk, and the shapes that are drawn in code. A set is
 * opened once and read by many threads, each into a picture of its own.
 */
package io.urrl.augment.data;
