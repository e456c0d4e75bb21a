package mmct.vision;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import mmct.api.MmctException;
import mmct.api.data.Cell;
import mmct.api.data.View;
import mmct.api.spi.Backbone;
import mmct.api.spi.Feeding;
import mmct.api.spi.Modality;
import mmct.vision.augment.Augmentation;
import mmct.vision.augment.MocoAugmentation;
import mmct.vision.augment.PlainAugmentation;
import mmct.vision.decode.ImageDecoder;
import mmct.vision.decode.PixelCache;
import mmct.vision.decode.Pixels;
import mmct.vision.resample.Shrink;
import mmct.vision.resnet.ResNet;

/// Pictures: decoded, cropped, coloured and encoded by a residual network.
final class ImageModality implements Modality {
  private final String name;
  private final ImageOptions options;
  private final ImageDecoder decoder;
  private final PixelCache cache;
  private final Augmentation training;
  private final PlainAugmentation evaluation;

  ImageModality(String name, ImageOptions options) {
    this.name = name;
    this.options = options;
    decoder = new ImageDecoder(options.maxPixels());
    cache = new PixelCache(Math.multiplyExact(options.cacheMegabytes(), 1L << 20));
    evaluation = new PlainAugmentation(options);
    training =
        switch (options.augment().type()) {
          case MOCO_V2 -> new MocoAugmentation(options);
          case PLAIN -> evaluation;
        };
  }

  @Override
  public Views draw(Cell cell, ViewRequest request) {
    Pixels pixels = pixels(cell);
    request.read().run();
    // A generator per view: how many views one side draws does not move the other's.
    SplittableRandom queries = new SplittableRandom(request.seed());
    SplittableRandom keys = queries.split();
    return new Views(
        views(pixels, request.queries(), queries), views(pixels, request.keys(), keys));
  }

  private List<View> views(Pixels pixels, int count, SplittableRandom random) {
    List<View> views = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      views.add(asView(training.view(pixels, random.split())));
    }
    return views;
  }

  @Override
  public List<View> plain(Cell cell) {
    return List.of(asView(evaluation.view(pixels(cell))));
  }

  private View asView(float[] values) {
    return View.of(values, 3, options.size(), options.size());
  }

  private Pixels pixels(Cell cell) {
    return switch (cell) {
      case Cell.File(var path) -> cache.get(path, it -> shrunk(decoder.decode(it)));
      case Cell.Bytes(byte[] content, String file) -> shrunk(decoder.decode(content, file));
      case Cell.ByteGrid(byte[] values, int[] shape) -> shrunk(grid(values, shape));
      case Cell.Strings strings -> throw refused("strings");
      case Cell.Numbers numbers -> throw refused("numbers");
    };
  }

  private Pixels shrunk(Pixels pixels) {
    return Shrink.toShorterSide(pixels, options.shrink());
  }

  private static Pixels grid(byte[] values, int[] shape) {
    boolean colour = shape.length == 3 && shape[2] == 3;
    boolean grey = shape.length == 2 || (shape.length == 3 && shape[2] == 1);
    if (!colour && !grey) {
      throw new MmctException(
          "a grid of bytes is a picture where its shape is [height, width], [height, width, 1] or"
              + " [height, width, 3] but was "
              + Arrays.toString(shape));
    }
    return colour
        ? new Pixels(values, shape[1], shape[0])
        : Pixels.ofGrey(values, shape[1], shape[0]);
  }

  private MmctException refused(String kind) {
    return new MmctException(
        "modality %s reads picture files and grids of bytes but its cells are %s; its columns"
                .formatted(name, kind)
            + " must be others");
  }

  @Override
  public Optional<Backbone> newBackbone(boolean dropout) {
    ResNet network = ResNet.of(options.encoder());
    Shape input = new Shape(1, 3, options.size(), options.size());
    return Optional.of(new Backbone(network, network.width(), List.of(input)));
  }

  @Override
  public Feeding feeding() {
    return ImageFeeding.of(options);
  }
}
