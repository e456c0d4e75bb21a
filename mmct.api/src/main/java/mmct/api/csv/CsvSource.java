package mmct.api.csv;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import mmct.api.MmctException;
import mmct.api.data.Columns;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.data.Sample;
import mmct.api.data.WrittenText;

/// A manifest that has been read.
final class CsvSource implements DataSource {
  /// More splits than this are a wrong column.
  private static final int MOST_SPLITS = 1000;

  private static final String TRAIN = "train";
  private static final String VALIDATION = "val";

  private final Path file;
  private final Mapping mapping;
  private final Map<String, Dataset> splits;
  private final String fingerprint;
  private final List<String> unread;
  private final List<String> passedOver;

  private CsvSource(
      Path file,
      Mapping mapping,
      List<String> unread,
      Map<String, Dataset> splits,
      String fingerprint,
      List<String> passedOver) {
    this.file = file;
    this.mapping = mapping;
    this.unread = unread;
    this.splits = splits;
    this.fingerprint = fingerprint;
    this.passedOver = passedOver;
  }

  /// Reads a manifest.
  ///
  /// @throws MmctException at the first mistake, with the file and the line
  static CsvSource read(Path file, CsvOptions options, Map<String, Columns> modalities) {
    try (Manifest manifest = Manifest.open(file, options.separator().charAt(0))) {
      Mapping mapping =
          Mapping.of(file.getFileName().toString(), manifest.header(), options, modalities);
      if (mapping.split().isPresent() && options.validation() > 0) {
        throw new MmctException(
            "data.options.validation cannot be %s since %s has the column '%s', which says what the splits are"
                .formatted(
                    options.validation(), file, manifest.header().get(mapping.split().get())));
      }
      Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
      CsvTable table =
          new CsvTable(mapping, new CellReader(folder, options.listSeparator(), options.missing()));
      Map<String, Rows> splits = readRows(manifest, table, mapping, options);
      if (table.size() == 0) {
        throw new MmctException(file + " has a header but no rows");
      }
      Map<String, Dataset> datasets = new LinkedHashMap<>();
      splits.forEach((name, rows) -> datasets.put(name, new Split(table, rows.numbers())));
      return new CsvSource(
          file,
          mapping,
          mapping.unread(manifest.header()),
          datasets,
          manifest.fingerprint(),
          table.missing().sentences(manifest.header()));
    }
  }

  private static Map<String, Rows> readRows(
      Manifest manifest, CsvTable table, Mapping mapping, CsvOptions options) {
    Map<String, Rows> splits = new LinkedHashMap<>();
    while (manifest.hasNext()) {
      List<String> values = manifest.row();
      int row = table.size();
      try {
        table.add(values);
      } catch (IllegalArgumentException e) {
        throw manifest.error(String.valueOf(e.getMessage()));
      }
      String split =
          mapping
              .split()
              .map(
                  column ->
                      table.isMissing(values.get(column))
                          ? ""
                          : WrittenText.name(values.get(column)))
              .orElseGet(() -> byHash(table.id(row), options.validation()));
      if (split.isEmpty()) {
        throw manifest.error("the name of the split is empty");
      }
      splits.computeIfAbsent(split, name -> new Rows()).add(row);
      if (splits.size() > MOST_SPLITS) {
        throw manifest.error("more than %d different splits".formatted(MOST_SPLITS));
      }
    }
    return splits;
  }

  /// The first 53 bits of the id's SHA-256, as a number from 0 to 1, decide: so a sample keeps its
  /// split when others come or go, and anybody can recompute it.
  static String byHash(String id, double validation) {
    if (validation <= 0) {
      return TRAIN;
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      double place = (ByteBuffer.wrap(hash).getLong() >>> 11) * 0x1p-53;
      return place < validation ? VALIDATION : TRAIN;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public List<String> splits() {
    return List.copyOf(splits.keySet());
  }

  @Override
  public Dataset split(String name) {
    Dataset split = splits.get(name);
    if (split == null) {
      throw new MmctException(
          "%s has no split '%s'; it has %s".formatted(file, name, String.join(", ", splits())));
    }
    return split;
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public List<String> unread() {
    return unread;
  }

  @Override
  public List<String> passedOver() {
    return passedOver;
  }

  @Override
  public String describe() {
    String counts =
        splits.entrySet().stream()
            .map(split -> split.getKey() + " " + split.getValue().size())
            .collect(Collectors.joining(", "));
    String absent =
        mapping.absent().isEmpty() ? "" : "; no column for " + String.join(", ", mapping.absent());
    String missing = passedOver.isEmpty() ? "" : "; " + String.join("; ", passedOver);
    return "csv %s: %s%s%s".formatted(file.getFileName(), counts, absent, missing);
  }

  /// Numbers of rows, while they are collected.
  private static final class Rows {
    private int[] numbers = new int[16];
    private int count;

    void add(int number) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, Math.addExact(count, count / 2));
      }
      numbers[count++] = number;
    }

    int[] numbers() {
      return Arrays.copyOf(numbers, count);
    }
  }

  /// Some rows of a table.
  private record Split(CsvTable table, int[] rows) implements Dataset {
    @Override
    public int size() {
      return rows.length;
    }

    @Override
    public Sample get(int index) {
      return table.sample(rows[index]);
    }

    @Override
    public String id(int index) {
      return table.id(rows[index]);
    }

    @Override
    public Optional<Set<String>> modalities(int index) {
      return Optional.of(get(index).cells().keySet());
    }
  }
}
