package mmct.eval.classification;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.data.Dataset;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.EvaluationContext.Features;
import mmct.eval.features.FiniteFeatures;

/// Encodes the split that is judged and the one that is learned from, and brings the classes of
/// both together.
final class TaskReader {
  private final LabelledData wanted;
  private final EvaluationContext context;

  TaskReader(LabelledData wanted, EvaluationContext context) {
    this.wanted = wanted;
    this.context = context;
  }

  /// The data lack what the evaluation needs.
  static final class LackException extends MmctException {
    private static final long serialVersionUID = 1;

    LackException(String reason) {
      super(reason);
    }
  }

  /// A split with the classes of its samples, before anything is encoded.
  ///
  /// @param classes by the index of a sample, where it has one
  private record Labels(EvaluationContext context, Map<Integer, String> classes) {
    int size() {
      return context.dataset().size();
    }

    Set<String> ids() {
      Dataset dataset = context.dataset();
      Set<String> ids = new HashSet<>();
      classes.keySet().forEach(sample -> ids.add(dataset.id(sample)));
      return ids;
    }
  }

  ClassificationTask read() {
    if (context.split().equals(wanted.train())) {
      throw new LackException(
          "the %s learns from split '%s', so another one must be judged"
              .formatted(wanted.evaluation(), wanted.train()));
    }
    Labels test = labels(context);
    Labels train = labels(trainContext());
    requireTwoClasses(train);
    String modality = wanted.modalityOf(context);
    List<String> classes = classes(train, test);
    LabelledItems trainItems = items(train, modality, classes);
    LabelledItems testItems = items(test, modality, classes);
    Map<String, Object> protocol = new LinkedHashMap<>();
    protocol.put("modality", modality);
    protocol.put("space", wanted.space().orElse("backbone"));
    protocol.put("width", testItems.width());
    protocol.put("classes", classes.size());
    protocol.put("train", counts(wanted.train(), train, trainItems));
    protocol.put("test", counts(context.split(), test, testItems));
    putUnseen(train, test, protocol);
    putOverlaps(train, test, protocol);
    return new ClassificationTask(classes, trainItems, testItems, protocol);
  }

  /// A missing split is a lack of the data too, and not the end of a run that judges itself.
  private EvaluationContext trainContext() {
    try {
      return context.on(wanted.train());
    } catch (MmctException e) {
      throw new LackException(
          "the %s learns from a split of its own (train): %s"
              .formatted(wanted.evaluation(), e.getMessage()));
    }
  }

  private Labels labels(EvaluationContext of) {
    Map<Integer, String> classes = new TreeMap<>();
    for (int i = 0; i < of.dataset().size(); i++) {
      int sample = i;
      wanted.classOf(of.dataset(), i).ifPresent(name -> classes.put(sample, name));
    }
    if (classes.isEmpty()) {
      throw new LackException(
          "the %s needs classes but no sample of split '%s' has one (%s)"
              .formatted(wanted.evaluation(), of.split(), wanted.wherefrom()));
    }
    return new Labels(of, classes);
  }

  private void requireTwoClasses(Labels train) {
    Set<String> classes = new TreeSet<>(train.classes().values());
    if (classes.size() < 2) {
      throw new LackException(
          "the %s needs at least 2 classes but all %d samples of split '%s' that have one are '%s'"
              .formatted(
                  wanted.evaluation(),
                  train.classes().size(),
                  wanted.train(),
                  classes.iterator().next()));
    }
  }

  private static List<String> classes(Labels train, Labels test) {
    TreeSet<String> classes = new TreeSet<>(train.classes().values());
    classes.addAll(test.classes().values());
    return List.copyOf(classes);
  }

  private LabelledItems items(Labels labels, String modality, List<String> classes) {
    Map<String, Integer> numbers = new HashMap<>();
    classes.forEach(name -> numbers.put(name, numbers.size()));
    Features features =
        FiniteFeatures.encode(labels.context(), modality, wanted.space().orElse(""));
    int[] owners = features.samples();
    int[] kept =
        IntStream.range(0, owners.length)
            .filter(item -> labels.classes().containsKey(owners[item]))
            .toArray();
    if (kept.length == 0) {
      throw new LackException(
          "the %s needs samples with %s and a class but split '%s' has none"
              .formatted(wanted.evaluation(), modality, labels.context().split()));
    }
    return new LabelledItems(
        rows(features, kept),
        features.width(),
        Arrays.stream(kept)
            .map(i -> numbers.getOrDefault(labels.classes().getOrDefault(owners[i], ""), 0))
            .toArray(),
        Arrays.stream(kept).map(item -> owners[item]).toArray());
  }

  private static float[] rows(Features features, int... kept) {
    if (kept.length == features.items()) {
      return features.values();
    }
    float[] rows = new float[kept.length * features.width()];
    for (int i = 0; i < kept.length; i++) {
      System.arraycopy(
          features.values(),
          kept[i] * features.width(),
          rows,
          i * features.width(),
          features.width());
    }
    return rows;
  }

  private static Map<String, Object> counts(String split, Labels labels, LabelledItems items) {
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("split", split);
    counts.put("datasetSamples", labels.size());
    counts.put("unlabelled", labels.size() - labels.classes().size());
    counts.put("samples", (int) Arrays.stream(items.samples()).distinct().count());
    counts.put("items", items.count());
    return counts;
  }

  /// Classes that nobody could learn: their samples count as mistakes.
  private static void putUnseen(Labels train, Labels test, Map<String, Object> protocol) {
    Set<String> known = new TreeSet<>(train.classes().values());
    List<String> unseen = new ArrayList<>(test.classes().values());
    unseen.removeIf(known::contains);
    protocol.put("unseenClasses", (int) unseen.stream().distinct().count());
    protocol.put("unseenClassSamples", unseen.size());
  }

  private void putOverlaps(Labels train, Labels test, Map<String, Object> protocol) {
    Set<String> ids = test.ids();
    Set<String> classifier = train.ids();
    context.trainingIds().putOverlap(ids, protocol);
    protocol.put("trainSplitOverlap", (int) ids.stream().filter(classifier::contains).count());
  }
}
