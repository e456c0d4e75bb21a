package mmct.text.wordpiece;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mmct.api.MmctException;

/// The tokens of a WordPiece model; a token's id is its line in the file, from 0. A token that
/// continues a word starts with `##`.
public final class Vocabulary {
  /// Fills rows up to the longest of a batch.
  public static final String PAD = "[PAD]";

  /// Stands for a word that the vocabulary cannot spell.
  public static final String UNKNOWN = "[UNK]";

  /// Starts every text.
  public static final String START = "[CLS]";

  /// Ends every text.
  public static final String END = "[SEP]";

  /// Stands for a hidden word in masked language modelling; not used here.
  public static final String MASK = "[MASK]";

  /// The tokens without which a vocabulary is not one of BERT's.
  public static final List<String> SPECIAL = List.of(PAD, UNKNOWN, START, END, MASK);

  private final List<String> tokens;
  private final Map<String, Integer> ids;

  private Vocabulary(List<String> tokens, Map<String, Integer> ids) {
    this.tokens = tokens;
    this.ids = ids;
  }

  /// A vocabulary of tokens in the order of their ids.
  ///
  /// @param source what an error names: the file, with each line its number
  /// @throws MmctException where a token is there twice, is empty, or a special one is missing
  public static Vocabulary of(List<String> tokens, String source) {
    Map<String, Integer> ids = HashMap.newHashMap(tokens.size());
    for (int id = 0; id < tokens.size(); id++) {
      String token = tokens.get(id);
      if (token.isEmpty()) {
        throw new MmctException(
            "a vocabulary has one token per line but %s:%d is empty".formatted(source, id + 1));
      }
      Integer before = ids.put(token, id);
      if (before != null) {
        throw new MmctException(
            "a vocabulary has every token once but '%s' is in line %d and line %d of %s"
                .formatted(token, before + 1, id + 1, source));
      }
    }
    for (String special : SPECIAL) {
      if (!ids.containsKey(special)) {
        throw new MmctException(
            "a vocabulary has the tokens %s but %s lacks %s"
                .formatted(String.join(" ", SPECIAL), source, special));
      }
    }
    return new Vocabulary(Collections.unmodifiableList(new ArrayList<>(tokens)), ids);
  }

  /// Reads the file format of BERT: UTF-8, one token per line, with or without a byte order mark.
  public static Vocabulary parse(byte[] content, String source) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      return of(lines(text), source);
    } catch (CharacterCodingException e) {
      throw new MmctException("a vocabulary is UTF-8 text but " + source + " is not", e);
    }
  }

  /// The lines of a file as any system writes it. A token's id is its line, so only blank lines at
  /// the end are passed over.
  private static List<String> lines(String text) {
    String marked = text.startsWith("\ufeff") ? text.substring(1) : text;
    List<String> lines = new ArrayList<>();
    for (String line : marked.split("\n", -1)) {
      lines.add(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
    }
    while (lines.size() > 1 && lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    return lines;
  }

  /// The file's content; [#parse] reads it back.
  public byte[] toBytes() {
    return (String.join("\n", tokens) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /// The tokens in the order of their ids.
  public List<String> tokens() {
    return tokens;
  }

  /// The number of tokens.
  public int size() {
    return tokens.size();
  }

  /// The id of a token that is known to be there, such as a special one.
  public int id(String token) {
    Integer id = ids.get(token);
    if (id == null) {
      throw new IllegalArgumentException("the vocabulary has no token '" + token + "'");
    }
    return id;
  }
}
