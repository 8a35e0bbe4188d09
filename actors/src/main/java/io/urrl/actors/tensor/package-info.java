/**
 * Named tensors over off-heap memory and the two file formats that carry them.
 *
 * <p>A {@link io.urrl.actors.tensor.TensorLayout} says where each named parameter lies in one flat
 * float32 buffer; {@link io.urrl.actors.tensor.Safetensors} and {@link io.urrl.actors.tensor.Npy}
 * read and write files. Data enters and leaves as {@link java.lang.foreign.MemorySegment}s in
 * little-endian order. Knows nothing of networks, actors or streams.
 */
package io.urrl.actors.tensor;
