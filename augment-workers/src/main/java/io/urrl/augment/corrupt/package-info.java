/**
 * The fifteen common corruptions of ImageNet-C and CIFAR-C (Hendrycks and Dietterich, "Benchmarking
 * neural network robustness to common corruptions and perturbations", ICLR 2019), at five
 * severities each.
 *
 * <p>A {@link io.urrl.augment.corrupt.Corruption} is a value: a corruption at one severity, with
 * its parameters, for any thread. What it draws and what it computes are apart: {@code apply} is a
 * pure function of a picture and random numbers, and {@code corrupt} draws those numbers from a
 * Philox stream. Given the numbers, the bytes are those of the published generator. All parameters
 * stand in {@link io.urrl.augment.corrupt.CorruptionTable}. The package knows no files, besides the
 * published frost pictures, and no actors.
 */
package io.urrl.augment.corrupt;
