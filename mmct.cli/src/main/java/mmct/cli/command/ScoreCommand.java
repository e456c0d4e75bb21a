package mmct.cli.command;

import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import mmct.api.io.AtomicFiles;
import mmct.api.io.Checksums;
import mmct.api.run.Json;
import mmct.api.spi.Evaluation;
import mmct.cli.terminal.Terminal;
import mmct.eval.DetectionScore;
import mmct.eval.EvaluationTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mmct score`: average precision of detections.
@Command(
    name = "score",
    description = {
      "Score the detections of a detector, such as one that was fine-tuned from an exported",
      "encoder, by the rules of COCO or PASCAL VOC."
    })
public final class ScoreCommand implements Runnable {
  @Option(
      names = "--truth",
      paramLabel = "FILE",
      required = true,
      description = "What is there: COCO's instances.json.")
  private Path truth = Path.of("");

  @Option(
      names = "--detections",
      paramLabel = "FILE",
      required = true,
      description = "What was found: a list of image_id, category_id, score, bbox or segmentation.")
  private Path detections = Path.of("");

  @Option(names = "--kind", paramLabel = "KIND", description = "bbox (default) or segm.")
  private Kind kind = Kind.bbox;

  @Option(
      names = "--protocol",
      paramLabel = "RULES",
      description = "coco (default), or voc for AP50, AP and AP75 as Detectron2 reports them.")
  private Rules protocol = Rules.coco;

  @Option(names = "--out", paramLabel = "FILE", description = "Write the figures as JSON, too.")
  private Optional<Path> out = Optional.empty();

  /// What is compared, as it is typed.
  enum Kind {
    /// Boxes.
    bbox(DetectionScore.Kind.BBOX),
    /// Masks.
    segm(DetectionScore.Kind.SEGM);

    private final DetectionScore.Kind known;

    Kind(DetectionScore.Kind known) {
      this.known = known;
    }
  }

  /// The rules, as they are typed.
  enum Rules {
    /// COCO's.
    coco(DetectionScore.Protocol.COCO),
    /// PASCAL VOC's.
    voc(DetectionScore.Protocol.VOC);

    private final DetectionScore.Protocol known;

    Rules(DetectionScore.Protocol known) {
      this.known = known;
    }
  }

  private final Terminal terminal;

  /// Called by Guice.
  @Inject
  public ScoreCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    out.ifPresent(AtomicFiles::requireWritable);
    Evaluation score = DetectionScore.of(truth, detections, kind.known, protocol.known);
    EvaluationTable.lines(score).forEach(terminal::line);
    if (score.figures().isEmpty()) {
      terminal.line(
          "no figures: %s has no object that counts, only crowds or difficult ones"
              .formatted(truth));
    }
    out.ifPresent(
        file -> {
          Checksums.writeAnywhere(file, Json.pretty(content(score)));
          terminal.line("written to " + file);
        });
  }

  private Map<String, Object> content(Evaluation score) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("name", "score");
    content.put("figures", score.figures());
    Map<String, Object> rules = new LinkedHashMap<>();
    rules.put("rules", protocol.name());
    rules.put("kind", kind.name());
    rules.put("truthFile", truth.toString());
    rules.put("detectionsFile", detections.toString());
    rules.putAll(score.protocol());
    content.put("protocol", rules);
    return content;
  }
}
