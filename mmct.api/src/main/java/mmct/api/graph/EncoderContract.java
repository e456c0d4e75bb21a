package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import mmct.api.MmctException;
import mmct.api.spi.Backbone;
import mmct.api.spi.Modality;
import mmct.api.spi.Origin;

/// What a modality promises of its views and its backbone, checked when the backbone is first run,
/// and by whom a failure of the backbone is told. To be used by one thread at a time.
final class EncoderContract {
  private final String modality;
  private final Optional<Origin> origin;
  private final List<Shape> inputs;
  private final int width;
  private final boolean anyLength;
  private boolean inputsSeen;
  private boolean featuresSeen;

  /// The promises of a modality.
  ///
  /// @param name the modality's name in the configuration
  EncoderContract(String name, Modality modality, Backbone backbone) {
    this.modality = name;
    origin = Origin.of(modality);
    inputs = backbone.inputShapes();
    width = backbone.width();
    anyLength = modality.feeding().lengths().isPresent();
  }

  /// Does work of the backbone.
  <T> T call(String what, Supplier<T> work) {
    return origin.isPresent() ? origin.get().call(what, work) : work.get();
  }

  /// Does work of the backbone.
  void run(String what, Runnable work) {
    call(
        what,
        () -> {
          work.run();
          return what;
        });
  }

  /// Checks, the first time, that collated views are what the backbone was initialised for: as many
  /// inputs, each of so many axes and, unless rows have lengths of their own, of the same size.
  ///
  /// @param views each `[n, ...]`
  void checkInputs(NDList views) {
    if (inputsSeen) {
      return;
    }
    List<Shape> given = views.stream().map(NDArray::getShape).toList();
    boolean fits = given.size() == inputs.size();
    for (int i = 0; fits && i < given.size(); i++) {
      fits = fits(given.get(i), inputs.get(i));
    }
    if (!fits) {
      throw wrong(
          "its views, collated, are %s, but its backbone's inputShapes are %s"
              .formatted(rows(given), rows(inputs)));
    }
    inputsSeen = true;
  }

  private boolean fits(Shape given, Shape promised) {
    boolean fits = given.dimension() == promised.dimension();
    for (int axis = 1; fits && !anyLength && axis < given.dimension(); axis++) {
      fits = promised.get(axis) <= 0 || given.get(axis) == promised.get(axis);
    }
    return fits;
  }

  /// Checks, the first time, that features are `[n, width]`.
  void checkFeatures(NDArray features) {
    if (featuresSeen) {
      return;
    }
    Shape given = features.getShape();
    if (given.dimension() != 2 || given.get(1) != width) {
      throw wrong(
          "its backbone returned features %s but says that its width is %d"
              .formatted(rows(List.of(given)), width));
    }
    featuresSeen = true;
  }

  private static String rows(List<Shape> shapes) {
    return String.join(" and ", shapes.stream().map(EncoderContract::rows).toList());
  }

  private static String rows(Shape shape) {
    return shape.dimension() == 0
        ? "[]"
        : shape.slice(1).toString().replace("(", "[n, ").replace(")", "]").replace("[n, ]", "[n]");
  }

  private MmctException wrong(String what) {
    return new MmctException(
        "the modality '%s' breaks its contract: %s%s"
            .formatted(modality, what, origin.map(it -> " (" + it + ")").orElse("")));
  }
}
