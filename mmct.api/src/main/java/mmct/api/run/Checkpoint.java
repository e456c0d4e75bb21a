package mmct.api.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import mmct.api.io.SafeTensors;

/// A checkpoint whose every bit has been verified, opened for reading.
public final class Checkpoint implements AutoCloseable {
  private final long step;
  private final Path file;
  private final SafeTensors tensors;

  Checkpoint(long step, Path file, SafeTensors tensors) {
    this.step = step;
    this.file = file;
    this.tensors = tensors;
  }

  /// Optimiser steps done when it was written.
  public long step() {
    return step;
  }

  /// The file.
  public Path file() {
    return file;
  }

  /// The strings given to [Checkpoints#save], and those that checkpoints keep for themselves.
  public Map<String, String> metadata() {
    return tensors.metadata();
  }

  /// The names of the tensors.
  public Set<String> names() {
    return tensors.names();
  }

  /// The shape of a tensor.
  public Shape shape(String name) {
    return tensors.shape(name);
  }

  /// A tensor bit for bit and in the type in which it was saved.
  ///
  /// @return an array of the manager, on its device
  public NDArray read(String name, NDManager manager) {
    return tensors.readExact(name, manager);
  }

  /// All tensors by name, as [#read] gives each.
  public Map<String, NDArray> readAll(NDManager manager) {
    Map<String, NDArray> all = new LinkedHashMap<>();
    names().forEach(name -> all.put(name, read(name, manager)));
    return all;
  }

  /// Releases the file; arrays that were read stay.
  @Override
  public void close() {
    tensors.close();
  }
}
