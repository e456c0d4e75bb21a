package mmct.api.spi;

import ai.djl.nn.Block;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import mmct.api.config.Settings;

/// An encoder that is to leave the toolkit, with all that is known about it.
///
/// @param name by which its files are called: the modality's alone where nothing but the modality
///     was asked for, else the full one
/// @param modality the name of its modality in the run
/// @param type the name of the modality's provider
/// @param options the provider's options, as the run has them; of files only the names
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

  /// The name of an encoder that tells everything that tells it from the others of its run, such as
  /// `image-common-momentum` or `image-backbone`.
  public static String fullName(String modality, Optional<String> space, boolean momentum) {
    return modality + "-" + space.orElse("backbone") + (momentum ? "-momentum" : "");
  }

  /// A file of this encoder in a folder. What not every file system takes in a name becomes `_`.
  ///
  /// @param ending what follows the encoder's name, such as `.onnx`
  public Path file(Path folder, String ending) {
    return folder.resolve((name + ending).replaceAll("[^\\p{L}\\p{N}_.-]", "_"));
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
