import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import mmct.api.config.Settings;
import mmct.api.data.Cell;
import mmct.api.data.HostMemory;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.View;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.spi.ModalityProvider;

/// Measures pictures per second of one thread, from files to two normalised views in a batch, in
/// turn with Pillow. See input-pipeline.sh.
class InputPipeline {
  private static final int BATCH = 50;

  private final List<Cell> pictures;
  private final Map<String, Modality> variants = new LinkedHashMap<>();
  private final HostMemory memory = new HostMemory();
  private long seed;

  /// PHOTOS SIZE ROUNDS PYTHON SCRIPT PEER.
  public static void main(String[] arguments) throws Exception {
    int size = Integer.parseInt(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
      List<Path> photos = files.sorted().limit(4 * BATCH).toList();
      InputPipeline ours = new InputPipeline(photos, size);
      Process peer =
          new ProcessBuilder(
                  arguments[3], arguments[4], arguments[5], arguments[0], arguments[1])
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (Writer toPeer = peer.outputWriter(StandardCharsets.UTF_8);
          BufferedReader fromPeer =
              new BufferedReader(
                  new InputStreamReader(peer.getInputStream(), StandardCharsets.UTF_8))) {
        ours.compare(rounds, toPeer, fromPeer);
      }
    }
  }

  private InputPipeline(List<Path> photos, int size) {
    pictures = photos.stream().<Cell>map(Cell.File::new).toList();
    variant("the JDK's decoder", size, "java", true, true);
    variant("without jitter and blur", size, "auto", false, false);
    variant("without blur", size, "auto", true, false);
    variant("everything", size, "auto", true, true);
  }

  private void variant(String name, int size, String decoder, boolean jitter, boolean blur) {
    Map<String, Object> augment = new LinkedHashMap<>();
    if (!jitter) {
      augment.put("jitter", Map.of("probability", 0));
      augment.put("greyProbability", 0);
    }
    if (!blur) {
      augment.put("blur", Map.of("probability", 0));
    }
    Settings settings =
        Settings.of(Map.of("size", size, "decoder", decoder, "augment", augment));
    ModalityContext context = ModalityContext.inMemory("image", new InMemoryDataset(List.of()));
    Modality modality = create(Catalogue.load().modality("image"), settings, context);
    variants.put(name + " (" + modality.machine().get("decoder") + ")", modality);
  }

  private static <O extends Record> Modality create(
      ModalityProvider<O> provider, Settings settings, ModalityContext context) {
    return provider.create(settings.bind(provider.options()), context);
  }

  private void compare(int rounds, Writer toPeer, BufferedReader fromPeer) throws IOException {
    List<double[]> times = new ArrayList<>();
    for (int round = -2; round < rounds; round++) { // the first two rounds warm up
      double[] milliseconds = new double[variants.size() + 1];
      int i = 0;
      for (Modality modality : variants.values()) {
        milliseconds[i++] = milliseconds(modality);
      }
      milliseconds[i] = milliseconds(toPeer, fromPeer);
      if (round >= 0) {
        times.add(milliseconds);
        System.out.printf(
            Locale.ROOT,
            "round %d: %.2f ms a picture, Pillow %.2f; ratio %.2f%n",
            round + 1,
            milliseconds[i - 1],
            milliseconds[i],
            milliseconds[i] / milliseconds[i - 1]);
      }
    }
    int i = 0;
    for (String name : variants.keySet()) {
      int column = i++;
      System.out.printf(Locale.ROOT, "%s: median %.2f ms a picture, Pillow takes %.2f times as long%n",
          name,
          median(times.stream().mapToDouble(row -> row[column]).toArray()),
          median(times.stream().mapToDouble(row -> row[variants.size()] / row[column]).toArray()));
    }
  }

  private double milliseconds(Modality modality) {
    long start = System.nanoTime();
    for (int from = 0; from < pictures.size(); from += BATCH) {
      List<View> views = new ArrayList<>();
      for (Cell cell : pictures.subList(from, Math.min(from + BATCH, pictures.size()))) {
        Modality.Views drawn = modality.draw(cell, new Modality.ViewRequest(1, 1, seed++));
        views.addAll(drawn.queries());
        views.addAll(drawn.keys());
      }
      memory.use(() -> modality.collate(views)).forEach(memory::recycle);
    }
    return (System.nanoTime() - start) * 1e-6 / pictures.size();
  }

  private static double milliseconds(Writer toPeer, BufferedReader fromPeer) throws IOException {
    toPeer.write("go\n");
    toPeer.flush();
    String line = fromPeer.readLine();
    if (line == null) {
      throw new IOException("the Python program ended; does it have torch, numpy and pillow?");
    }
    return Double.parseDouble(line);
  }

  private static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
