/**
 * Every operation on pictures, equal to PIL's and torchvision's, and the views made of them.
 * Operations take pictures and parameters; {@link io.urrl.augment.transform.ViewMaker} draws the
 * parameters from (seed, epoch, sample, view) alone. Knows nothing of files, actors or networks.
 */
package io.urrl.augment.transform;
