package io.urrl.actors.tensor;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where each named float32 tensor lies in one flat buffer. Entries follow each other without gaps,
 * in the order in which they were added; offsets and lengths count floats, not bytes.
 *
 * @param entries the tensors in buffer order; names are unique
 */
public record TensorLayout(List<Entry> entries) {
  /** Slices begin at multiples of this many floats: one cache line. */
  public static final int SLICE_ALIGNMENT = 16;

  /**
   * One tensor's place.
   *
   * @param name torchvision's or MoCo's name, such as {@code layer1.0.conv1.weight}
   * @param shape dimensions, outermost first; empty for a scalar
   * @param offset first float in the flat buffer
   * @param length number of floats, the product of the shape
   */
  public record Entry(String name, List<Integer> shape, long offset, long length) {
    /** Checks that shape and length agree. */
    public Entry {
      shape = List.copyOf(shape);
      if (length != elements(name, shape)) {
        throw new IllegalArgumentException(
            "tensor " + name + " of shape " + shape + " cannot have " + length + " elements");
      }
    }
  }

  /**
   * A contiguous range of the flat buffer, in floats.
   *
   * @param from first float
   * @param to one past the last float
   */
  public record Slice(long from, long to) {
    /** Checks that the range is not inverted. */
    public Slice {
      if (from < 0 || to < from) {
        throw new IllegalArgumentException("slice " + from + ".." + to + " is not a range");
      }
    }

    /** Number of floats. */
    public long length() {
      return to - from;
    }

    /** The slice's own memory within that of the whole flat buffer. */
    public MemorySegment of(MemorySegment flat) {
      return flat.asSlice(from * Float.BYTES, length() * Float.BYTES);
    }
  }

  /** Checks that entries are contiguous and names unique. */
  public TensorLayout {
    entries = List.copyOf(entries);
    Set<String> names = new HashSet<>();
    long end = 0;
    for (Entry entry : entries) {
      if (!names.add(entry.name())) {
        throw new IllegalArgumentException("tensor " + entry.name() + " is there twice");
      }
      if (entry.offset() != end) {
        throw new IllegalArgumentException(
            "tensor " + entry.name() + " lies at " + entry.offset() + ", not at " + end);
      }
      end += entry.length();
    }
  }

  /** Number of floats in the flat buffer. */
  public long size() {
    return entries.isEmpty() ? 0 : entries.getLast().offset() + entries.getLast().length();
  }

  /** Number of bytes in the flat buffer. */
  public long byteSize() {
    return size() * Float.BYTES;
  }

  /**
   * The place of the tensor of this name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public Entry entry(String name) {
    for (Entry entry : entries) {
      if (entry.name().equals(name)) {
        return entry;
      }
    }
    throw new IllegalArgumentException("there is no tensor " + name);
  }

  /** The tensors that lie in a flat buffer, by name, over its own memory. */
  public Map<String, Tensor> tensors(MemorySegment flat) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Entry entry : entries) {
      tensors.put(
          entry.name(),
          new Tensor(
              ElementType.F32,
              entry.shape().stream().map(Integer::longValue).toList(),
              flat.asSlice(entry.offset() * Float.BYTES, entry.length() * Float.BYTES)));
    }
    return tensors;
  }

  /**
   * Copies named tensors to their places in a flat buffer; those that the layout does not have are
   * left out.
   *
   * @param tensors float32, of the entries' lengths
   * @param flat takes {@link #byteSize} bytes
   * @throws IllegalArgumentException when one is missing or has another length
   */
  public void scatter(Map<String, Tensor> tensors, MemorySegment flat) {
    for (Entry entry : entries) {
      Tensor tensor = tensors.get(entry.name());
      if (tensor == null || tensor.data().byteSize() != entry.length() * Float.BYTES) {
        throw new IllegalArgumentException(
            "there is no tensor " + entry.name() + " of " + entry.length() + " floats");
      }
      MemorySegment.copy(
          tensor.data(), 0, flat, entry.offset() * Float.BYTES, tensor.data().byteSize());
    }
  }

  /**
   * Cuts the flat buffer into {@code shards} contiguous slices of nearly equal length, which begin
   * at multiples of {@value #SLICE_ALIGNMENT} floats. With fewer such blocks than shards the last
   * slices are empty.
   *
   * @param shards at least 1
   */
  public List<Slice> split(int shards) {
    return split(size(), shards);
  }

  /**
   * Cuts a flat buffer of {@code size} floats as {@link #split(int)} does.
   *
   * @param shards at least 1
   */
  public static List<Slice> split(long size, int shards) {
    if (shards < 1) {
      throw new IllegalArgumentException(shards + " shards: at least 1 is needed");
    }
    long blocks = Math.ceilDiv(size, SLICE_ALIGNMENT);
    List<Slice> slices = new ArrayList<>(shards);
    long from = 0;
    for (int shard = 1; shard <= shards; shard++) {
      long lastBlock = blocks * shard / shards;
      long to = Math.min(size, lastBlock * SLICE_ALIGNMENT);
      slices.add(new Slice(from, to));
      from = to;
    }
    return List.copyOf(slices);
  }

  /** A builder that stands at offset 0. */
  public static Builder builder() {
    return new Builder();
  }

  private static long elements(String name, List<Integer> shape) {
    long product = 1;
    for (int dimension : shape) {
      if (dimension < 1) {
        throw new IllegalArgumentException("tensor " + name + " has shape " + shape);
      }
      product = Math.multiplyExact(product, (long) dimension);
    }
    return product;
  }

  /** Lays tensors one after the other. */
  public static final class Builder {
    private final List<Entry> entries = new ArrayList<>();
    private long end;

    /**
     * Adds a tensor right behind the last one.
     *
     * @param shape dimensions, outermost first, each at least 1
     */
    public Builder add(String name, int... shape) {
      List<Integer> dimensions = Arrays.stream(shape).boxed().toList();
      long length = elements(name, dimensions);
      entries.add(new Entry(name, dimensions, end, length));
      end += length;
      return this;
    }

    /** The finished layout. */
    public TensorLayout build() {
      return new TensorLayout(entries);
    }
  }
}
