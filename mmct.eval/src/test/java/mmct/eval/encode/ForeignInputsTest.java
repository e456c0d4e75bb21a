package mmct.eval.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.data.Cell;
import mmct.api.spi.Catalogue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Encoders from elsewhere read their inputs in the types, orders and sizes that they were written
/// for; the models hand through what they are fed, so the features are the inputs.
class ForeignInputsTest {
  private static final int SIDE = 8;

  /// `[PAD]` is 0, `[CLS]` 2, `[SEP]` 3, a 5, dog 6, cat 7.
  private static final String VOCABULARY = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\ndog\ncat\n";

  private static final String PIXELS =
      """
      type: image
      option: {size: 8, evaluation: {fit: stretch}}
      inputs: [pixels]
      output: features
      width: 192
      """;

  private static final String TOKENS =
      """
      type: text
      option: {vocabulary: words.txt, maxLength: 12}
      inputs: [input_ids]
      fill: {attention_mask: mask, position_ids: positions}
      padding: 0
      output: tokens
      width: 3
      """;

  /// Two rows: `[CLS] a dog [SEP]` is 2 5 6 3, `[CLS] cat [SEP]` is 2 7 3.
  private static final List<Cell> TEXTS = List.of(Cell.Strings.of("a dog"), Cell.Strings.of("cat"));

  @TempDir private Path folder;
  private Path model;

  @BeforeEach
  void vocabulary() throws IOException {
    model = folder.resolve("theirs.onnx");
    Files.writeString(folder.resolve("words.txt"), VOCABULARY);
  }

  private OnnxEncoder open(String yaml) throws IOException {
    Files.writeString(folder.resolve("theirs.onnx.yaml"), yaml);
    return OnnxEncoder.open(model, TinyEncoders.quickly(), Catalogue.load());
  }

  private List<float[]> encode(String yaml, List<Cell> cells) throws IOException {
    try (OnnxEncoder encoder = open(yaml)) {
      return encoder.encode(cells);
    }
  }

  /// A picture of the size of a view, so that no pixel is resampled: red, green, blue by pixel.
  private static int[] picture(int seed) {
    return new SplittableRandom(seed).ints(3L * SIDE * SIDE, 0, 256).toArray();
  }

  private static Cell cell(int... picture) {
    return new Cell.Bytes(Bitmaps.of(SIDE, SIDE, picture), "picture");
  }

