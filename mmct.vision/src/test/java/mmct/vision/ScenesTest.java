package mmct.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mmct.api.config.Settings;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.data.Sample;
import mmct.api.spi.Catalogue;
import mmct.api.spi.DatasetProvider.Request;
import org.junit.jupiter.api.Test;

/// The built-in dataset.
class ScenesTest {
  /// Of the pictures, captions and tags of the first hundred scenes of the split val at the default
  /// settings. It changes only together with the edition in the provider's fingerprint.
  private static final String FIRST_HUNDRED =
      "7c0f26ddd0f2d2755c7120c90d2c5dd2d422c925d01f2ced500eb4167aea5158";

  @Test
  void isFoundByItsNameAndNeverByAPath() {
    assertThat(Catalogue.load().dataset("scenes")).isInstanceOf(ScenesProvider.class);
    assertThat(new ScenesProvider().recognises(Path.of("."))).isFalse();
  }

  @Test
  void splitsHaveTheSizesAskedFor() {
    assertThat(open(Map.of()).describe())
        .isEqualTo("scenes of 64 × 64 pixels, seed 1: train 4000, val 500, test 500");
    DataSource small = open(Map.of("train", 3, "val", 0, "size", 96));
    assertThat(small.splits()).containsExactly("train", "test");
    Cell.ByteGrid picture = picture(small.split("train").get(2));
    assertThat(picture.shape()).containsExactly(96, 96, 3);
    assertThat(picture.values()).hasSize(96 * 96 * 3);
    assertThatThrownBy(() -> small.split("val")).hasMessageContaining("splits: train, test");
    assertThatThrownBy(() -> small.split("train").get(3))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void scenesAreTheSameOnEveryMachine() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    Dataset val = open(Map.of()).split("val");
    for (int i = 0; i < 100; i++) {
      Sample sample = val.get(i);
      digest.update(picture(sample).values());
      digest.update(strings(sample, "caption").toString().getBytes(StandardCharsets.UTF_8));
      digest.update(strings(sample, "tags").toString().getBytes(StandardCharsets.UTF_8));
    }

    assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(FIRST_HUNDRED);
  }

  @Test
  void sceneDependsOnSeedSplitAndIndexAlone() {
    Dataset val = open(Map.of()).split("val");
    Dataset again = open(Map.of("val", 5, "train", 7)).split("val");
    Dataset other = open(Map.of("seed", 2)).split("val");
    Dataset test = open(Map.of()).split("test");

    for (int i = 4; i >= 0; i--) {
      assertThat(picture(again.get(i)).values()).isEqualTo(picture(val.get(i)).values());
      assertThat(again.get(i).cell("caption")).isEqualTo(val.get(i).cell("caption"));
      assertThat(picture(other.get(i)).values()).isNotEqualTo(picture(val.get(i)).values());
      assertThat(picture(test.get(i)).values()).isNotEqualTo(picture(val.get(i)).values());
    }
  }

  @Test
  void fingerprintFollowsTheSettings() {
    String usual = open(Map.of()).fingerprint();

    assertThat(open(Map.of()).fingerprint()).isEqualTo(usual);
    assertThat(open(Map.of("seed", 2)).fingerprint()).isNotEqualTo(usual);
    assertThat(open(Map.of("size", 32)).fingerprint()).isNotEqualTo(usual);
  }

  @Test
  void everySceneHasFiveDifferentCaptionsThatNameItsTags() {
    Dataset val = open(Map.of()).split("val");
    for (int i = 0; i < 200; i++) {
      List<String> captions = strings(val.get(i), "caption");
      assertThat(captions).hasSize(5).doesNotHaveDuplicates();
      assertThat(captions).allMatch(it -> it.matches("[A-Z][a-z,: ]+\\."));
      // Colours are named by at least one caption of the five.
      String all = String.join(" ", captions).toLowerCase(java.util.Locale.ROOT);
      Set<String> colours =
          Set.of("red", "orange", "yellow", "green", "blue", "purple", "pink", "white", "black");
      assertThat(strings(val.get(i), "tags"))
          .filteredOn(colours::contains)
          .allSatisfy(colour -> assertThat(all).contains(colour));
    }
  }

