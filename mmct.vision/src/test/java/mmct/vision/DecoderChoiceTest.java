package mmct.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.io.ArtefactStore;
import mmct.api.spi.ModalityContext;
import mmct.vision.decode.JpegLibrary;
import org.junit.jupiter.api.Test;

/// What decodes JPEG files in a run, and that a run keeps it.
class DecoderChoiceTest {
  private final ArtefactStore store = ArtefactStore.inMemory();
  private final List<String> notes = new ArrayList<>();

  @Test
  void jdksDecoderIsThereEverywhereAndSaidSo() {
    assertThat(resolve(ImageOptions.Decoder.JAVA)).isEqualTo(new JpegLibrary.Jdk());
    assertThat(notes).containsExactly("photo: decoder the JDK's own, which decodes pictures whole");
  }

  @Test
  void libraryIsTakenWhereTheSystemHasIt() {
    assumeTrue(JpegLibrary.turbo().isPresent(), "skipped: this system has no libjpeg-turbo");

    String version = resolve(ImageOptions.Decoder.AUTO).version();
    assertThat(version).startsWith("libjpeg-turbo ");
    assertThat(resolve(ImageOptions.Decoder.TURBO).version()).isEqualTo(version);
    assertThat(notes.getFirst())
        .startsWith("photo: decoder " + version + " (/")
        .endsWith("), which reduces in the JPEG domain");
  }

  @Test
  void withoutTheLibraryItsChoiceIsRefused() {
    assumeFalse(JpegLibrary.turbo().isPresent(), "skipped: this system has libjpeg-turbo");

    assertThat(resolve(ImageOptions.Decoder.AUTO)).isEqualTo(new JpegLibrary.Jdk());
    assertThatThrownBy(() -> resolve(ImageOptions.Decoder.TURBO))
        .isInstanceOf(MmctException.class)
        .hasMessageStartingWith("modalities.photo.decoder must be auto or java");
  }

  @Test
  void runThatBeganWithTheJdkGoesOnWithIt() {
    resolve(ImageOptions.Decoder.JAVA);

    assertThat(resolve(ImageOptions.Decoder.AUTO)).isEqualTo(new JpegLibrary.Jdk());
    assertThat(notes).hasSize(2);
  }

  @Test
  void changeOfTheDecoderIsSaid() {
    store.write("decoder.txt", "libjpeg-turbo 0.0.1".getBytes(StandardCharsets.UTF_8));

    String now = resolve(ImageOptions.Decoder.AUTO).version();
    assertThat(notes)
        .hasSize(2)
        .last()
        .asString()
        .startsWith(
            "photo: the run began with the decoder libjpeg-turbo 0.0.1 and goes on with " + now);
    resolve(ImageOptions.Decoder.AUTO);
    assertThat(notes).hasSize(3);
  }

  @Test
  void finishedRunIsNotWrittenTo() {
    new DecoderChoice(
            ImageOptions.Decoder.AUTO,
            new ModalityContext("photo", Optional.empty(), store, 1, notes::add))
        .resolve();

    assertThat(store.names()).isEmpty();
  }

  private JpegLibrary resolve(ImageOptions.Decoder wanted) {
    return new DecoderChoice(
            wanted, new ModalityContext("photo", Optional.of(Stream::empty), store, 1, notes::add))
        .resolve();
  }
}
