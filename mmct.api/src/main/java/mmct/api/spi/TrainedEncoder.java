package mmct.api.spi;

import ai.djl.nn.Block;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import mmct.api.config.Settings;

/// An encoder that is to leave the toolkit, with all that is known about it.
///
/// @param name what its files are to be called, without ending: the modality's name alone where
///     nothing but the modality was asked for
/// @param modality the name of its modality in the run
/// @param type the name of the modality's provider
/// @param options the provider's options, as the run has them
/// @param artefacts the files that belong to the modality, such as a vocabulary, by name
/// @param reader the modality, which knows how cells become inputs
/// @param backbone reads the collated inputs, returns features `[n, width]` first
/// @param block the whole encoder: backbone and the head of `space`, or the backbone alone; reads
///     the collated inputs, returns features `[n, width]` first
/// @param width the width of the block's features
/// @param space the space that the block projects into; empty for the backbone's features, which
///     are not normalised, while those of a space are rows of length 1
/// @param momentum whether it is the momentum encoder rather than the query encoder
/// @param origin where it comes from, for people and for the record: run, step, seed, data
public record TrainedEncoder(
    String name,
    String modality,
    String type,
    Settings options,
    Map<String, byte[]> artefacts,
    Modality reader,
    Block backbone,
    Block block,
    int width,
    Optional<String> space,
    boolean momentum,
    Map<String, String> origin) {
  /// Copies the maps, keeping their order.
  public TrainedEncoder {
    artefacts = Collections.unmodifiableMap(new LinkedHashMap<>(artefacts));
    origin = Collections.unmodifiableMap(new LinkedHashMap<>(origin));
  }

  /// An encoder whose name tells everything that tells it from the others of its run, such as
  /// `image-common-momentum` or `image-backbone`.
  public TrainedEncoder(
      String modality,
      String type,
      Settings options,
      Map<String, byte[]> artefacts,
      Modality reader,
      Block backbone,
      Block block,
      int width,
      Optional<String> space,
      boolean momentum,
      Map<String, String> origin) {
    this(
        modality + "-" + space.orElse("backbone") + (momentum ? "-momentum" : ""),
        modality,
        type,
        options,
        artefacts,
        reader,
        backbone,
        block,
        width,
        space,
        momentum,
        origin);
  }

  /// The same encoder under another name.
  public TrainedEncoder named(String other) {
    return new TrainedEncoder(
        other, modality, type, options, artefacts, reader, backbone, block, width, space, momentum,
        origin);
  }

  /// What it is, in a few words for people.
  public String describe() {
    return "%s%s, %s, %d wide"
        .formatted(
            momentum ? "momentum " : "",
            modality,
            space.map(name -> "space " + name).orElse("backbone"),
            width);
  }
}
