package mmct.vision.detectron2;

import ai.djl.ndarray.NDArray;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.graph.ParameterNames;
import mmct.api.io.AtomicFiles;
import mmct.api.spi.Exporter;
import mmct.api.spi.TrainedEncoder;
import mmct.vision.EncoderOptions;
import mmct.vision.ImageOptions;
import mmct.vision.detectron2.PickleWriter.FloatArray;
import mmct.vision.resnet.ResNet;

/// Writes the backbone of a ResNet-50 as a pickle that Detectron2 starts from, and beside it the
/// configuration files of the two recipes of the paper's Tables 2 and 3. A projection head has no
/// place there and is left out.
public final class Detectron2Exporter implements Exporter {
  /// Creates the exporter.
  public Detectron2Exporter() {}

  @Override
  public Optional<String> refusal(TrainedEncoder encoder) {
    if (!(encoder.backbone() instanceof ResNet)) {
      return Optional.of(
          "the format detectron2 holds residual networks but the encoder of %s is a %s"
              .formatted(encoder.modality(), encoder.backbone().getClass().getSimpleName()));
    }
    EncoderOptions network = encoder.options().bind(ImageOptions.class).encoder();
    if (network.type() != EncoderOptions.Type.RESNET50 || network.smallImageStem()) {
      return Optional.of(
          "the recipes of the format detectron2 are for resnet50 but the encoder of %s is %s%s"
              .formatted(
                  encoder.modality(),
                  network.type().name().toLowerCase(Locale.ROOT),
                  network.smallImageStem() ? " with the stem for small images" : ""));
    }
    return Optional.empty();
  }

  @Override
  public List<Path> export(TrainedEncoder encoder, Path folder) {
    refusal(encoder)
        .ifPresent(
            reason -> {
              throw new MmctException(reason);
            });
    ImageOptions options = encoder.options().bind(ImageOptions.class);
    Path weights = encoder.file(folder, "-detectron2.pkl");
    Recipes recipes = new Recipes(weights.getFileName().toString(), options);
    Path voc = encoder.file(folder, "-faster-rcnn-R50-C4-voc-24k.yaml");
    Path coco = encoder.file(folder, "-mask-rcnn-R50-FPN-coco-2x.yaml");
    AtomicFiles.write(
        weights,
        channel -> {
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
          new PickleWriter(out).write(content(encoder));
          out.flush();
        });
    AtomicFiles.write(voc, recipes.voc().getBytes(StandardCharsets.UTF_8));
    AtomicFiles.write(coco, recipes.coco().getBytes(StandardCharsets.UTF_8));
    return List.of(weights, voc, coco);
  }

  /// As Detectron2's own model files: `matching_heuristics` has it find the weights' places in a
  /// detector by the ends of their names.
  private static Map<String, Object> content(TrainedEncoder encoder) {
    Map<String, Object> model = new LinkedHashMap<>();
    ParameterNames.of(encoder.backbone())
        .forEach(
            (name, parameter) -> model.put(Detectron2Names.of(name), values(parameter.getArray())));
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("model", model);
    content.put("__author__", "MMCT");
    content.put("matching_heuristics", true);
    return content;
  }

  /// The memory of a weight, or a copy where it lies on another device.
  private static FloatArray values(NDArray array) {
    return new FloatArray(array.getShape().getShape(), array.toByteBuffer(true));
  }
}
