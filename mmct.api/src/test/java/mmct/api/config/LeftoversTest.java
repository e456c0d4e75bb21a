package mmct.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeftoversTest {
  /// A kind of encoder.
  public enum Kind {
    /// Has a depth.
    DEEP,
    /// Has words.
    FLAT
  }

  /// A group with a kind.
  public record Encoder(
      @Setting(value = "The kind.", byDefault = "deep") Kind type,
      @Setting(value = "Layers.", appliesTo = "deep") Optional<Integer> depth,
      @Setting(value = "Words.", appliesTo = "flat") Optional<Integer> words,
      @Setting("Width.") Optional<Integer> width) {}

  /// Options around it.
  public record Options(@Setting("The encoder.") Encoder encoder) {}

  private final List<String> notes = new ArrayList<>();

  private static Settings yaml(String text) {
    return YamlReader.read(text, "base.yaml");
  }

  private Settings own(Settings settings) {
    return settings.withoutLeftovers(
        settings, "type", List.of(Options.class), List.of(), notes::add);
  }

  @Test
  void anotherKindLeavesOutWhatOnlyTheOldOneReads() {
    Settings changed =
        Settings.assignment("encoder.type=flat")
            .over(yaml("encoder:\n  type: deep\n  depth: 3\n  width: 8\n"));

    Encoder encoder = own(changed).bind(Options.class).encoder();

    assertThat(encoder)
        .isEqualTo(new Encoder(Kind.FLAT, Optional.empty(), Optional.empty(), Optional.of(8)));
    assertThat(notes)
        .containsExactly(
            "encoder.type is flat now (--set encoder.type=flat), which does not read what was set"
                + " for another one, so this is left out: depth 3 (base.yaml:3)");
  }

  @Test
  void whatIsWrittenWithTheKindOrOverItIsTheWritersMistake() {
    Settings together = yaml("encoder: {type: flat, depth: 3}");
    Settings later = Settings.assignment("encoder.depth=3").over(yaml("encoder: {type: flat}"));
    Settings oneLine =
        Settings.assignment("encoder.type=flat")
            .over(Settings.assignment("encoder.depth=3").over(yaml("encoder: {type: deep}")))
            .asOneLayer(1);

    for (Settings settings : List.of(together, later, oneLine)) {
      assertThatThrownBy(() -> own(settings).bind(Options.class))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageStartingWith(
              "encoder: depth is not a setting of type flat but was set to 3 (");
    }
    assertThat(notes).isEmpty();
  }

  @Test
  void theKindByDefaultIsAKindToo() {
    Settings changed = Settings.assignment("encoder.type=flat").over(yaml("encoder: {depth: 3}"));

    assertThat(own(changed).toMap()).isEqualTo(Map.of("encoder", Map.of("type", "flat")));
    assertThat(notes).hasSize(1);
  }

  @Test
  void aKindThatIsSaidAgainLeavesEverything() {
    Settings same = Settings.assignment("encoder.type=deep").over(yaml("encoder: {depth: 3}"));

    assertThat(own(same).bind(Options.class).encoder().depth()).contains(3);
    assertThat(notes).isEmpty();
  }

  @Test
  void whatIsOnlySaidAgainChangesNothing() {
    Settings again =
        yaml("type: before\nencoder: {type: deep}")
            .over(yaml("type: before\nencoder: {depth: 3}\nunknown: 2"));

    assertThat(own(again).keys()).containsExactly("type", "encoder", "unknown");
    assertThat(notes).isEmpty();
  }

  @Test
  void optionsOfAnotherProviderAreOthersEvenWhereTheirNamesAreTheSame() {
    Settings changed =
        Settings.assignment("type=other").over(yaml("type: before\nencoder: {type: deep}\n"));

    assertThat(
            changed
                .withoutLeftovers(changed, "type", List.of(), List.of(Options.class), notes::add)
                .toMap())
        .isEqualTo(Map.of("type", "other"));
    assertThat(notes)
        .containsExactly(
            "type is other now (--set type=other), which does not read what was set for another one,"
                + " so this is left out: encoder {type} (base.yaml:2)");
  }

  @Test
  void anotherProviderLeavesOutWhatItDoesNotKnow() {
    Settings changed =
        Settings.assignment("type=other")
            .over(yaml("type: before\nsize: 3\nencoder: {type: deep, heads: 2, width: 8}"));

    Settings own = own(changed);

    assertThat(own.toMap())
        .isEqualTo(Map.of("type", "other", "encoder", Map.of("type", "deep", "width", 8L)));
    assertThat(notes).hasSize(2);
  }
}
