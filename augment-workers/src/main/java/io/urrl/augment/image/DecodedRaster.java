package io.urrl.augment.image;

import java.awt.image.ColorModel;
import java.awt.image.Raster;

/**
 * Samples as a file holds them.
 *
 * @param samples the samples
 * @param colours what they mean; null for raw components
 */
record DecodedRaster(Raster samples, ColorModel colours) {}
