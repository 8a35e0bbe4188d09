/**
 * Makes packs of data sets: reads encoded pictures, resizes and decodes them where that is asked
 * for, and hands them to {@link io.urrl.augment.data.PackWriter} in the order of the set. Knows the
 * transforms, which reading a pack does not; knows no actors or streams.
 */
package io.urrl.augment.pack;
