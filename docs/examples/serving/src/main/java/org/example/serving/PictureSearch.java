package org.example.serving;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import mmct.api.data.Cell;
import mmct.api.spi.Catalogue;
import mmct.eval.encode.EncodingOptions;
import mmct.eval.encode.OnnxEncoder;

/// Finds pictures by a sentence, with two encoders of one space in ONNX files. Any number of
// threads
/// may ask.
public final class PictureSearch implements AutoCloseable {
  private final OnnxEncoder pictures;
  private final OnnxEncoder sentences;
  private final List<Path> files;
  private final List<float[]> features;

  /// Encodes some pictures, once.
  ///
  /// @param encoders the folder `encoders` of a run
  public PictureSearch(Path encoders, List<Path> files) {
    EncodingOptions options = new EncodingOptions(EncodingOptions.Device.CPU, 2, 2, 32);
    Catalogue catalogue = Catalogue.load();
    pictures = OnnxEncoder.open(encoders.resolve("image.onnx"), options, catalogue);
    sentences = OnnxEncoder.open(encoders.resolve("caption.onnx"), options, catalogue);
    this.files = List.copyOf(files);
    features = pictures.encode(files.stream().<Cell>map(Cell.File::new).toList());
  }

  /// The picture that a sentence describes best. An encoder serves one thread at a time.
  public Path nearest(String sentence) {
    float[] wanted;
    synchronized (sentences) {
      wanted = sentences.encode(List.of(Cell.Strings.of(sentence))).getFirst(); // [d]
    }
    int best = 0;
    for (int i = 1; i < files.size(); i++) {
      best = cosine(wanted, features.get(i)) > cosine(wanted, features.get(best)) ? i : best;
    }
    return files.get(best);
  }

  /// Features of a space have length 1.
  private static double cosine(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  @Override
  public void close() {
    pictures.close();
    sentences.close();
  }

  /// Answers on four threads at once: `ENCODERS SENTENCE PICTURE...`.
  public static void main(String[] arguments) throws InterruptedException, ExecutionException {
    List<Path> files = Stream.of(arguments).skip(2).map(Path::of).toList();
    try (PictureSearch search = new PictureSearch(Path.of(arguments[0]), files);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Callable<Path> question = () -> search.nearest(arguments[1]);
      List<Path> answers = new ArrayList<>();
      for (Future<Path> answer : threads.invokeAll(List.of(question, question, question))) {
        answers.add(answer.get());
      }
      System.out.println("nearest: " + answers.getFirst().getFileName());
      System.out.println("providers: " + Catalogue.load());
    }
  }
}
