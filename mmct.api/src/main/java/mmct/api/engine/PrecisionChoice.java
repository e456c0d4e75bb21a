package mmct.api.engine;

import ai.djl.Device;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import mmct.api.MmctException;

/// The precision that a run computes in on its device, and why.
///
/// @param precision what was chosen, never [Precision#AUTO]
/// @param reason a few words for people
public record PrecisionChoice(Precision precision, String reason) {
  /// NVIDIA's Ampere, the first generation with bf16 arithmetic.
  private static final int BF16_CAPABILITY = 80;

  /// NVIDIA's Volta, the first generation with fast fp16 arithmetic.
  private static final int FP16_CAPABILITY = 70;

  /// Chooses for a device.
  ///
  /// @param asked the word of the configuration
  /// @throws MmctException where the device or the native library lacks what was asked for
  public static PrecisionChoice of(Precision asked, Device device) {
    return switch (asked) {
      case FLOAT32 -> new PrecisionChoice(Precision.FLOAT32, "as configured");
      case BF16, FP16 -> {
        String lacking = lacking(asked, device);
        if (!lacking.isEmpty()) {
          throw new MmctException(
              "precision must be one that the device computes in, but %s was asked for and %s"
                  .formatted(word(asked), lacking));
        }
        yield new PrecisionChoice(asked, "as configured");
      }
      case AUTO -> {
        String lacking = lacking(Precision.BF16, device);
        yield lacking.isEmpty()
            ? new PrecisionChoice(Precision.BF16, "the device computes in it")
            : new PrecisionChoice(Precision.FLOAT32, lacking);
      }
    };
  }

  /// The word of the configuration for the precision.
  public String word() {
    return word(precision);
  }

  private static String word(Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  /// What stands against a precision on a device; empty where nothing does.
  private static String lacking(Precision precision, Device device) {
    if (!Torch.hasAutocast()) {
      return "this libtorch has no mixed precision that can be switched on from here";
    }
    if (device.isGpu()) {
      int capability = Gpu.computeCapability(device).orElse(0);
      int needed = precision == Precision.BF16 ? BF16_CAPABILITY : FP16_CAPABILITY;
      return capability >= needed
          ? ""
          : "the GPU's compute capability is %.1f, below %.1f"
              .formatted(capability / 10.0, needed / 10.0);
    }
    if (precision == Precision.FP16) {
      return "the CPU has no fast convolutions in it; bf16 is the choice there";
    }
    // Without the instructions libtorch emulates bf16, slower than float32.
    return supports("24is_avx512_bf16_supported") || supports("21is_amx_tile_supported")
        ? ""
        : "the processor lacks the instructions avx512_bf16 and amx_bf16";
  }

  /// Asks one of libtorch's questions about the processor.
  private static boolean supports(String question) {
    return Libtorch.function(
            "_ZN2at3cpu" + question + "Ev", FunctionDescriptor.of(ValueLayout.JAVA_BOOLEAN))
        .map(
            function -> {
              try {
                return (boolean) function.invokeExact();
              } catch (Throwable e) {
                throw new IllegalStateException("libtorch cannot be asked for " + question, e);
              }
            })
        .orElse(false);
  }
}
