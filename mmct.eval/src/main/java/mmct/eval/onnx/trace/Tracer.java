package mmct.eval.onnx.trace;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.engine.Torch;
import org.jspecify.annotations.Nullable;

/// Runs a block once on recording arrays.
public final class Tracer {
  /// Named like parameters of the block, those that its code keeps to itself have this name.
  private static final String UNNAMED = "parameter";

  private final Session session;
  private final IdentityHashMap<Parameter, String> names;

  private Tracer(Session session, IdentityHashMap<Parameter, String> names) {
    this.session = session;
    this.names = names;
  }

  /// What a traced pass gave.
  ///
  /// @param recording the calls
  /// @param outputs the numbers of the values that were the outputs
  /// @param arrays the outputs themselves, owned by the manager of the pass
  public record Traced(Recording recording, List<Integer> outputs, List<NDArray> arrays) {}

  /// Traces one pass.
  ///
  /// @param names the names of the block's parameters
  /// @param manager owns everything that the pass makes
  /// @throws MmctException where the block does something that cannot be traced
  public static Traced trace(
      Block block,
      IdentityHashMap<Parameter, String> names,
      List<NDArray> inputs,
      NDManager manager) {
    Tracer tracer = new Tracer(new Session(manager), names);
    try {
      return tracer.run(block, inputs);
    } catch (MmctException e) {
      throw e;
    } catch (RuntimeException e) {
      throw foreign(e);
    }
  }

  /// What the engine or the block does with a traced array, as a refusal.
  private static MmctException foreign(RuntimeException e) {
    String said = String.valueOf(e.getMessage());
    String why =
        switch (e) {
          case ClassCastException cast ->
              "it casts an array to the engine's class, which a traced array is not";
          case IllegalArgumentException given when said.contains("PtNDArray") ->
              Session.REAL_RECEIVER;
          default -> "it fails on traced arrays, though not on plain ones" + Aside.of(e);
        };
    Optional<StackTraceElement> top = Stream.of(e.getStackTrace()).findFirst();
    boolean inLibrary = top.filter(t -> t.getClassName().startsWith("ai.djl.")).isPresent();
    String operation =
        !inLibrary && e instanceof ClassCastException
            ? "cast"
            : top.map(StackTraceElement::getMethodName).orElse("forward");
    MmctException refusal = Refusal.of(operation, CallSite.of(e), why);
    refusal.initCause(e);
    return refusal;
  }

  private Traced run(Block block, List<NDArray> inputs) {
    names.forEach((parameter, name) -> session.keep(parameter.getArray(), name));
    NDList traced = new NDList();
    for (int i = 0; i < inputs.size(); i++) {
      traced.add(session.leaf(new Leaf.Input(i), inputs.get(i)));
    }
    NDList outputs = block.forward(new Parameters(), traced, false);
    return new Traced(
        session.recording(),
        outputs.stream().map(session::value).toList(),
        outputs.stream().map(session::real).toList());
  }

  /// Hands parameters out as recording arrays.
  private final class Parameters extends ParameterStore {
    private final IdentityHashMap<Parameter, NDArray> handedOut = new IdentityHashMap<>();

    Parameters() {
      super(session.manager(), false);
    }

    @Override
    public @Nullable NDArray getValue(
        @Nullable Parameter parameter, Device device, boolean training) {
      return parameter == null ? null : handedOut.computeIfAbsent(parameter, this::traced);
    }

    private NDArray traced(Parameter parameter) {
      String name = names.getOrDefault(parameter, UNNAMED);
      NDArray alias = Torch.alias(parameter.getArray(), session.realManager());
      return session.weight(name, parameter.getArray(), alias);
    }
  }
}
