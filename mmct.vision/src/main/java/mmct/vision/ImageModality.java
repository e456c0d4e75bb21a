package mmct.vision;

import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.data.Cell;
import mmct.api.data.View;
import mmct.api.spi.Backbone;
import mmct.api.spi.Feeding;
import mmct.api.spi.Modality;
import mmct.vision.augment.Augmentation;
import mmct.vision.augment.Augmentation.Plan;
import mmct.vision.augment.MocoAugmentation;
import mmct.vision.augment.PlainAugmentation;
import mmct.vision.decode.Decoded;
import mmct.vision.decode.DiskCache;
import mmct.vision.decode.ImageDecoder;
import mmct.vision.decode.JpegLibrary;
import mmct.vision.decode.Picture;
import mmct.vision.decode.PixelCache;
import mmct.vision.decode.Pixels;
import mmct.vision.resample.Shrink;
import mmct.vision.resnet.ResNet;

/// Pictures: decoded, cropped, coloured and encoded by a residual network.
final class ImageModality implements Modality {
  private final String name;
  private final ImageOptions options;
  private final JpegLibrary library;
  private final ImageDecoder decoder;
  private final PixelCache memory;
  private final Optional<DiskCache> disk;
  private final boolean caches;
  private final Augmentation training;
  private final PlainAugmentation evaluation;

  ImageModality(String name, ImageOptions options, JpegLibrary library) {
    this.name = name;
    this.options = options;
    this.library = library;
    decoder = ImageDecoder.of(options.maxPixels(), library);
    memory = new PixelCache(Math.multiplyExact(options.cacheMegabytes(), 1L << 20));
    disk = disk(options, library);
    caches = options.cacheMegabytes() > 0 || disk.isPresent();
    evaluation = new PlainAugmentation(options);
    training =
        switch (options.augment().type()) {
          case MOCO_V2 -> new MocoAugmentation(options);
          case PLAIN -> evaluation;
        };
  }

  private static Optional<DiskCache> disk(ImageOptions options, JpegLibrary library) {
    long capacity = Math.multiplyExact(options.diskCache().megabytes(), 1L << 20);
    String made = "%s, shrink %d".formatted(library.version(), options.shrink());
    return options.diskCache().folder().map(folder -> new DiskCache(folder, capacity, made));
  }

  @Override
  public Views draw(Cell cell, ViewRequest request) {
    Picture picture = picture(cell);
    // A generator per view: how many views one side draws does not move the other's.
    SplittableRandom queries = new SplittableRandom(request.seed());
    SplittableRandom keys = queries.split();
    List<Plan> plans = new ArrayList<>(plans(picture, request.queries(), queries));
    plans.addAll(plans(picture, request.keys(), keys));
    List<View> views = views(picture, plans, request.read());
    return new Views(
        views.subList(0, request.queries()), views.subList(request.queries(), views.size()));
  }

  private List<Plan> plans(Picture picture, int count, SplittableRandom random) {
    return Stream.generate(() -> training.plan(picture.width(), picture.height(), random.split()))
        .limit(count)
        .toList();
  }

  /// All views come from one decoding, at the smallest scale that none of them misses.
  private static List<View> views(Picture picture, List<Plan> plans, Runnable read) {
    Decoded decoded = picture.decode(plans.stream().mapToInt(Plan::eighths).max().orElse(1));
    read.run();
    return plans.stream().map(plan -> plan.view(decoded)).toList();
  }

  @Override
  public List<View> plain(Cell cell) {
    return List.of(evaluation.view(picture(cell).pixels()));
  }

  private Picture picture(Cell cell) {
    return switch (cell) {
      case Cell.File(var path) -> file(path);
      case Cell.Bytes(byte[] content, String file) -> shrunk(decoder.read(content, file));
      case Cell.ByteGrid(byte[] values, int[] shape) -> shrunk(Picture.of(grid(values, shape)));
      case Cell.Strings strings -> throw refused("strings");
      case Cell.Numbers numbers -> throw refused("numbers");
    };
  }

  private Picture file(Path path) {
    return caches ? Picture.of(memory.get(path, this::fromDisk)) : shrunk(decoder.read(path));
  }

  private Pixels fromDisk(Path path) {
    return disk.isPresent() ? disk.get().get(path, this::whole) : whole(path);
  }

  /// What is kept must serve every view, also those that a later epoch draws; and so must what no
  /// longer fits, lest views depend on which picture came first.
  private Pixels whole(Path path) {
    return shrunk(decoder.read(path)).pixels();
  }

  private Picture shrunk(Picture picture) {
    return Shrink.toShorterSide(picture, options.shrink());
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
  public Map<String, String> machine() {
    return Map.of("decoder", library.version());
  }

  @Override
  public Feeding feeding() {
    return ImageFeeding.of(options);
  }
}
