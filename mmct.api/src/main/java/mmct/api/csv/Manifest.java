package mmct.api.csv;

import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import mmct.api.MmctException;
import mmct.api.data.WrittenText;
import mmct.api.io.AtomicFiles;
import mmct.api.io.RegularFiles;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/// A CSV file that is read once, front to back: a header, then rows of as many values. Every
/// mistake in it is told with the file and the line.
final class Manifest implements AutoCloseable {
  /// Characters of one row; more means that a quote is not closed, and must not fill the memory.
  static final int LONGEST_ROW = 1 << 24;

  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final Path file;
  private final MessageDigest digest;
  private final RowReader reader;
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;
  private List<String> header = List.of();
  private long line;
  private long lastLine;

  private Manifest(Path file, char separator) throws IOException {
    this.file = file;
    digest = sha256();
    reader = new RowReader(text(file, digest));
    parser =
        CSVFormat.RFC4180
            .builder()
            .setDelimiter(separator)
            .setIgnoreEmptyLines(true)
            .get()
            .parse(reader);
    records = parser.iterator();
  }

  /// Opens a file and reads its header.
  static Manifest open(Path file, char separator) {
    Manifest manifest;
    try {
      manifest = new Manifest(file, separator);
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(file, AtomicFiles.reason(e)), e);
    }
    try {
      manifest.header = manifest.readHeader();
      return manifest;
    } catch (RuntimeException e) {
      manifest.close();
      throw e;
    }
  }

  /// UTF-8 with or without a byte order mark; anything else is an error, not a replacement sign.
  private static Reader text(Path file, MessageDigest digest) throws IOException {
    InputStream bytes =
        new DigestInputStream(Files.newInputStream(RegularFiles.require(file)), digest);
    PushbackInputStream in = new PushbackInputStream(bytes, MARK.length);
    byte[] start = in.readNBytes(MARK.length);
    if (!Arrays.equals(start, MARK)) {
      in.unread(start);
    }
    return new InputStreamReader(
        in,
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private List<String> readHeader() {
    if (!hasNext()) {
      throw new MmctException(file + " is empty; a manifest begins with a header of column names");
    }
    List<String> names = next().stream().map(WrittenText::name).toList();
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!name.isEmpty() && !seen.add(name)) {
        throw error("the header names the column '%s' twice".formatted(name));
      }
    }
    return names;
  }

  /// The names of the columns; an unnamed one is empty.
  List<String> header() {
    return header;
  }

  /// Whether there is another row.
  boolean hasNext() {
    try {
      return records.hasNext();
    } catch (UncheckedIOException e) {
      throw unreadable(e);
    }
  }

  /// The next row.
  List<String> row() {
    List<String> values = next();
    if (values.size() != header.size()) {
      throw error(
          "%d values where the header names %d columns".formatted(values.size(), header.size()));
    }
    return values;
  }

  private List<String> next() {
    reader.startRow();
    CSVRecord record = records.next();
    lastLine = parser.getCurrentLineNumber();
    line = lastLine - lineBreaks(record);
    if (record.stream().anyMatch(value -> value.indexOf(0) >= 0)) {
      throw error("the text has the character NUL; a manifest is UTF-8, not UTF-16 and not binary");
    }
    return record.toList();
  }

  /// A mistake in the row that was read last.
  MmctException error(String message) {
    return new MmctException("%s, line %d: %s".formatted(file, line, message));
  }

  /// The SHA-256 of the file's bytes, after the last row has been read.
  String fingerprint() {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static long lineBreaks(CSVRecord record) {
    long breaks = 0;
    for (String value : record) {
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        boolean ofPair = c == '\n' && i > 0 && value.charAt(i - 1) == '\r';
        breaks += (c == '\n' || c == '\r') && !ofPair ? 1 : 0;
      }
    }
    return breaks;
  }

  private MmctException unreadable(UncheckedIOException e) {
    IOException cause = Objects.requireNonNullElseGet(e.getCause(), IOException::new);
    // Of a row that ends too late only the beginning is known.
    line = lastLine + 1;
    if (cause instanceof CharacterCodingException) {
      line = MalformedText.line(file);
      return error("the text is not UTF-8");
    }
    if (cause instanceof RowTooLong) {
      return error(
          "a row of more than %d characters; is a quote not closed?".formatted(LONGEST_ROW));
    }
    String problem = AtomicFiles.reason(cause);
    if (problem.contains("EOF")) {
      return error("a quote that begins here or later is not closed");
    }
    line = parser.getCurrentLineNumber();
    return problem.contains("Invalid character")
        ? error("a closing quote must be followed by the separator or the end of the line")
        : error("cannot be read: " + problem);
  }

  @Override
  public void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw new MmctException("%s cannot be closed: %s".formatted(file, e.getMessage()), e);
    }
  }

  /// A row that no manifest has.
  private static final class RowTooLong extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /// Refuses to read on and on within one row.
  private static final class RowReader extends FilterReader {
    private long inRow;

    RowReader(Reader in) {
      super(in);
    }

    void startRow() {
      inRow = 0;
    }

    @Override
    public int read() throws IOException {
      count(1);
      return super.read();
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, length);
      count(count);
      return count;
    }

    private void count(int characters) throws IOException {
      inRow += characters;
      if (inRow > LONGEST_ROW) {
        throw new RowTooLong();
      }
    }
  }
}