  /// The values 0 to 255, channel by channel or pixel by pixel.
  private static float[] values(int[] picture, boolean channelsLast) {
    float[] values = new float[picture.length];
    for (int i = 0; i < values.length; i++) {
      int pixels = SIDE * SIDE;
      values[i] = picture[channelsLast ? i : 3 * (i % pixels) + i / pixels];
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource(EncoderDescription.Layout.class)
  void anInputOfBytesGetsTheValuesOfThePixelsUnscaled(EncoderDescription.Layout layout)
      throws IOException {
    boolean last = layout == EncoderDescription.Layout.CHANNELS_LAST;
    long[] shape = last ? new long[] {-1, SIDE, SIDE, 3} : new long[] {-1, 3, SIDE, SIDE};
    ForeignGraphs.pixels(model, DataType.UINT8, DataType.FLOAT32, shape);
    int[] first = picture(1);
    int[] second = picture(2);
    List<float[]> rows =
        encode(
            PIXELS + (last ? "layout: channels-last\n" : ""), List.of(cell(first), cell(second)));
    assertThat(rows).containsExactly(values(first, last), values(second, last));
  }

  @Test
  void floatsWithChannelsLastAreNormalisedByTheOptions() throws IOException {
    ForeignGraphs.pixels(model, DataType.FLOAT32, DataType.FLOAT32, -1, SIDE, SIDE, 3);
    int[] image = picture(3);
    float[] row =
        encode(
                PIXELS.replace("size: 8", "size: 8, mean: [0, 0, 0], std: [1, 1, 1]")
                    + "layout: channels-last\n",
                List.of(cell(image)))
            .getFirst();
    float[] expected = values(image, true);
    for (int i = 0; i < expected.length; i++) {
      assertThat(row[i]).isCloseTo(expected[i] / 255, within(1e-6));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT16", "FLOAT64"})
  void floatsOfAnotherPrecisionAreReadAndGiven(DataType type) throws IOException {
    ForeignGraphs.pixels(model, type, type, -1, 3, SIDE, SIDE);
    int[] image = picture(4);
    float[] row =
        encode(
                PIXELS.replace("size: 8", "size: 8, mean: [0, 0, 0], std: [1, 1, 1]"),
                List.of(cell(image)))
            .getFirst();
    float[] expected = values(image, false);
    for (int i = 0; i < expected.length; i++) {
      float rounded =
          type == DataType.FLOAT16
              ? Float.float16ToFloat(Float.floatToFloat16(expected[i] / 255))
              : expected[i] / 255;
      assertThat(row[i]).isCloseTo(rounded, within(type == DataType.FLOAT16 ? 1e-3 : 1e-6));
    }
  }

  private static org.assertj.core.data.Offset<Float> within(double most) {
    return org.assertj.core.data.Offset.offset((float) most);
  }

  @Test
  void aFixedNumberOfRowsIsFilledUpAndItsSurplusLeftOut() throws IOException {
    ForeignGraphs.pixels(model, DataType.UINT8, DataType.FLOAT32, 4, 3, SIDE, SIDE);
    List<int[]> pictures = IntStream.range(0, 9).mapToObj(ForeignInputsTest::picture).toList();
    List<Cell> cells = pictures.stream().map(ForeignInputsTest::cell).toList();
    assertThat(encode(PIXELS, cells))
        .containsExactly(
            pictures.stream().map(each -> values(each, false)).toArray(float[][]::new));
  }

  private static float[] row(double... values) {
    float[] row = new float[values.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) values[i];
    }
    return row;
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"INT64", "INT32", "BOOLEAN", "FLOAT32", "FLOAT16", "UINT8"})
  void masksOfAnyTypeAndPositionsAreFilledIn(DataType maskType) throws IOException {
    ForeignGraphs.tokens(model, maskType, -1, -1);
    // Of 2 7 3 with a fourth id of padding: the sums of ids, of the mask, and of positions 0, 1, 2.
    assertThat(encode(TOKENS + "pool: mean\n", TEXTS))
        .containsExactly(row(16 / 4f, 1, 6 / 4f), row(12 / 3f, 1, 3 / 3f));
  }

  @ParameterizedTest
  @EnumSource(
      value = EncoderDescription.Pool.class,
      names = {"FIRST", "LAST", "MAX", "END_OF_TEXT"})
  void oneVectorIsTakenOfTheTokens(EncoderDescription.Pool pool) throws IOException {
    ForeignGraphs.tokens(model, DataType.INT64, -1, -1);
    String word = pool.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    List<float[]> expected =
        switch (pool) {
          case FIRST -> List.of(row(2, 1, 0), row(2, 1, 0));
          case LAST -> List.of(row(3, 1, 3), row(3, 1, 2));
          case MAX -> List.of(row(6, 1, 3), row(7, 1, 2));
          default -> List.of(row(3, 1, 3), row(3, 1, 2));
        };
    assertThat(encode(TOKENS + "endOfText: 3\npool: " + word + "\n", TEXTS))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void theFirstEndOfTextIsATokenWhereItAlsoFillsRowsUp() throws IOException {
    ForeignGraphs.tokens(model, DataType.INT64, -1, 6);
    // Padded with 3: 2 5 6 3 3 3 and 2 7 3 3 3 3, of which the first 3 counts.
    List<float[]> rows =
        encode(
            TOKENS.replace("padding: 0", "padding: 3") + "endOfText: 3\npool: mean\n",
            List.of(Cell.Strings.of("a dog")));
    assertThat(rows).containsExactly(row(16 / 4f, 1, 6 / 4f));
  }

  @Test
  void aFixedLengthAndAFixedNumberOfRowsAreFilledUp() throws IOException {
    ForeignGraphs.tokens(model, DataType.INT32, 3, 7);
    List<Cell> five =
        Stream.of("a dog", "cat", "a", "dog", "a a a")
            .map(Cell.Strings::of)
            .map(Cell.class::cast)
            .toList();
    assertThat(encode(TOKENS + "pool: last\n", five))
        .containsExactly(row(3, 1, 3), row(3, 1, 2), row(3, 1, 2), row(3, 1, 2), row(3, 1, 4));
  }

  private void assertRefused(String yaml, List<Cell> cells, String sentence) {
    assertThatThrownBy(() -> encode(yaml, cells))
        .isInstanceOf(MmctException.class)
        .message()
        .contains(sentence)
        .hasLineCount(1);
  }

  @Test
  void aRowThatIsLongerThanTheFixedLengthIsOneSentence() {
    ForeignGraphs.tokens(model, DataType.INT64, -1, 4);
    assertRefused(
        TOKENS + "pool: last\n",
        List.of(Cell.Strings.of("a dog a cat")),
        "input input_ids of %s reads arrays of shape [any, 4] but text makes [1, 6] by its options"
            .formatted(model));
  }

  @Test
  void theOtherLayoutIsNamedWhereItWouldFit() throws IOException {
    ForeignGraphs.pixels(model, DataType.FLOAT32, DataType.FLOAT32, -1, SIDE, SIDE, 3);
    assertRefused(PIXELS, List.of(cell(picture(1))), "its layout may be channels-last");
  }

  @Test
  void whatIsMissingForAPoolIsOneSentence() {
    ForeignGraphs.tokens(model, DataType.INT64, -1, -1);
    assertRefused(
        TOKENS + "pool: end-of-text\n",
        TEXTS,
        "endOfText must say which id ends a text, for pool end-of-text, but is missing");
    assertRefused(
        TOKENS + "endOfText: 4\npool: end-of-text\n",
        TEXTS,
        "needs the id 4 in every row, but text made a row without it");
    assertRefused(
        TOKENS.replace("padding: 0\n", "").replace("mask,", "zeros,") + "pool: last\n",
        TEXTS,
        "must say which id fills rows up, for pool last, but is missing");
  }
}
