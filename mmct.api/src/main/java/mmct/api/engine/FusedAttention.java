package mmct.api.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;

/// Attention by one operation of libtorch, which never holds the scores of all pairs of tokens
/// where the device has a kernel for that. It is reached through a small TorchScript program.
///
/// @param otherwise does what the operation is not for
record FusedAttention(Attention otherwise) implements Attention {
  @Override
  public NDArray of(
      NDArray queries, NDArray keys, NDArray values, NDArray penalty, double dropout) {
    Optional<Operation> operation =
        isFor(queries, keys, values, penalty, dropout) ? Operation.LOADED : Optional.empty();
    return operation
        .map(fused -> fused.of(queries, keys, values, penalty))
        .orElseGet(() -> otherwise.of(queries, keys, values, penalty, dropout));
  }

  /// Whether the operation does this, and does it faster: the one place where that is decided.
  ///
  /// Measured by `docs/benchmarks/attention-speed.sh`. With dropout libtorch has no kernel for
  /// processors and does single operations itself. In 16 bits that kernel's backward pass is slower
  /// than single operations; its forward pass is faster, but a pass without gradients must compute
  /// what one with gradients computes.
  static boolean isFor(
      NDArray queries, NDArray keys, NDArray values, NDArray penalty, double dropout) {
    return dropout == 0
        && isEngines(queries)
        && isEngines(keys)
        && isEngines(values)
        && isEngines(penalty)
        && (queries.getDevice().isGpu()
            || queries.getDataType() == DataType.FLOAT32
            || queries.getDataType() == DataType.FLOAT64);
  }

  /// Whether an array holds numbers in libtorch, unlike one that only records what is done with it.
  private static boolean isEngines(NDArray array) {
    return array instanceof PtNDArray;
  }

  /// The operation itself. One program serves all devices and threads, since it holds no arrays.
  static final class Operation {
    /// Empty where this libtorch has no such operation, or it computes something else.
    static final Optional<Operation> LOADED = load();

    private static final String MODULE = "Attention";

    private static final String CODE =
        """
        class Attention(Module):
          __parameters__ = []
          __buffers__ = []
          def forward(self: __torch__.Attention,
            queries: Tensor,
            keys: Tensor,
            values: Tensor,
            penalty: Tensor) -> Tensor:
            q = torch.transpose(queries, 1, 2)
            k = torch.transpose(keys, 1, 2)
            v = torch.transpose(values, 1, 2)
            return torch.transpose(torch.scaled_dot_product_attention(q, k, v, penalty), 1, 2)
        """;

    private final PtSymbolBlock program;

    private Operation(PtSymbolBlock program) {
      this.program = program;
    }

    @SuppressWarnings("resource")
    private static Optional<Operation> load() {
      // Never closed: the program lives as long as libtorch, with which the process ends.
      NDManager owner = Engine.getInstance().newBaseManager(Device.cpu());
      try {
        byte[] archive = ScriptArchive.of(MODULE, CODE);
        Operation operation =
            new Operation(
                JniUtils.loadModule(
                    (PtNDManager) owner, new ByteArrayInputStream(archive), false, false));
        if (operation.works(owner)) {
          return Optional.of(operation);
        }
      } catch (EngineException | IOException e) {
        // As where it gives wrong numbers.
      }
      owner.close();
      return Optional.empty();
    }

    /// See [Attention#of].
    NDArray of(NDArray queries, NDArray keys, NDArray values, NDArray penalty) {
      // "Training" is the bridge's word for not forcing inference mode, whose results could enter
      // no record; whether gradients are recorded is the thread's own mode, as with any operation.
      boolean training = true;
      NDList inputs = new NDList(queries, keys, values, penalty);
      return IValueUtils.forward(program, inputs, training).singletonOrThrow();
    }

    /// Tries it on three tokens, the last of which must not be seen, and its gradient. Whoever asks
    /// first may be in mixed precision, hence the tolerance.
    private boolean works(NDManager owner) {
      boolean recording = JniUtils.isGradMode();
      JniUtils.setGradMode(true);
      try (NDManager scope = owner.newSubManager()) {
        NDArray query = scope.create(new float[] {2, 0, 0, 0}, new Shape(1, 1, 1, 4));
        NDArray keys =
            scope.create(new float[] {1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1}, new Shape(1, 3, 1, 4));
        NDArray values =
            scope.create(new float[] {1, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9}, new Shape(1, 3, 1, 4));
        NDArray penalty = scope.create(new float[] {0, 0, -1e4f}, new Shape(1, 1, 1, 3));
        values.setRequiresGradient(true);
        NDArray seen = Torch.toFloat32(of(query, keys, values, penalty));
        Torch.backward(seen, scope.ones(seen.getShape()));
        float[] gradient = Torch.gradient(values).orElseThrow().toFloatArray();
        // The scores are 1 and 0.
        double share = 1 / (1 + Math.exp(-1));
        return near(seen.toFloatArray()[0], share)
            && near(gradient[0], share)
            && near(gradient[4], 1 - share)
            && near(gradient[8], 0);
      } finally {
        JniUtils.setGradMode(recording);
      }
    }

    private static boolean near(float actual, double expected) {
      return Math.abs(actual - expected) < 0.01;
    }
  }
}
