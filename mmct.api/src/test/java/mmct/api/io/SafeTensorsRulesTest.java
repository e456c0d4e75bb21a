package mmct.api.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import mmct.api.MmctException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every rule of the format, each broken alone.
class SafeTensorsRulesTest {
  @TempDir Path folder;

  private Path file(long claimed, String header, int dataBytes) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(claimed).put(text);
    return Files.write(folder.resolve("rules.safetensors"), bytes.array());
  }

  private Path file(String header, int dataBytes) throws IOException {
    return file(header.getBytes(StandardCharsets.UTF_8).length, header, dataBytes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}      | 8",
        "{\"b\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[1,4]},\"a\":{\"dtype\":\"I8\",\"shape\":[],\"data_offsets\":[0,1]}} | 4",
        "{\"__metadata__\":{}} | 0",
        "{} | 0",
      })
  void whatTheFormatAllowsIsRead(String header, int dataBytes) throws IOException {
    try (SafeTensors opened = SafeTensors.open(file(header, dataBytes))) {
      assertThat(opened.names().size()).isBetween(0, 2);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        // shape, type and offsets
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | 4 | needs 8 bytes",
        "{\"a\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}} | 4 | must be one of",
        "{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}} | 4 | dtype of 'a'",
        "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}} | 4 | shape of 'a'",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}} | 4 | data_offsets of 'a'",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}} | 4 | a begin and an end",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}} | 8 | a begin and an end",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}} | 4 | whole numbers from 0",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}} | 4 | whole numbers from 0",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[18446744073709551617],\"data_offsets\":[0,4]}} | 4 | whole numbers from 0",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}} | 0 | exceeds 64 bits",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4,0],\"data_offsets\":[0,0]}} | 0 | exceeds 64 bits",
        // bounds, overlaps, gaps, trailing bytes
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | 4 | end at 8 but the file's at 4",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[9223372036854775800],\"data_offsets\":[0,9223372036854775800]}} | 4 | but the file's at 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | 8 | begin at 4 but those before it end at 0",
        "{\"a\":{\"dtype\":\"I8\",\"shape\":[3],\"data_offsets\":[0,3]},\"b\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[2,4]}} | 4 | begin at 2 but those before it end at 3",
        "{\"a\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[0,1]},\"b\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[2,4]}} | 4 | begin at 2 but those before it end at 1",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 5 | 1 bytes follow",
        "{} | 3 | 3 bytes follow",
        // JSON
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}} | 1 | uplicate",
        "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[0,1]}} | 1 | uplicate",
        "{\"a\": | 0 | not JSON",
        "{}{} | 0 | follows",
        "{}x | 0 | not JSON",
        "[] | 0 | begin with '{'",
        "{\"a\":[1]} | 0 | data_offsets of 'a'",
        "{\"__metadata__\":{\"a\":1}} | 0 | must be text",
        "{\"__metadata__\":[]} | 0 | group of strings",
        "{\"a\":[[[[[[[[[[[[]]]]]]]]]]]]} | 0 | not JSON",
      })
  void aBrokenRuleIsNamed(String header, int dataBytes, String rule) throws IOException {
    Path file = file(header, dataBytes);
    assertThatThrownBy(() -> SafeTensors.open(file))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("rules.safetensors is not a safetensors file")
        .hasMessageContaining(rule)
        .hasMessageNotContaining("\n");
  }

  /// Allocating what these claim would take 50 GB in all, which no machine clears in this time.
  @Test
  @Timeout(3)
  void aHeaderThatDoesNotFitTheFileCostsNothing() throws IOException {
    for (long claimed : new long[] {9, 99_999_999, 1L << 31, Long.MAX_VALUE, -1}) {
      Path file = file(claimed, "{}      ", 0);
      assertThat(Files.size(file)).isEqualTo(16);
      for (int i = 0; i < 500; i++) {
        assertThatThrownBy(() -> SafeTensors.open(file))
            .isInstanceOf(MmctException.class)
            .hasMessageContaining("header");
      }
    }
  }
}