  @Test
  void heldOutScenesCanBeToldApartByTheirTagsAndCaptions() {
    Dataset test = open(Map.of()).split("test");
    List<Sample> samples = IntStream.range(0, 500).mapToObj(test::get).toList();

    long tagSets =
        samples.stream().map(it -> new HashSet<>(strings(it, "tags"))).distinct().count();
    assertThat(tagSets).isGreaterThan(490);
    // A caption alone leaves out details on purpose, yet few scenes share one.
    Map<String, Long> captions =
        samples.stream()
            .flatMap(it -> strings(it, "caption").stream())
            .collect(Collectors.groupingBy(it -> it, Collectors.counting()));
    double unique = captions.values().stream().filter(count -> count == 1).count() / 2500.0;
    assertThat(unique).isGreaterThan(0.95);
  }

  @Test
  void captionsUseAVocabularyThatASmallEncoderCanLearn() {
    Dataset train = open(Map.of()).split("train");
    Set<String> words =
        IntStream.range(0, 1000)
            .boxed()
            .flatMap(i -> strings(train.get(i), "caption").stream())
            .flatMap(it -> Stream.of(it.toLowerCase(java.util.Locale.ROOT).split("[ ,.:]+")))
            .collect(Collectors.toSet());

    assertThat(words).hasSizeBetween(80, 120);
  }

  @Test
  void shapesStandOutFromTheirBackground() {
    // The mean distance of pixels from their picture's median colour is not that of noise alone.
    Dataset val = open(Map.of()).split("val");
    for (int i = 0; i < 100; i++) {
      byte[] rgb = picture(val.get(i)).values();
      Set<Integer> coarse = new HashSet<>();
      for (int p = 0; p < rgb.length; p += 3) {
        coarse.add(((rgb[p] & 0xe0) << 16) | ((rgb[p + 1] & 0xe0) << 8) | (rgb[p + 2] & 0xe0));
      }
      assertThat(coarse).as("scene %d", i).hasSizeGreaterThan(4);
    }
  }

  @Test
  void someSamplesLackCaptionsOrTagsWhereTheSettingSaysSo() {
    Dataset train = open(Map.of("missing", 0.3)).split("train");
    List<Sample> samples = IntStream.range(0, 2000).mapToObj(train::get).toList();

    for (String modality : List.of("caption", "tags")) {
      double absent = samples.stream().filter(it -> it.cell(modality).isEmpty()).count() / 2000.0;
      assertThat(absent).isCloseTo(0.3, within(0.06));
    }
    assertThat(samples).allMatch(it -> it.cell("image").isPresent());
    assertThat(samples).anyMatch(it -> it.cell("caption").isEmpty() && it.cell("tags").isPresent());
    assertThat(picture(samples.get(7)).values())
        .isEqualTo(picture(open(Map.of()).split("train").get(7)).values());
  }

  private static DataSource open(Map<String, Object> settings) {
    Map<String, Columns> modalities =
        Map.of(
            "image", new Columns(List.of("image", "path"), Columns.Kind.FILE),
            "caption", new Columns(List.of("caption", "caption_*"), Columns.Kind.STRINGS),
            "tags", new Columns(List.of("tags"), Columns.Kind.LIST));
    return new ScenesProvider()
        .open(
            Settings.of(settings).bind(ScenesOptions.class),
            new Request(Optional.empty(), modalities));
  }

  private static Cell.ByteGrid picture(Sample sample) {
    return (Cell.ByteGrid) sample.cells().get("image");
  }

  private static List<String> strings(Sample sample, String modality) {
    return ((Cell.Strings) sample.cells().get(modality)).values();
  }
}
