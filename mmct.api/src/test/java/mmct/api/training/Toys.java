package mmct.api.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import mmct.api.MmctException;
import mmct.api.config.Setting;
import mmct.api.data.BrokenCellException;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.api.data.View;
import mmct.api.graph.SharedMarks;
import mmct.api.graph.Vectors;
import mmct.api.spi.Backbone;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Constant;
import mmct.api.spi.DatasetProvider;
import mmct.api.spi.Evaluation;
import mmct.api.spi.Evaluator;
import mmct.api.spi.EvaluatorProvider;
import mmct.api.spi.Exporter;
import mmct.api.spi.ExporterProvider;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.LossParameter;
import mmct.api.spi.LossProvider;
import mmct.api.spi.LossState;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.spi.ModalityProvider;
import mmct.api.spi.Needs;
import mmct.api.spi.PositivesProvider;
import mmct.api.spi.PositivesRule;
import mmct.api.spi.Provider;

/// Providers for tests of whole runs: vectors as cells, linear backbones, generated data.
final class Toys {
  private Toys() {}

  /// All of them, with an evaluator whose figures follow a script.
  static Catalogue catalogue(Double... script) {
    return catalogue(split -> split, script);
  }

  /// All of them, with a training split that somebody looks into.
  static Catalogue catalogue(UnaryOperator<Dataset> training, Double... script) {
    return Catalogue.of(providers(training, script));
  }

  /// All of them, and others.
  static Catalogue with(Provider<?>... others) {
    List<Provider<?>> all = providers(split -> split);
    all.addAll(List.of(others));
    return Catalogue.of(all);
  }

  private static List<Provider<?>> providers(UnaryOperator<Dataset> training, Double... script) {
    return new ArrayList<>(
        List.of(
            new VectorsProvider(),
            new Generated(training),
            new AttractionProvider(),
            new SharedProvider(),
            new Scripted(List.of(script)),
            new NearestProvider()));
  }

  /// An evaluator whose work is given.
  record Judge(String name, Evaluator evaluator) implements EvaluatorProvider<NoOptions> {
    @Override
    public Class<NoOptions> options() {
      return NoOptions.class;
    }

    @Override
    public String description() {
      return "judges as it is told";
    }

    @Override
    public Evaluator create(NoOptions options) {
      return evaluator;
    }
  }

  /// An exporter whose work is given.
  record Ship(String name, Exporter exporter) implements ExporterProvider<NoOptions> {
    @Override
    public Class<NoOptions> options() {
      return NoOptions.class;
    }

    @Override
    public String description() {
      return "exports as it is told";
    }

    @Override
    public Exporter create(NoOptions options, Catalogue catalogue) {
      return exporter;
    }
  }

  /// A modality of vectors that gives no view of any cell, or of those that are chosen.
  record Mute(String name, java.util.function.Predicate<Cell> silent)
      implements ModalityProvider<VectorOptions> {
    @Override
    public Class<VectorOptions> options() {
      return VectorOptions.class;
    }

    @Override
    public String description() {
      return "vectors without views";
    }

    @Override
    public Columns columns() {
      return new Columns(List.of("numbers"), Columns.Kind.NUMBERS);
    }

    @Override
    public Modality create(VectorOptions options, ModalityContext context) {
      Modality vectors = new VectorsProvider().create(options, context);
      return new Modality() {
        @Override
        public Views draw(Cell cell, ViewRequest request) {
          return silent.test(cell) ? new Views(List.of(), List.of()) : vectors.draw(cell, request);
        }

        @Override
        public List<View> plain(Cell cell) {
          return silent.test(cell) ? List.of() : vectors.plain(cell);
        }

        @Override
        public Optional<Backbone> newBackbone(boolean dropout) {
          return vectors.newBackbone(dropout);
        }
      };
    }
  }

  /// Options of `vectors`.
  public record VectorOptions(
      @Setting(value = "Length of a cell.", byDefault = "6", min = 1) int length,
      @Setting(value = "Width of the backbone; 0 is none.", byDefault = "8", min = 0) int width,
      @Setting(value = "Batch normalisation.", byDefault = "false") boolean batchNorm,
      @Setting(value = "Dropout.", byDefault = "0", min = 0, below = 1) double dropout,
      @Setting(value = "Noise of a view.", byDefault = "0.1", min = 0) double noise) {}

  /// `vectors`: notes how many cells it has been trained with, and keeps the number in its store.
  private static final class VectorsProvider implements ModalityProvider<VectorOptions> {
    @Override
    public String name() {
      return "vectors";
    }

    @Override
    public Class<VectorOptions> options() {
      return VectorOptions.class;
    }

    @Override
    public String description() {
      return "vectors of numbers";
    }

