package mmct.eval.weights;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mmct.api.MmctException;
import mmct.api.graph.ParameterNames;
import mmct.api.io.AtomicFiles;
import mmct.api.io.Checksums;
import mmct.api.io.SafeTensorsWriter;
import mmct.api.spi.Exporter;
import mmct.api.spi.Feeding;
import mmct.api.spi.TrainedEncoder;

/// Writes an encoder's weights as a safetensors file, and the files that belong to its modality,
/// such as a vocabulary, beside it.
///
/// The backbone's tensors have the names that the backbone gives its parameters: torchvision's for
/// a residual network, Hugging Face's for BERT. Those of a projection head begin with `head.`.
/// Metadata say what the encoder is and how it is fed, and hold the SHA-256 of the file itself and
/// of the files beside it (`sha256.NAME`); `format` is `pt`, without which Hugging
/// Face's library refuses the file.
public final class SafetensorsExporter implements Exporter {
  /// Creates the exporter.
  public SafetensorsExporter() {}

  @Override
  public List<Path> export(TrainedEncoder encoder, Path folder) {
    SafeTensorsWriter writer = SafeTensorsWriter.sealed();
    metadata(encoder).forEach(writer::metadata);
    weights(encoder).forEach((tensor, parameter) -> writer.add(tensor, parameter.getArray()));
    Path file = encoder.file(folder, ".safetensors");
    List<Path> files = new ArrayList<>(List.of(file));
    writer.write(file);
    encoder
        .artefacts()
        .forEach(
            (artefact, content) -> {
              Path beside = encoder.file(folder, "." + artefact);
              AtomicFiles.write(beside, content);
              files.add(beside);
            });
    return List.copyOf(files);
  }

  private static Map<String, Parameter> weights(TrainedEncoder encoder) {
    Map<String, Parameter> weights = new LinkedHashMap<>(ParameterNames.of(encoder.backbone()));
    Set<Parameter> known = Collections.newSetFromMap(new IdentityHashMap<>());
    known.addAll(weights.values());
    ParameterNames.of(encoder.block())
        .forEach(
            (name, parameter) -> {
              if (known.add(parameter) && weights.put(name, parameter) != null) {
                throw taken(encoder, name);
              }
            });
    return weights;
  }

  private static MmctException taken(TrainedEncoder encoder, String name) {
    Block backbone = encoder.backbone();
    return new MmctException(
        "the head of %s has a weight '%s', which is a name of its backbone (%s) too"
            .formatted(encoder.modality(), name, backbone.getClass().getSimpleName()));
  }

  private static Map<String, String> metadata(TrainedEncoder encoder) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    metadata.put("modality", encoder.modality());
    metadata.put("type", encoder.type());
    metadata.put("width", Integer.toString(encoder.width()));
    encoder.space().ifPresent(space -> metadata.put("space", space));
    metadata.put("encoder", encoder.momentum() ? "momentum" : "query");
    Feeding feeding = encoder.reader().feeding();
    metadata.put("inputs", String.join(" ", feeding.inputs()));
    feeding.lengths().ifPresent(it -> metadata.put("lengths", it.least() + " to " + it.most()));
    feeding.rules().forEach((rule, words) -> metadata.put("rule." + rule, words));
    encoder.origin().forEach((key, value) -> metadata.put("origin." + key, value));
    encoder
        .artefacts()
        .forEach((name, content) -> metadata.put("sha256." + name, Checksums.of(content)));
    return metadata;
  }
}
