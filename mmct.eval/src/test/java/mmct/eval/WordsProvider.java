package mmct.eval;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import java.util.List;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.config.Setting;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.data.View;
import mmct.api.spi.Backbone;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.spi.ModalityProvider;

/// Sentences of the words `w0` to `w63` as counts of their words, read by one linear layer.
public final class WordsProvider implements ModalityProvider<WordsProvider.Options> {
  private static final int WORDS = 64;

  /// Creates the provider.
  public WordsProvider() {}

  /// Options.
  public record Options(
      @Setting(value = "Width.", byDefault = "16", min = 1) int width,
      @Setting(value = "Whether there is an encoder.", byDefault = "true") boolean encoder) {}

  @Override
  public String name() {
    return "words";
  }

  @Override
  public Class<Options> options() {
    return Options.class;
  }

  @Override
  public String description() {
    return "bags of words";
  }

  @Override
  public Columns columns() {
    return new Columns(List.of("words"), Columns.Kind.STRINGS);
  }

  @Override
  public Modality create(Options options, ModalityContext context) {
    return new Words(options);
  }

  private record Words(Options options) implements Modality {
    @Override
    public Views draw(Cell cell, ViewRequest request) {
      throw new AssertionError("an evaluation reads plain views");
    }

    @Override
    public List<View> plain(Cell cell) {
      if (!(cell instanceof Cell.Strings(List<String> sentences))) {
        throw new MmctException("words reads sentences");
      }
      return sentences.stream().map(Words::view).toList();
    }

    private static View view(String sentence) {
      float[] counts = new float[WORDS];
      for (String word : sentence.split(" ")) {
        counts[Integer.parseInt(word.substring(1))]++;
      }
      return View.of(counts, WORDS);
    }

    @Override
    public Optional<Backbone> newBackbone(boolean dropout) {
      return options.encoder()
          ? Optional.of(
              new Backbone(
                  Linear.builder().setUnits(options.width()).build(),
                  options.width(),
                  List.of(new Shape(1, WORDS))))
          : Optional.empty();
    }
  }
}
