package mmct.api.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import mmct.api.MmctException;
import mmct.api.engine.Torch;
import mmct.api.graph.Encoder;
import mmct.api.graph.ParameterNames;
import mmct.api.graph.TrainingGraph;
import mmct.api.io.ArtefactStore;
import mmct.api.io.Checksums;
import mmct.api.io.SafeTensors;
import mmct.api.run.Checkpoint;
import mmct.api.run.RunFolder;

/// Weights from elsewhere that a backbone starts from: a safetensors file whose tensors have the
/// names of the backbone's parameters, or a run folder, whose newest checkpoint has them.
///
/// The heads are not part of it: they start fresh.
public final class PretrainedWeights {
  private final Path source;
  private final Path file;
  private final String modality;

  private PretrainedWeights(Path source, Path file, String modality) {
    this.source = source;
    this.file = file;
    this.modality = modality;
  }

  /// What a backbone started from.
  ///
  /// @param file the file that was read
  /// @param sha256 of its bytes, as hexadecimal digits
  /// @param prefix what stands before the parameters' names in the file
  /// @param tensors how many tensors were taken, one for each parameter
  /// @param ignored the names of the file's other tensors
  public record Taken(Path file, String sha256, String prefix, int tensors, List<String> ignored) {
    /// Copies the names.
    public Taken {
      ignored = List.copyOf(ignored);
    }

    @Override
    public String toString() {
      return "%d tensors of %s (sha256 %s)%s%s"
          .formatted(
              tensors,
              file,
              sha256.substring(0, 12),
              prefix.isEmpty() ? "" : " under '" + prefix + "'",
              ignored.isEmpty() ? "" : ", ignored " + TensorMatch.some(ignored));
    }
  }

  /// Finds the file.
  ///
  /// @param source a safetensors file or a run folder
  /// @param modality the modality that starts from it, and from whose query encoder in a run folder
  /// @param warn hears of damaged checkpoints that are passed over
  /// @throws MmctException where there is no such file or folder, or the folder holds no checkpoint
  public static PretrainedWeights find(Path source, String modality, Consumer<String> warn) {
    if (!Files.isDirectory(source)) {
      return new PretrainedWeights(source, source, modality);
    }
    try (Checkpoint newest =
        RunFolder.reading(source)
            .checkpoints()
            .latest(warn)
            .orElseThrow(() -> new MmctException(source + " has no checkpoint yet"))) {
      return new PretrainedWeights(source, newest.file(), modality);
    }
  }

  /// Refuses the weights of a run whose modality keeps other files than the new one: the weights of
  /// a run with another vocabulary belong to other words. A file says nothing about that.
  ///
  /// @param kept what the new run's modality keeps
  /// @throws MmctException naming the file that differs
  void requireSame(ArtefactStore kept) {
    if (source.equals(file)) {
      return;
    }
    ArtefactStore theirs = RunFolder.reading(source).artefacts(modality);
    for (String name : theirs.names()) {
      Optional<byte[]> ours = kept.read(name);
      if (ours.isPresent() && !Arrays.equals(ours.get(), theirs.read(name).orElseThrow())) {
        throw new MmctException(
            "the run's weights belong to its own %s, which differs from this run's"
                .formatted(source.resolve("modalities").resolve(modality).resolve(name)));
      }
    }
  }

  /// Starts the backbone of the modality's query encoder, and its momentum copy, from the weights.
  ///
  /// @throws MmctException naming the parameter, the shapes and the file where they do not fit
  /// @throws IllegalArgumentException where the graph has no such encoder
  public Taken start(TrainingGraph graph) {
    Encoder encoder = graph.queryEncoders().get(modality);
    if (encoder == null) {
      throw new IllegalArgumentException("there is no encoder for " + modality);
    }
    Taken taken = into(encoder.backbone());
    graph.copyToMomentum(modality);
    return taken;
  }

  /// Overwrites the parameters of a block, which has been initialised, its running statistics
  /// included.
  ///
  /// @throws MmctException naming the parameter, the shapes and the file where they do not fit
  public Taken into(Block block) {
    Map<String, NDArray> parameters = new LinkedHashMap<>();
    Map<String, Shape> shapes = new LinkedHashMap<>();
    ParameterNames.of(block)
        .forEach(
            (name, parameter) -> {
              parameters.put(name, parameter.getArray());
              shapes.put(name, parameter.getArray().getShape());
            });
    SafeTensors.verify(file);
    try (SafeTensors content = SafeTensors.open(file)) {
      TensorMatch.Found found =
          new TensorMatch(file, content, shapes).find("query." + modality + ".backbone.");
      parameters.forEach(
          (name, array) -> copy(content, Objects.requireNonNull(found.tensors().get(name)), array));
      return new Taken(
          file, Checksums.of(file), found.prefix(), parameters.size(), found.ignored());
    }
  }

  private void copy(SafeTensors content, String tensor, NDArray parameter) {
    try (NDManager scope = parameter.getManager().newSubManager()) {
      NDArray values = content.read(tensor, scope);
      if (!Float.isFinite(Torch.alias(values, scope).sum().getFloat())) {
        throw new MmctException(
            "'%s' holds values that are not finite in %s".formatted(tensor, file));
      }
      Torch.copy(values, parameter);
    }
  }
}
