package mmct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import mmct.cli.terminal.Terminal;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Evaluations that train something of their own, as they are typed, on a run of a few scenes.
class EvaluateTrainedTest {
  @TempDir private static Path folder;
  private static String run = "";
  private final StringWriter out = new StringWriter();
  private final StringWriter error = new StringWriter();

  @BeforeAll
  static void makeARunWithoutSteps() {
    run = folder.resolve("run").toString();
    EvaluateTrainedTest test = new EvaluateTrainedTest();
    int code =
        test.mmct(
            "train",
            "--set",
            "steps=0",
            "--set",
            "data.options.train=80",
            "--set",
            "data.options.val=20",
            "--set",
            "data.options.test=30",
            "--out",
            run);
    assertThat(code).as(test.error.toString()).isZero();
  }

  @Test
  void taggingNeedsNoOptions() throws IOException {
    assertThat(mmct("evaluate", "tagging", "--run", run, "--set", "epochs=1"))
        .as(error.toString())
        .isZero();
    assertThat(out.toString()).contains("mIOU@20", "mAP", "chance", "epoch 1 of 1");
    assertThat(Files.readString(Path.of(run, "results", "tagging-epochs-1.json")))
        .contains("\"modality\" : \"image\"", "\"trainingImages\" : 80", "\"images\" : 30");
  }

  @Test
  void aTrainedRetrievalHasAResultOfItsOwn() throws IOException {
    int code =
        mmct(
            "evaluate",
            "retrieval",
            "--train",
            "--run",
            run,
            "--set",
            "training.epochs=1",
            "--set",
            "training.sentence.encoder.width=32");
    assertThat(code).as(error.toString()).isZero();
    assertThat(out.toString())
        .contains(
            "image-to-caption",
            "retrieval-train-training.epochs-1-training.sentence.encoder.width-32.json");
    assertThat(
            Files.readString(
                Path.of(
                    run,
                    "results",
                    "retrieval-train-training.epochs-1-training.sentence.encoder.width-32.json")))
        .contains(
            "\"name\" : \"retrieval-train-training.epochs-1-training.sentence.encoder.width-32\"",
            "not zero-shot",
            "\"width\" : 32",
            "\"gru\"");
    assertThat(Path.of(run, "results", "retrieval.json")).doesNotExist();
  }

  @Test
  void whatCannotTrainIsToldSo() {
    assertThat(mmct("evaluate", "tagging", "--train", "--run", run)).isEqualTo(2);
    assertThat(error.toString())
        .contains(
            "--train is for evaluators that can do with and without training, which tagging cannot")
        .hasLineCount(1);
  }

  private int mmct(String... arguments) {
    return Main.run(
        new Terminal(new PrintWriter(out, true), new PrintWriter(error, true), 0), arguments);
  }
}
