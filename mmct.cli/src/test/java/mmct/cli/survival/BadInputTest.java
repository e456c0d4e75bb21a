package mmct.cli.survival;

import static mmct.cli.survival.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mmct.cli.PackagedProgram.Ended;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever is wrong with what the program is given, it says so in one sentence, before anything is
/// written.
class BadInputTest {
  private static final String SPECIAL = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";

  @TempDir private static Path folder;
  private static Program program;
  private static Photos photos;

  @BeforeAll
  static void prepare() throws IOException {
    program = Program.in(folder);
    TinyRuns.words(folder);
    TinyRuns.pictures(folder);
    Files.writeString(folder.resolve("misspelt.yaml"), "extends: quikstart\n");
    Files.writeString(folder.resolve("latin.yaml"), "batch: \u00e9\n", StandardCharsets.ISO_8859_1);
    Files.writeString(folder.resolve("no-special.txt"), "a\nb\nc\n");
    Files.writeString(folder.resolve("short.txt"), SPECIAL + "a\nb\n");
    Files.writeString(folder.resolve("twice.txt"), SPECIAL + "a\na\n");
    photos = Photos.make(folder, 12);
  }

  private static Ended train(String words) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("train", "--out", "run"));
    arguments.addAll(List.of(words.strip().split(" +")));
    Ended ended = program.run(arguments.toArray(String[]::new));
    assertThat(folder.resolve("run")).doesNotExist();
    return ended;
  }

  @ParameterizedTest(name = "mmct train {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --config misspelt.yaml                     | misspelt.yaml:1 | did you mean quickstart?
          --config latin.yaml                        | latin.yaml      | not UTF-8
          --set data.type=scene                      | there is no dataset 'scene'          | did you mean scenes?
          --set evaluate.run.retrieval.type=retrieve | there is no evaluator 'retrieve'     | did you mean retrieval?
          --set modalities.caption.type=texts        | there is no modality 'texts'         | did you mean text?
          --set objectives.tag.positives.type=tags   | there is no positives rule 'tags'    | shared-tags
          --set momentum=1.5                         | momentum must be at least 0 and at most 1 but was 1.5 | --set momentum=1.5
          --set data.train=trian                     | has no split 'trian'                 | --set data.train=trian
          --set data.options.train=0                 | has no split 'train'                 | val, test
          --set data.path=here                       | there is no file or folder           | here
          --set data.path=here --set data.type=scenes| scenes is drawn, not read            | here
          --set batch=200 --set data.options.train=20| batch must be at most 20             | but was 200
          --set batch=8 --set accumulate=5           | accumulate must be at most 4         | but was 5
          --set modalities.image.columns=foto        | no sample of the split 'train' has image | --set objectives.ii=null
          --set checkpoints.best=accuracy            | checkpoints.best must be EVALUATION.FIGURE | evaluations: retrieval
          --plugins nowhere                          | --plugins must be a folder           | nowhere
          --set modalities.caption.vocabulary=no-special.txt | no-special.txt lacks         | [PAD]
          --set modalities.caption.vocabulary=twice.txt      | 'a' is in line 6 and line 7  | twice.txt
          --set modalities.caption.vocabulary=short.txt --set modalities.caption.vocabulary.size=30 | must have 30 tokens | short.txt has 7
          --set modalities.caption.vocabulary=none.txt       | none.txt cannot be read      | there is no such file
          """)
  void aConfigurationThatCannotBeTrainedIsRefused(String words, String rule, String place)
      throws IOException, InterruptedException {
    assertRefused(train(words), 1, rule, place);
  }

  @ParameterizedTest(name = "mmct {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          train --set batch=[1,                 | 2 | '[1,' is not a YAML value
          train --resume                        | 2 | --resume needs --out
          train --resume --out nowhere          | 1 | nowhere holds no run to resume
          evaluate retrieval --run nowhere      | 1 | nowhere holds no run
          data check --data nowhere             | 1 | there is no file or folder
          """)
  void aMistakeInTheCommandIsRefused(String words, int exitCode, String sentence)
      throws IOException, InterruptedException {
    assertRefused(program.run(words.split(" ")), exitCode, sentence);
  }

  @Test
  void aGpuIsRefusedWhereThereIsNone() throws IOException, InterruptedException {
    Assumptions.assumeFalse(Files.exists(Path.of("/dev/nvidia0")), "there is a GPU");

    assertRefused(train("--device gpu"), 1, "--device gpu was asked for", "has no GPU");
  }

  @Test
  void aRaggedRowIsNamedByFileAndLine() throws IOException, InterruptedException {
    List<String> rows = new ArrayList<>(photos.rows());
    rows.add(4, "s99,1.png,red dog");
    photos.write(rows);

    assertRefused(
        train("--config pictures.yaml"),
        1,
        photos.manifest() + ", line 5: 3 values where the header names 6 columns");
  }

  @Test
  void aManifestThatIsNotUtf8IsNamedByFileAndLine() throws IOException, InterruptedException {
    Files.write(
        photos.manifest(),
        String.join("\n", photos.rows())
            .replace("s3,", "\u00e9,")
            .getBytes(StandardCharsets.ISO_8859_1));

    assertRefused(
        train("--config pictures.yaml"), 1, photos.manifest() + ", line 5: the text is not UTF-8");
  }

  @Test
  void aManifestWithoutRowsIsRefused() throws IOException, InterruptedException {
    photos.write(photos.rows().subList(0, 1));

    assertRefused(train("--config pictures.yaml"), 1, "has a header but no rows");
  }

  @Test
  void aColumnThatIsNotThereIsRefused() throws IOException, InterruptedException {
    photos.write(photos.rows());

    assertRefused(
        train("--config pictures.yaml --set modalities.image.columns=foto"),
        1,
        "has no column 'foto'",
        "it has id, image, caption_1, caption_2, tags, split");
  }

  @Test
  void aModalityWithoutAColumnIsRefusedWithWhatToLeaveOut()
      throws IOException, InterruptedException {
    photos.without("tags");

    assertRefused(
        train("--config pictures.yaml"),
        1,
        "no sample of the split 'train' has tags",
        "--set modalities.tags=null --set objectives.tag=null");
    assertThat(
            program
                .run(
                    "train",
                    "--config",
                    "pictures.yaml",
                    "--set",
                    "modalities.tags=null",
                    "--set",
                    "objectives.tag=null",
                    "--dry-run")
                .exitCode())
        .isZero();
  }
}
