package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mmct.api.engine.Precision;
import mmct.api.engine.Torch;
import mmct.api.spi.Backbone;

/// The encoder of one modality: a backbone and one projection head per space.
public final class Encoder {
  private final Block backbone;
  private final int width;
  private final Map<String, Block> heads;
  private final Weights weights;
  private final EncoderContract contract;
  private final boolean batchNormalised;

  private Encoder(
      Block backbone,
      int width,
      Map<String, Block> heads,
      Weights weights,
      EncoderContract contract) {
    this.backbone = backbone;
    this.width = width;
    this.heads = heads;
    this.weights = weights;
    this.contract = contract;
    batchNormalised = weights.arrays().keySet().stream().anyMatch(n -> n.endsWith("running_mean"));
  }

  /// Builds and initialises an encoder.
  ///
  /// @param contract what the backbone was promised to be
  static Encoder create(
      Backbone backbone,
      Map<String, SpaceConfig> spaces,
      NDManager owner,
      EncoderContract contract) {
    Shape[] inputs = backbone.inputShapes().toArray(Shape[]::new);
    contract.run("initialize", () -> backbone.block().initialize(owner, DataType.FLOAT32, inputs));
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    ParameterNames.of(backbone.block()).forEach((name, p) -> parameters.put("backbone." + name, p));
    Map<String, Block> heads = new LinkedHashMap<>();
    spaces.forEach(
        (name, space) -> {
          ProjectionHead head = new ProjectionHead(space);
          head.initialize(owner, DataType.FLOAT32, new Shape(1, backbone.width()));
          ParameterNames.of(head).forEach((n, p) -> parameters.put("heads." + name + "." + n, p));
          heads.put(name, head);
        });
    return new Encoder(
        backbone.block(), backbone.width(), heads, Weights.gather(parameters, owner), contract);
  }

  /// Encodes one view of some rows.
  ///
  /// @param store hands out the parameters
  /// @param inputs the collated views, each `[n, ...]`
  /// @param training whether normalisations use the batch's statistics and dropout is active
  /// @param spaces into which spaces to project
  /// @return float32, whatever the backbone computes in
  public Encoded encode(ParameterStore store, NDList inputs, boolean training, Set<String> spaces) {
    contract.checkInputs(inputs);
    NDArray features =
        contract.call(
            "forward", () -> StagedPass.plain(backbone, store, inputs, training).head()); // [n, w]
    return projected(features, store, training, spaces);
  }

  /// Encodes for training, forgetting what [Encoded#backward] computes again.
  Encoded encodeAndForget(
      StepParameters store,
      NDList inputs,
      Precision precision,
      Set<String> spaces,
      NDManager part) {
    contract.checkInputs(inputs);
    StagedPass pass =
        contract.call(
            "forward", () -> StagedPass.recorded(backbone, store, inputs, precision, part));
    try (var _ = Torch.mixedPrecision(precision, part.getDevice())) {
      Encoded encoded = projected(pass.features(), store, true, spaces);
      return new Encoded(encoded.backbone(), encoded.projections(), Optional.of(pass::backward));
    }
  }

  private Encoded projected(
      NDArray computed, ParameterStore store, boolean training, Set<String> spaces) {
    contract.checkFeatures(computed);
    NDArray features = Torch.toFloat32(computed); // [n, w]
    Map<String, NDArray> projections = new LinkedHashMap<>();
    for (String space : spaces) {
      NDArray projection = head(space).forward(store, new NDList(features), training).head();
      projections.put(space, Torch.toFloat32(projection)); // [n, d]
    }
    return new Encoded(features, projections, Optional.empty());
  }

  /// The backbone, which returns features `[n, width]` first.
  public Block backbone() {
    return backbone;
  }

  /// The width of the backbone's features.
  public int width() {
    return width;
  }

  /// The spaces that the encoder projects into.
  public Set<String> spaces() {
    return heads.keySet();
  }

  /// The projection head of a space: reads `[n, width]`, returns unit rows `[n, d]`.
  public Block head(String space) {
    Block head = heads.get(space);
    if (head == null) {
      throw new IllegalArgumentException(
          "there is no head for space '%s'; heads: %s".formatted(space, heads.keySet()));
    }
    return head;
  }

  /// The whole encoder as one block that shares the parameters.
  ///
  /// @param space the space to project into; empty for the backbone alone
  /// @return reads the collated views, returns features `[n, width]` first
  public Block block(Optional<String> space) {
    return space
        .<Block>map(name -> new ProjectedEncoder(backbone, width, head(name)))
        .orElse(backbone);
  }

  /// The width d of a space's features.
  public int width(String space) {
    return Math.toIntExact(
        head(space).getOutputShapes(new Shape[] {new Shape(1, width)})[0].get(1));
  }

  /// The parameters of backbone and heads.
  public Weights weights() {
    return weights;
  }

  /// The fewest rows that can be encoded in training: the statistics of a single row mean nothing,
  /// so an encoder with batch normalisation needs two.
  int fewestRows() {
    return batchNormalised ? 2 : 1;
  }

  /// Features of some rows.
  ///
  /// @param backbone `[n, w]`
  /// @param projections by space, unit rows `[n, d]`
  /// @param forgotten leads the gradient on through what was not recorded
  public record Encoded(
      NDArray backbone, Map<String, NDArray> projections, Optional<Runnable> forgotten) {
    /// Leads the gradient that was left on the features back through the backbone, where that has
    /// not happened by itself.
    void backward() {
      forgotten.ifPresent(Runnable::run);
    }

    /// The projection into a space, `[n, d]`.
    public NDArray projection(String space) {
      NDArray projection = projections.get(space);
      if (projection == null) {
        throw new IllegalStateException("nothing was projected into space " + space);
      }
      return projection;
    }
  }
}
