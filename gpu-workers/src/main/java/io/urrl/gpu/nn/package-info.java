/**
 * The encoder: residual networks with torchvision's structure and names, as functions over tensors
 * that alias flat off-heap memory. Knows DJL and layouts; knows neither actors nor streams.
 */
package io.urrl.gpu.nn;
