package mmct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import mmct.api.MmctException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [enforce fail at alloc_cpu.cpp:119] DefaultCPUAllocator: can't allocate memory: you tried to allocate 512000 bytes. Error code 12 | 512000 bytes
          CUDA out of memory. Tried to allocate 2.50 GiB. GPU 0 has a total capacity of 139 GiB | 2.50 GiB
          """)
  void anArrayThatDoesNotFitIsToldWithItsSize(String message, String size) {
    assertThat(Failures.sentence(new IllegalStateException(message)))
        .startsWith("out of memory: an array of %s does not fit".formatted(size));
  }

  @Test
  void whatTheFileSystemSaysIsToldWithoutClassNames() {
    IOException failure = new FileSystemException("a/b", null, "Not a directory");

    assertThat(Failures.sentence(new UncheckedIOException(failure)))
        .isEqualTo("a/b: Not a directory");
  }

  @Test
  void theFirstReasonThatWasWrittenForPeopleIsTold() {
    MmctException told = new MmctException("the batch is too large", new IOException("deeper"));

    assertThat(Failures.sentence(new IllegalStateException("wrapped", told)))
        .isEqualTo("the batch is too large");
  }
}
