import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import mmct.api.data.Cell;
import mmct.api.data.Dataset;
import mmct.api.data.HostTensor;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.JoinedDataset;
import mmct.api.data.Sample;
import mmct.api.data.View;
import mmct.api.engine.Torch;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Modality;
import mmct.api.spi.TrainedEncoder;
import mmct.api.training.EncoderChoice;
import mmct.api.training.TrainedRun;
import mmct.api.training.data.BrokenCell;
import mmct.eval.embed.Embedding;
import mmct.eval.embed.EmbeddingTarget;
import mmct.eval.encode.EncodingOptions;
import mmct.eval.encode.OnnxEncoder;
import mmct.eval.encode.OnnxEncoderExporter;
import mmct.eval.onnx.WeightType;

/// Measures pictures per second, in turn: the block of Deep Java Library on prepared batches, ONNX
/// Runtime on the same batches, and a whole embedding from files to files. See
/// embedding-speed.sh.
class EmbeddingSpeed {
  private static final int BATCH = 32;

  /// RUN DATA ROUNDS BATCHES THREADS.
  public static void main(String[] arguments) throws Exception {
    Path data = Path.of(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    int samples = BATCH * Integer.parseInt(arguments[3]);
    int threads = Integer.parseInt(arguments[4]);
    Path folder = Files.createTempDirectory("embedding-speed");
    Catalogue catalogue = Catalogue.load();
    EncoderChoice image =
        new EncoderChoice(Optional.of("image"), new EncoderChoice.Usual(), false);
    try (TrainedRun run = TrainedRun.open(Path.of(arguments[0]), catalogue, "cpu", note -> {})) {
      TrainedEncoder trained = run.encoders(image).getFirst();
      Path file = new OnnxEncoderExporter(WeightType.FLOAT32).export(trained, folder).getFirst();
      EncodingOptions options =
          new EncodingOptions(EncodingOptions.Device.CPU, threads, 0, BATCH);
      try (OnnxEncoder encoder = OnnxEncoder.open(file, options, catalogue)) {
        Dataset all =
            JoinedDataset.ofAllSplits(catalogue.dataAt(data, Map.of("image", encoder.columns())));
        List<Sample> some = new ArrayList<>();
        for (int i = 0; i < Math.min(samples, all.size()); i++) {
          some.add(all.get(i));
        }
        compare(trained, encoder, new InMemoryDataset(some), folder, rounds);
      }
    }
  }

  private static void compare(
      TrainedEncoder trained, OnnxEncoder encoder, Dataset samples, Path folder, int rounds) {
    Prepared prepared = Prepared.of(trained.reader(), samples);
    double[] runtimeToBlock = new double[rounds];
    double[] wholeToRuntime = new double[rounds];
    for (int round = -1; round < rounds; round++) {
      double block = rate(samples.size(), () -> prepared.byBlock(trained));
      double runtime = rate(samples.size(), () -> prepared.byRuntime(encoder));
      EmbeddingTarget target =
          EmbeddingTarget.named(folder.resolve("round" + round + ".npy"));
      double whole =
          rate(
              samples.size(),
              () -> new Embedding(encoder, samples, "benchmark", target).run(new Silent()));
      if (round < 0) {
        continue; // The first round warms up.
      }
      runtimeToBlock[round] = runtime / block;
      wholeToRuntime[round] = whole / runtime;
      System.out.printf(
          Locale.ROOT,
          "round %d: block %.1f, ONNX Runtime %.1f, embed %.1f pictures/s; ratios %.2f and %.2f%n",
          round + 1,
          block,
          runtime,
          whole,
          runtimeToBlock[round],
          wholeToRuntime[round]);
    }
    System.out.printf(
        Locale.ROOT,
        "median: ONNX Runtime / block %.2f, embed / ONNX Runtime %.2f of %d rounds%n",
        median(runtimeToBlock),
        median(wholeToRuntime),
        rounds);
  }

  private static double rate(int items, Runnable work) {
    long start = System.nanoTime();
    work.run();
    return items / ((System.nanoTime() - start) * 1e-9);
  }

  private static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /// Batches that are decoded already.
  private record Prepared(List<List<HostTensor>> batches) {
    static Prepared of(Modality modality, Dataset samples) {
      List<List<HostTensor>> batches = new ArrayList<>();
      for (int from = 0; from < samples.size(); from += BATCH) {
        List<View> views = new ArrayList<>();
        for (int i = from; i < Math.min(from + BATCH, samples.size()); i++) {
          Cell cell = samples.get(i).cell("image").orElseThrow();
          views.add(modality.plain(cell).getFirst());
        }
        batches.add(modality.collate(views));
      }
      return new Prepared(batches);
    }

    void byBlock(TrainedEncoder trained) {
      try (NDManager manager = NDManager.newBaseManager("PyTorch");
          var _ = Torch.withoutGradient()) {
        ParameterStore store = new ParameterStore(manager, false);
        for (List<HostTensor> batch : batches) {
          try (NDManager part = manager.newSubManager()) {
            NDList inputs = new NDList();
            batch.forEach(tensor -> inputs.add(tensor.toArray(part)));
            trained.block().forward(store, inputs, false).head().toFloatArray();
          }
        }
      }
    }

    void byRuntime(OnnxEncoder encoder) {
      batches.forEach(encoder::encodeCollated);
    }
  }

  private static final class Silent implements Embedding.Listener {
    @Override
    public void encoded(int samples, int of, int resumedAt) {}

    @Override
    public void broken(BrokenCell cell) {
      throw new IllegalStateException(cell.reason());
    }
  }
}
