/** Losses, one a file, as functions of tensors. */
package io.urrl.gpu.loss;
