package mmct.api.engine;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Operations of libtorch on many arrays at once, which go over the memory once where single
/// operations would go over it again and again, and which Deep Java Library does not offer. They
/// are reached through a small TorchScript program.
///
/// All are done without gradients; arrays are changed in place.
public final class FusedUpdates {
  private static final String MODULE = "Updates";

  /// Norms are taken of pieces, for a float32 sum over millions of squares loses digits.
  private static final String CODE =
      """
      class Updates(Module):
        __parameters__ = []
        __buffers__ = []
        def adamw(self: __torch__.Updates,
          weights: List[Tensor],
          gradients: List[Tensor],
          means: List[Tensor],
          squares: List[Tensor],
          counts: List[Tensor],
          rate: float,
          beta1: float,
          beta2: float,
          decay: float,
          epsilon: float) -> NoneType:
          none = annotate(List[Tensor], [])
          torch._fused_adamw_(weights, gradients, means, squares, none, counts, lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False)
          return None
        def sgd(self: __torch__.Updates,
          weights: List[Tensor],
          gradients: List[Tensor],
          velocities: List[Tensor],
          rate: float,
          momentum: float,
          decay: float) -> NoneType:
          torch._fused_sgd_(weights, gradients, velocities, weight_decay=decay, momentum=momentum, lr=rate, dampening=0., nesterov=False, maximize=False, is_first_step=False)
          return None
        def towards(self: __torch__.Updates,
          weights: List[Tensor],
          others: List[Tensor],
          share: float) -> NoneType:
          torch._foreach_lerp_(weights, others, share)
          return None
        def scale(self: __torch__.Updates,
          gradients: List[Tensor],
          factor: float) -> NoneType:
          torch._foreach_mul_(gradients, factor)
          return None
        def norms(self: __torch__.Updates,
          gradients: List[Tensor]) -> Tensor:
          pieces = annotate(List[Tensor], [])
          for i in range(torch.len(gradients)):
            flat = torch.reshape(gradients[i], [-1])
            torch.extend(pieces, torch.split(flat, 262144))
          return torch.stack(torch._foreach_norm(pieces))
      """;

  private final PtSymbolBlock program;

  private FusedUpdates(PtSymbolBlock program) {
    this.program = program;
  }

  /// Loads the program and tries each operation on a few numbers.
  ///
  /// @param owner keeps the program; its device is that of the arrays
  /// @return empty where this libtorch has no such operations for the device, or they compute
  ///     something else
  static Optional<FusedUpdates> load(NDManager owner) {
    byte[] archive = ScriptArchive.of(MODULE, CODE);
    try {
      PtSymbolBlock program =
          JniUtils.loadModule((PtNDManager) owner, new ByteArrayInputStream(archive), false, false);
      FusedUpdates updates = new FusedUpdates(program);
      return updates.work(owner) ? Optional.of(updates) : Optional.empty();
    } catch (EngineException | IOException e) {
      return Optional.empty();
    }
  }

  /// AdamW (Loshchilov and Hutter 2019), by PyTorch's rule.
  ///
  /// @param weights any shapes
  /// @param gradients of the same shapes
  /// @param means the running means of gradients
  /// @param squares the running means of their squares
  /// @param counts how often each has been updated, this time included: float32 `[1]` each
  /// @param numbers rate, β₁, β₂, decay and ε
  public void adamW(
      NDList weights,
      NDList gradients,
      NDList means,
      NDList squares,
      NDList counts,
      double... numbers) {
    run("adamw", List.of(weights, gradients, means, squares, counts), numbers).close();
  }

  /// Stochastic gradient descent by PyTorch's rule.
  ///
  /// @param weights any shapes
  /// @param gradients of the same shapes
  /// @param velocities what is remembered; none without momentum
  /// @param numbers rate, momentum and decay
  public void sgd(NDList weights, NDList gradients, NDList velocities, double... numbers) {
    run("sgd", List.of(weights, gradients, velocities), numbers).close();
  }

  /// `w ← w + share·(o − w)` for every weight and its other.
  public void towards(NDList weights, NDList others, double share) {
    run("towards", List.of(weights, others), share).close();
  }

  /// Multiplies all by a number.
  public void scale(NDList gradients, double factor) {
    run("scale", List.of(gradients), factor).close();
  }

  /// The norm of all together.
  ///
  /// @param gradients at least one
  public double norm(NDList gradients) {
    PtNDManager manager = (PtNDManager) gradients.head().getManager();
    try (IValue result = run("norms", List.of(gradients));
        NDArray norms = result.toTensor(manager)) {
      double sum = 0;
      for (float norm : norms.toFloatArray()) {
        sum += (double) norm * norm;
      }
      return Math.sqrt(sum);
    }
  }

  private IValue run(String method, List<NDList> arrays, double... numbers) {
    List<IValue> values = new ArrayList<>();
    try {
      for (NDList list : arrays) {
        values.add(IValue.listFrom(list.stream().toArray(PtNDArray[]::new)));
      }
      for (double number : numbers) {
        values.add(IValue.from(number));
      }
      return IValueUtils.runMethod(program, method, values.toArray(IValue[]::new));
    } finally {
      values.forEach(IValue::close);
    }
  }

  private boolean work(NDManager owner) {
    try (NDManager scope = owner.newSubManager()) {
      NDList weight = of(scope, 1);
      NDList memory = of(scope, 0.5);
      sgd(weight, of(scope, 2), memory, 0.1, 0.5, 0.25);
      boolean right = near(memory, 2.5) && near(weight, 0.75);
      NDList mean = of(scope, 0);
      NDList square = of(scope, 0);
      adamW(weight, of(scope, 2), mean, square, of(scope, 1), 0.1, 0.9, 0.99, 0.5, 0);
      right &= near(weight, 0.75 * 0.95 - 0.1) && near(mean, 0.2) && near(square, 0.04);
      towards(mean, of(scope, 1), 0.25);
      scale(square, 10);
      sgd(weight, of(scope, 2), new NDList(), 0.1, 0, 0);
      right &= near(mean, 0.4) && near(square, 0.4) && near(weight, 0.75 * 0.95 - 0.3);
      return right && Math.abs(norm(of(scope, -3)) - 3) < 1e-5;
    }
  }

  private static NDList of(NDManager scope, double number) {
    return new NDList(scope.create(new float[] {(float) number}));
  }

  private static boolean near(NDList actual, double expected) {
    return Math.abs(actual.head().toFloatArray()[0] - expected) < 1e-5;
  }
}
