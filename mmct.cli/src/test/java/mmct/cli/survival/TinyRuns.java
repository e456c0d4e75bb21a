package mmct.cli.survival;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Configurations that cost seconds, with everything in them that a resumption could forget:
/// dropout, words left out at random, queues that wrap around, marks of positives, a schedule, an
/// optimiser with a memory, batch normalisation, evaluations.
final class TinyRuns {
  private TinyRuns() {}

  /// Captions and tags of the built-in scenes; a checkpoint is half a megabyte.
  static Path words(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("words.yaml"),
        """
        data: {type: scenes, options: {train: 100, val: 12, test: 12}, workers: 3}
        modalities:
          caption:
            type: text
            encoder: {type: transformer, depth: 1, width: 32, heads: 2, dropout: 0.1}
            maxLength: 20
            augment: {source: other-caption, wordDropout: 0.1}
          tags: {type: tags, dropTags: 0.2, encoder: {width: 32, hidden: 32}}
        spaces:
          caption-self: {width: 16, hidden: 32, norm: batch}
          common: {width: 16, hidden: 32, norm: batch}
        objectives:
          cc:
            loss: info-nce
            query: caption
            key: caption
            space: caption-self
            positives: {type: shared-tags, of: tags, moreThan: 2}
          ct: {loss: margin-ranking, query: caption, key: tags, space: common}
          tc: {loss: margin-ranking, query: tags, key: caption, space: common}
        queue: 40
        momentum: 0.9
        batch: 16
        epochs: 10
        optimizer: {type: adamw, lr: 1e-3, clipNorm: 50}
        schedule: {type: cosine, warmupSteps: 4}
        checkpoints: {everySteps: 1, best: retrieval.caption-to-tags.R@5}
        evaluate:
          everyEpochs: 2
          run:
            retrieval: {type: retrieval}
        logEvery: 1
        export: none
        """);
  }

  /// Pictures, captions and tags of a manifest; a checkpoint is large enough to take its time.
  static Path pictures(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("pictures.yaml"),
        """
        extends: quickstart
        data: {type: csv, path: photos/manifest.csv, maxBroken: 0.1, workers: 3}
        modalities:
          image: {size: 32}
          caption: {encoder: {depth: 1, width: 32, heads: 2}}
        spaces:
          image-self: {width: 16, hidden: 32}
          caption-self: {width: 16, hidden: 32}
          common: {width: 16, hidden: 32}
        queue: 24
        batch: 8
        epochs: 2
        optimizer: {type: sgd, lr: 0.01, momentum: 0.9}
        schedule: {type: cosine, warmupSteps: 1}
        checkpoints: {everySteps: 2}
        evaluate: {run: null}
        logEvery: 1
        """);
  }
}
