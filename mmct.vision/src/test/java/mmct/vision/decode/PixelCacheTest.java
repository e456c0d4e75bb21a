package mmct.vision.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A cache that keeps what came first and never more than it may.
class PixelCacheTest {
  private final AtomicInteger decoded = new AtomicInteger();
  private final Function<Path, Pixels> decoder =
      path -> {
        decoded.incrementAndGet();
        return new Pixels(new byte[3 * 100 * 100], 100, 100);
      };

  @Test
  void pictureThatFitsIsDecodedOnce() {
    PixelCache cache = new PixelCache(1 << 20);

    Pixels first = cache.get(Path.of("a"), decoder);
    assertThat(cache.get(Path.of("a"), decoder)).isSameAs(first);
    assertThat(decoded).hasValue(1);
  }

  @Test
  void whatCameFirstStays() {
    PixelCache cache = new PixelCache(70_000); // two of 30,000 bytes and what they need around them
    for (int epoch = 0; epoch < 3; epoch++) {
      for (String name : new String[] {"a", "b", "c"}) {
        cache.get(Path.of(name), decoder);
      }
    }

    assertThat(decoded).hasValue(3 + 1 + 1);
    assertThat(cache.used()).isBetween(60_000L, 70_000L);
  }

  @Test
  void cacheOfNothingKeepsNothing() {
    PixelCache cache = new PixelCache(0);
    cache.get(Path.of("a"), decoder);
    cache.get(Path.of("a"), decoder);

    assertThat(decoded).hasValue(2);
    assertThat(cache.used()).isZero();
  }

  @Test
  void threadsShareTheSpaceWithoutExceedingIt() throws Exception {
    PixelCache cache = new PixelCache(1_000_000);
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<?> future :
          IntStream.range(0, 4000)
              .mapToObj(i -> threads.submit(() -> cache.get(Path.of("p" + i % 100), decoder)))
              .toList()) {
        future.get();
      }
    }

    long fit = 1_000_000 / (30_000 + 256);
    assertThat(cache.used()).isEqualTo(fit * (30_000 + 256));
  }
}
