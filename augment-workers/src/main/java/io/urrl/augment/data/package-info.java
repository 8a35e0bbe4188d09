/**
 * Sets of labelled pictures: class folders, packs and tar shards on disk, and shapes that are drawn
 * in code.
 *
 * <p>A set is opened once by its name ({@link io.urrl.augment.data.PictureSets}) and read by many
 * threads, each into a {@link io.urrl.augment.image.Picture} of its own. What is wrong with a set
 * as a whole comes out as {@link io.urrl.augment.data.DataException}, what is wrong with one
 * picture as a {@link io.urrl.augment.data.BrokenPictures.Broken} while the next readable one takes
 * its place. The package knows no views, actors or streams.
 */
package io.urrl.augment.data;
