package mmct.text;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import mmct.api.data.Cell;
import mmct.api.data.HostTensor;
import mmct.api.data.View;
import mmct.api.spi.Backbone;
import mmct.api.spi.Feeding;
import mmct.api.spi.Modality;
import mmct.text.encoder.TagEncoder;
import mmct.text.tags.TagVocabulary;

/// Tags as multi-hot vectors: a view is one float vector `[T]` over the T known tags, 1 where the
/// sample has the tag. All views of a sample are equal unless tags are dropped.
final class TagsModality implements Modality {
  private final String name;
  private final TagVocabulary vocabulary;
  private final TagsOptions options;

  TagsModality(String name, TagVocabulary vocabulary, TagsOptions options) {
    this.name = name;
    this.vocabulary = vocabulary;
    this.options = options;
  }

  @Override
  public Views draw(Cell cell, ViewRequest request) {
    int[] tags = vocabulary.indices(TextModality.captions(cell, name));
    RandomGenerator random = new SplittableRandom(request.seed());
    return new Views(
        Stream.generate(() -> view(tags, random)).limit(request.queries()).toList(),
        Stream.generate(() -> view(tags, random)).limit(request.keys()).toList());
  }

  @Override
  public List<View> plain(Cell cell) {
    float[] present = new float[vocabulary.size()];
    for (int tag : vocabulary.indices(TextModality.captions(cell, name))) {
      present[tag] = 1;
    }
    return List.of(View.of(present, present.length));
  }

  @Override
  public Optional<Backbone> newBackbone(boolean dropout) {
    TagsOptions.EncoderOptions encoder = options.encoder();
    return switch (encoder.type()) {
      case NONE -> Optional.empty();
      case BAG ->
          Optional.of(
              new Backbone(
                  new TagEncoder(vocabulary.size(), encoder.hidden(), encoder.width()),
                  encoder.width(),
                  List.of(new Shape(1, vocabulary.size()))));
    };
  }

  @Override
  public Feeding feeding() {
    Map<String, String> rules = new LinkedHashMap<>();
    rules.put(
        "input",
        "tags: float32 [n, %d], one column for each known tag".formatted(vocabulary.size()));
    rules.put("values", "1 where the sample has the tag, else 0");
    rules.put("vocabulary", "one tag per line, whose column is the number of its line from 0");
    rules.put("unknown", "a tag that is not in the vocabulary is left out");
    rules.put("case", "upper and lower case differ; white space around a tag is taken away");
    return new Feeding(List.of("tags"), Optional.empty(), rules);
  }

  /// Random sets of tags, each tag with a probability of its row's; from hardly any to nearly all.
  @Override
  public List<HostTensor> examples(int rows, int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<View> views = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      float[] present = new float[vocabulary.size()];
      double share = random.nextDouble();
      for (int tag = 0; tag < present.length; tag++) {
        present[tag] = random.nextDouble() < share ? 1 : 0;
      }
      views.add(View.of(present, present.length));
    }
    return collate(views);
  }

  private View view(int[] tags, RandomGenerator random) {
    float[] present = new float[vocabulary.size()];
    for (int tag : tags) {
      present[tag] = random.nextDouble() < options.dropTags() ? 0 : 1;
    }
    return View.of(present, present.length);
  }
}
