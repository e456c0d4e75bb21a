package mmct.eval.retrieval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mmct.api.data.Dataset;
import mmct.api.data.View;
import mmct.api.spi.EvaluationContext.Features;
import mmct.api.spi.Modality;

/// What a sentence encoder is trained on: every sentence with every image of its sample.
///
/// @param features of the images, row-major
/// @param images per pair its row of the features
/// @param sentences per pair its sentence
/// @param ids per pair the id of its sample
record SentencePairs(Features features, int[] images, List<View> sentences, List<String> ids) {

  /// The pairs of a split, in the order of its samples.
  ///
  /// @param key the name under which samples have their sentences
  /// @param reader reads the sentences
  static SentencePairs of(Dataset dataset, Features features, String key, Modality reader) {
    List<Integer> images = new ArrayList<>();
    List<View> sentences = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    int item = 0;
    while (item < features.items()) {
      int sample = features.samples()[item];
      List<View> own = dataset.get(sample).cell(key).map(reader::plain).orElse(List.of());
      for (; item < features.items() && features.samples()[item] == sample; item++) {
        for (View sentence : own) {
          images.add(item);
          sentences.add(sentence);
          ids.add(dataset.id(sample));
        }
      }
    }
    return new SentencePairs(
        features,
        images.stream().mapToInt(Integer::intValue).toArray(),
        List.copyOf(sentences),
        List.copyOf(ids));
  }

  /// The number of pairs.
  int count() {
    return images.length;
  }

  /// The number of samples.
  int samples() {
    return sampleIds().size();
  }

  /// The ids of the samples.
  Set<String> sampleIds() {
    return new HashSet<>(ids);
  }

  /// Features of the images of some pairs, row-major `[n, w]`.
  float[] imageRows(int... pairs) {
    int width = features.width();
    float[] rows = new float[pairs.length * width];
    for (int i = 0; i < pairs.length; i++) {
      System.arraycopy(features.values(), images[pairs[i]] * width, rows, i * width, width);
    }
    return rows;
  }

  /// The sentences of some pairs.
  List<View> sentencesOf(int... pairs) {
    return Arrays.stream(pairs).mapToObj(sentences::get).toList();
  }

  /// 1 where two of some pairs are of different samples, else 0, row-major `[n, n]`.
  float[] others(int... pairs) {
    float[] others = new float[pairs.length * pairs.length];
    for (int i = 0; i < pairs.length; i++) {
      for (int j = 0; j < pairs.length; j++) {
        boolean same = ids.get(pairs[i]).equals(ids.get(pairs[j]));
        others[i * pairs.length + j] = same ? 0 : 1;
      }
    }
    return others;
  }
}
