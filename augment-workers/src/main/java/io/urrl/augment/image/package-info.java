/**
 * Pictures in memory and their decoders. Encoded bytes enter, interleaved 8-bit RGB leaves, equal
 * to what PIL's {@code convert("RGB")} gives. What a file's markers or chunks promise is held
 * against its length before any decoder sees it, so that the verdict on a damaged file does not
 * depend on the decoder. Knows nothing of data sets, transforms or actors.
 */
package io.urrl.augment.image;
