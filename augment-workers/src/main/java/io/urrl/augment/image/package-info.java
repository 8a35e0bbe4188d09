/**
 * Pictures in memory and their decoders. Encoded bytes enter, interleaved 8-bit RGB leaves, equal
 * to what PIL's {@code convert("RGB")} gives. Knows nothing of data sets, transforms or actors.
 */
package io.urrl.augment.image;
