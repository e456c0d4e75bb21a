package mmct.eval.encode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import mmct.api.data.BrokenCellException;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.data.Dataset;
import mmct.api.data.HostMemory;
import mmct.api.data.HostTensor;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Modality;
import mmct.api.training.data.BrokenCell;
import mmct.api.training.data.PlainBatches;

/// An encoder in an ONNX file, run by ONNX Runtime: from raw cells to features, with nothing but
/// the file at hand.
///
/// Cells are read and prepared by threads of their own, a few batches ahead of ONNX Runtime. One
/// thread at a time may encode.
public final class OnnxEncoder implements AutoCloseable {
  /// Batches of samples that are prepared ahead: enough to keep both sides busy.
  private static final int AHEAD = 3;

  private final EncoderFile file;
  private final Columns columns;
  private final Modality modality;
  private final OnnxSession session;
  private final EncodingOptions options;

  private OnnxEncoder(
      EncoderFile file,
      Columns columns,
      Modality modality,
      OnnxSession session,
      EncodingOptions options) {
    this.file = file;
    this.columns = columns;
    this.modality = modality;
    this.session = session;
    this.options = options;
  }

  /// Opens a file that says itself how it is fed, or that has a sidecar `FILE.yaml`.
  ///
  /// @param catalogue where the modality's provider is found
  /// @throws mmct.api.MmctException where the file is no ONNX file, does not say how it is fed,
  ///     says it wrongly, or where the device cannot be used
  public static OnnxEncoder open(Path file, EncodingOptions options, Catalogue catalogue) {
    return open(file, Optional.empty(), options, catalogue);
  }

  /// Opens a file with a sidecar of any name, whose keys are laid over the file's own.
  ///
  /// @param sidecar a YAML file of the keys of [EncoderDescription]; `FILE.yaml` where it is empty
  ///     and there is such a file
  public static OnnxEncoder open(
      Path file, Optional<Path> sidecar, EncodingOptions options, Catalogue catalogue) {
    EncoderFile encoder = EncoderFile.read(file, sidecar);
    Columns columns = encoder.provider(catalogue).columns();
    Modality modality = encoder.modality(catalogue);
    return new OnnxEncoder(
        encoder, columns, modality, new OnnxSession(encoder, modality.feeding(), options), options);
  }

  /// What the file says about itself.
  public EncoderDescription description() {
    return file.description();
  }

  /// The file.
  public Path file() {
    return file.model();
  }

  /// A hash of the file and its sidecar.
  public String fingerprint() {
    return file.fingerprint();
  }

  /// How it is run.
  public EncodingOptions options() {
    return options;
  }

  /// The columns that hold such a modality where nobody says otherwise.
  public Columns columns() {
    return columns;
  }

  /// The width of the features.
  public int width() {
    return description().width();
  }

  /// The most rows that are encoded at once: those of the options, or the number that the model
  /// demands.
  public int batch() {
    return session.rows(options.batch());
  }

  /// Whether a graphics card encodes.
  public boolean onGpu() {
    return session.onGpu();
  }

  /// Encodes some cells: files, bytes, strings or what the modality reads.
  ///
  /// @return the features of all items of the cells in order, each `[width]`; a cell of several
  ///     items, such as alternative texts, gives several
  /// @throws BrokenCellException where the content of a cell cannot be read
  public List<float[]> encode(List<Cell> cells) {
    String name = description().name();
    List<Sample> samples =
        IntStream.range(0, cells.size())
            .mapToObj(i -> new Sample(Integer.toString(i), Map.of(name, cells.get(i))))
            .toList();
    List<float[]> rows = new ArrayList<>();
    try (FeatureBatches batches =
        encode(
            new InMemoryDataset(samples),
            broken -> {
              throw new BrokenCellException(broken.reason());
            })) {
      while (batches.hasNext()) {
        rows.addAll(batches.next().rows());
      }
    }
    return rows;
  }

  /// Encodes a batch that the modality has collated.
  ///
  /// @param inputs the modality's arrays, each `[n, ...]`
  /// @return the features row-major, `[n, width]`
  public float[] encodeCollated(List<HostTensor> inputs) {
    return session.run(inputs);
  }

  /// Encodes the cells of this modality of a whole dataset, batch by batch, in bounded memory.
  ///
  /// @param broken hears of every cell that is left out because it cannot be read
  public FeatureBatches encode(Dataset dataset, Consumer<BrokenCell> broken) {
    int readers = options.readers(Runtime.getRuntime().availableProcessors(), onGpu());
    HostMemory memory = session.readsBytes() ? HostMemory.ofBytes() : new HostMemory();
    PlainBatches cells =
        new PlainBatches(
            dataset, description().name(), modality, batch(), readers, AHEAD, memory, broken);
    return new FeatureBatches(cells, session, width());
  }

  /// Releases what ONNX Runtime holds.
  @Override
  public void close() {
    session.close();
  }
}