    @Override
    public Columns columns() {
      return new Columns(List.of("numbers"), Columns.Kind.NUMBERS);
    }

    @Override
    public Modality create(VectorOptions options, ModalityContext context) {
      if (context.store().read("cells").isEmpty()) {
        long cells = context.trainingCells().orElseThrow().get().count();
        context
            .store()
            .write("cells", Long.toString(cells).getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
      context.notes().accept(context.name() + " has been counted");
      Vectors vectors =
          new Vectors(options.length(), options.width())
              .dropout(options.dropout())
              .noise(options.noise());
      return new Fragile(options.batchNorm() ? vectors.batchNormalised() : vectors);
    }
  }

  /// Vectors whose cells are broken where they begin with not-a-number.
  private record Fragile(Vectors vectors) implements Modality {
    @Override
    public Views draw(Cell cell, ViewRequest request) {
      return vectors.draw(sound(cell), request);
    }

    @Override
    public List<View> plain(Cell cell) {
      return vectors.plain(sound(cell));
    }

    private static Cell sound(Cell cell) {
      if (Float.isNaN(((Cell.Numbers) cell).values()[0])) {
        throw new BrokenCellException("the vector does not begin with a number");
      }
      return cell;
    }

    @Override
    public Optional<Backbone> newBackbone(boolean dropout) {
      return vectors.newBackbone(dropout);
    }
  }

  /// Options of `generated`.
  public record GeneratedOptions(
      @Setting(value = "Samples of the training split.", byDefault = "40", min = 0) int samples,
      @Setting(value = "Share of absent cells.", byDefault = "0", min = 0, max = 1) double absent,
      @Setting(value = "Broken cells.", byDefault = "0", min = 0) int broken,
      @Setting(value = "Whether there is a validation split.", byDefault = "true") boolean val) {}

  /// `generated`: each modality's cell is the sample's class, shown in another way, and noise.
  private record Generated(UnaryOperator<Dataset> training)
      implements DatasetProvider<GeneratedOptions> {
    @Override
    public String name() {
      return "generated";
    }

    @Override
    public Class<GeneratedOptions> options() {
      return GeneratedOptions.class;
    }

    @Override
    public String description() {
      return "classes of vectors";
    }

    @Override
    public boolean recognises(Path location) {
      return false;
    }

    @Override
    public DataSource open(GeneratedOptions options, Request request) {
      return new Source(options, new TreeSet<>(request.modalities().keySet()), training);
    }
  }

  private record Source(
      GeneratedOptions options, TreeSet<String> modalities, UnaryOperator<Dataset> around)
      implements DataSource {
    @Override
    public List<String> splits() {
      return options.val() ? List.of("train", "val") : List.of("train");
    }

    @Override
    public Dataset split(String name) {
      if (!splits().contains(name)) {
        throw new MmctException("there is no split " + name);
      }
      boolean training = name.equals("train");
      List<Sample> samples = new ArrayList<>();
      for (int i = 0; i < (training ? options.samples() : 24); i++) {
        samples.add(sample(name, i, training ? options.absent() : 0));
      }
      Dataset split = new InMemoryDataset(samples);
      return training ? around.apply(split) : split;
    }

    private Sample sample(String split, int number, double absent) {
      SplittableRandom random = new SplittableRandom(31L * number + split.hashCode());
      int kind = number % 6;
      Map<String, Cell> cells = new LinkedHashMap<>();
      for (String modality : modalities) {
        float[] values = new float[6];
        for (int i = 0; i < values.length; i++) {
          int place = (i + modality.hashCode()) % values.length;
          values[i] = (float) ((place == kind ? 2 : 0) + 0.2 * random.nextGaussian());
        }
        if (modality.equals("m")) {
          values = new float[] {kind == 0 ? 1 : 0, kind % 2, kind % 3 == 0 ? 1 : 0, 0, 0, 0};
        }
        if (split.equals("train") && number < options.broken()) {
          values[0] = Float.NaN;
        }
        if (random.nextDouble() >= absent) {
          cells.put(modality, new Cell.Numbers(values, values.length));
        }
      }
      return new Sample(split + number, cells, Optional.of("kind" + kind));
    }

    @Override
    public String fingerprint() {
      return options.toString();
    }

    @Override
    public String describe() {
      return "generated train " + options.samples();
    }
  }

  /// Options of `attraction`.
  public record AttractionOptions(
      @Setting(value = "Where the learned scale begins.", byDefault = "5") double scale,
      @Setting("The step at which a row becomes not-a-number.") Optional<Long> failAt) {}

  /// `attraction`: cross-entropy over the own key and the queue with a learned scale, and a state
  /// that counts.
  private static final class AttractionProvider implements LossProvider<AttractionOptions> {
    @Override
    public String name() {
      return "attraction";
    }

    @Override
    public Class<AttractionOptions> options() {
      return AttractionOptions.class;
    }

    @Override
    public String description() {
      return "cross-entropy with a learned scale";
    }

    @Override
    public Loss create(AttractionOptions options) {
      return new Attraction(options);
    }
  }

  private record Attraction(AttractionOptions options) implements Loss {
    @Override
    public Needs needs() {
      return Needs.pair()
          .parameters(LossParameter.scalar("scale", options.scale()))
          .state(
              new LossState("seen", new ai.djl.ndarray.types.Shape(), 0, true),
              new LossState("steps", new ai.djl.ndarray.types.Shape(), 0, false));
    }

    @Override
    public LossOutput evaluate(LossInput input) {
      NDArray query = input.query().mul(input.parameter("scale")); // [n, d]
      NDArray own = query.mul(input.key()).sum(new int[] {1}, true); // [n, 1]
      NDArray others = query.matMul(input.queue().transpose()); // [n, k]
      if (input.masked().isPresent()) {
        NDArray masked = input.masked().get().toType(DataType.FLOAT32, false);
        others = others.add(masked.mul(Constant.of(masked, -1e4)));
      }
      NDArray value = own.concat(others, 1).logSoftmax(1).get(":, 0").neg(); // [n]
      if (input.positives().isPresent()) {
        NDArray marked = input.positives().get().toType(DataType.FLOAT32, false);
        value = value.sub(others.mul(marked).sum(new int[] {1}).mul(Constant.of(value, 0.01)));
      }
      if (options.failAt().filter(step -> step == input.step()).isPresent()) {
        float[] bad = new float[input.instances().length];
        bad[bad.length - 1] = Float.NaN;
        value = value.add(input.manager().create(bad));
      }
      return LossOutput.of(value)
          .with("seen", input.state("seen").add(1))
          .with("steps", input.state("steps").add(1));
    }
  }

  /// Options of `shared`.
  public record SharedOptions(
      @Setting("The modality that leaves the marks.") String of,
      @Setting(value = "Fewest shared marks.", byDefault = "1", min = 1) int atLeast) {}

  private static final class SharedProvider implements PositivesProvider<SharedOptions> {
    @Override
    public String name() {
      return "shared";
    }

    @Override
    public Class<SharedOptions> options() {
      return SharedOptions.class;
    }

    @Override
    public String description() {
      return "marks in common";
    }

    @Override
    public PositivesRule create(SharedOptions options) {
      return new SharedMarks(options.of(), options.atLeast());
    }
  }

  /// No options.
  public record NoOptions() {}

  /// `scripted`: the figure `value` is the next of a script.
  private record Scripted(List<Double> script) implements EvaluatorProvider<NoOptions> {
    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public Class<NoOptions> options() {
      return NoOptions.class;
    }

    @Override
    public String description() {
      return "figures that are known beforehand";
    }

    @Override
    public Evaluator create(NoOptions options) {
      List<Double> rest = new ArrayList<>(script);
      return context ->
          Optional.of(
              new Evaluation(Map.of("value", rest.removeFirst()), Map.of("scripted", true)));
    }
  }

  /// `nearest`: how often the nearest `b` of an `a` is of the same class, in the space `common`.
  private static final class NearestProvider implements EvaluatorProvider<NoOptions> {
    @Override
    public String name() {
      return "nearest";
    }

    @Override
    public Class<NoOptions> options() {
      return NoOptions.class;
    }

    @Override
    public String description() {
      return "share of neighbours of the same class";
    }

    @Override
    public Evaluator create(NoOptions options) {
      return context -> {
        var a = context.encode("a", "common");
        var b = context.encode("b", "common");
        int hits = 0;
        for (int i = 0; i < a.items(); i++) {
          int nearest = 0;
          for (int j = 1; j < b.items(); j++) {
            nearest = dot(a, i, b, j) > dot(a, i, b, nearest) ? j : nearest;
          }
          Optional<String> label = context.dataset().get(a.samples()[i]).label();
          hits += label.equals(context.dataset().get(b.samples()[nearest]).label()) ? 1 : 0;
        }
        return Optional.of(
            new Evaluation(Map.of("share", (double) hits / a.items()), Map.of("items", a.items())));
      };
    }

    private static double dot(
        mmct.api.spi.EvaluationContext.Features a,
        int i,
        mmct.api.spi.EvaluationContext.Features b,
        int j) {
      double sum = 0;
      for (int d = 0; d < a.width(); d++) {
        sum += (double) a.values()[i * a.width() + d] * b.values()[j * b.width() + d];
      }
      return sum;
    }
  }
}
