package mmct.eval.encode;

import ai.djl.ndarray.types.DataType;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mmct.api.MmctException;
import mmct.api.data.HostTensor;
import mmct.api.spi.Feeding;
import mmct.eval.encode.EncoderDescription.Pool;
import mmct.eval.runtime.OnnxRuntime;

/// A model in ONNX Runtime, fed with collated batches. One thread runs it at a time.
final class OnnxSession implements AutoCloseable {
  private final Path file;
  private final EncoderDescription description;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final SessionInputs inputs;
  private final boolean onGpu;

  /// Opens a model.
  ///
  /// @throws MmctException where ONNX Runtime cannot read it or use the device, or its inputs and
  ///     output are not those of the description
  OnnxSession(EncoderFile encoder, Feeding feeding, EncodingOptions options) {
    file = encoder.model();
    description = encoder.description();
    environment = OnnxRuntime.environment();
    Opened opened = open(options);
    session = opened.session();
    onGpu = opened.onGpu();
    try {
      inputs = new SessionInputs(file, description, tensors(session.getInputInfo()));
      inputs.require(feeding);
      requireOutput();
    } catch (OrtException e) {
      close();
      throw failure("cannot be opened", e);
    } catch (MmctException e) {
      close();
      throw e;
    }
  }

  /// A session, and whether it runs on a graphics card.
  private record Opened(OrtSession session, boolean onGpu) {}

  private Opened open(EncodingOptions options) {
    boolean built = OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
    return switch (options.device()) {
      case CPU -> onProcessor(options);
      case GPU -> {
        if (!built) {
          throw new MmctException(
              "this ONNX Runtime cannot use a graphics card: put the jar onnxruntime_gpu of the same version in the place of onnxruntime (docs/encoders.md), or choose --device cpu");
        }
        try {
          yield onCard(options);
        } catch (OrtException e) {
          throw failure("cannot be opened on the graphics card", e);
        }
      }
      case AUTO -> {
        if (built) {
          try {
            yield onCard(options);
          } catch (OrtException e) {
            // A build for cards on a machine without one that can be used: the processor it is.
          }
        }
        yield onProcessor(options);
      }
    };
  }

  private Opened onCard(EncodingOptions options) throws OrtException {
    try (OrtSession.SessionOptions settings = settings(options)) {
      settings.addCUDA(0);
      return new Opened(environment.createSession(file.toString(), settings), true);
    }
  }

  private Opened onProcessor(EncodingOptions options) {
    try (OrtSession.SessionOptions settings = settings(options)) {
      return new Opened(environment.createSession(file.toString(), settings), false);
    } catch (OrtException e) {
      throw failure("cannot be opened", e);
    }
  }

  private static OrtSession.SessionOptions settings(EncodingOptions options) throws OrtException {
    OrtSession.SessionOptions settings = new OrtSession.SessionOptions();
    if (options.threads() > 0) {
      settings.setIntraOpNumThreads(options.threads());
    }
    settings.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    // Threads that wait for work leave the core to those that prepare the next batch.
    settings.addConfigEntry("session.intra_op.allow_spinning", "0");
    return settings;
  }

  private static Map<String, TensorInfo> tensors(Map<String, NodeInfo> nodes) {
    Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    nodes.forEach(
        (name, node) -> {
          if (node.getInfo() instanceof TensorInfo tensor) {
            tensors.put(name, tensor);
          }
        });
    return tensors;
  }

  private void requireOutput() throws OrtException {
    Map<String, TensorInfo> outputs = tensors(session.getOutputInfo());
    if (!outputs.containsKey(description.output())) {
      throw new MmctException(
          "%s has no output '%s'; outputs: %s"
              .formatted(file, description.output(), String.join(", ", outputs.keySet())));
    }
  }

  /// Whether the model runs on a graphics card.
  boolean onGpu() {
    return onGpu;
  }

  /// The rows that are best handed over at once: those that the model demands, and else those that
  /// are wanted. A batch that has fewer is filled up.
  int rows(int wanted) {
    return inputs.rows() > 0 ? inputs.rows() : wanted;
  }

  /// Whether the model itself scales the bytes of pictures.
  boolean readsBytes() {
    return inputs.readsBytes();
  }

  /// Runs the model.
  ///
  /// @param collated the modality's arrays, each `[n, ...]`
  /// @return the features row-major, `[n, width]`
  float[] run(List<HostTensor> collated) {
    int rows = Math.toIntExact(collated.getFirst().shape().get(0));
    try (SessionInputs.Fed fed = inputs.of(collated, environment);
        OrtSession.Result result = session.run(fed.byName(), Set.of(description.output()))) {
      return features((OnnxTensor) result.get(0), fed.first(), rows);
    } catch (OrtException e) {
      throw failure("cannot encode a batch", e);
    }
  }

  /// The features of the first rows of an output.
  ///
  /// @param fed what the model was fed as its first input, which may have further rows
  private float[] features(OnnxTensor output, HostTensor fed, int rows) throws OrtException {
    int width = description.width();
    int fedRows = Math.toIntExact(fed.shape().get(0));
    long[] shape = output.getInfo().getShape();
    float[] features = pooled(floats(output), fed, shape);
    if (features.length != fedRows * width) {
      throw new MmctException(
          "output %s of %s has the shape %s for %d rows, which is not %d wide"
              .formatted(description.output(), file, Arrays.toString(shape), fedRows, width));
    }
    features = Arrays.copyOf(features, rows * width);
    return needsNormalising() ? Pooling.normalised(features, width) : features;
  }

  private float[] floats(OnnxTensor output) {
    if (output.getInfo().type == OnnxJavaType.DOUBLE) {
      DoubleBuffer values = output.getDoubleBuffer();
      float[] all = new float[values.remaining()];
      for (int i = 0; i < all.length; i++) {
        all[i] = (float) values.get();
      }
      return all;
    }
    // Floats of 16 bits are widened.
    FloatBuffer values = output.getFloatBuffer();
    if (values == null) {
      throw new MmctException(
          "output %s of %s must be of floats but is of %s"
              .formatted(description.output(), file, ElementTypes.name(output.getInfo().type)));
    }
    float[] all = new float[values.remaining()];
    values.get(all);
    return all;
  }

  private float[] pooled(float[] all, HostTensor fed, long... shape) {
    int width = description.width();
    return switch (description.pool()) {
      case NONE -> all;
      case FIRST -> Pooling.at(all, tokens(fed, shape), width, new int[Math.toIntExact(shape[0])]);
      case LAST -> {
        int length = tokens(fed, shape);
        yield Pooling.at(all, length, width, Pooling.last(length, present(fed, shape)));
      }
      case MEAN -> Pooling.mean(all, tokens(fed, shape), width, present(fed, shape));
      case MAX -> Pooling.max(all, tokens(fed, shape), width, present(fed, shape));
      case END_OF_TEXT -> {
        int length = tokens(fed, shape);
        yield Pooling.at(all, length, width, inputs.endOfText(fed));
      }
    };
  }

  /// Which tokens of an output `[n, l, w]` are not padding, `[n, l]`; all where the model reads no
  /// ids.
  private boolean[] present(HostTensor fed, long... shape) {
    if (fed.type() == DataType.INT64) {
      return inputs.present(fed);
    }
    boolean[] present = new boolean[Math.toIntExact(shape[0] * shape[1])];
    Arrays.fill(present, true);
    return present;
  }

  /// The length of an output `[rows, length, width]`.
  private int tokens(HostTensor fed, long... shape) {
    if (shape.length != 3 || shape[2] != description.width()) {
      throw new MmctException(
          "pool needs an output [rows, length, %d], but %s of %s has the shape %s"
              .formatted(description.width(), description.output(), file, Arrays.toString(shape)));
    }
    boolean ofIds = fed.type() == DataType.INT64 && description.pool() != Pool.FIRST;
    if (ofIds && shape[1] != fed.shape().get(1)) {
      throw new MmctException(
          "pool needs a vector for each of the %d ids of a row, but %s of %s has the shape %s"
              .formatted(fed.shape().get(1), description.output(), file, Arrays.toString(shape)));
    }
    return Math.toIntExact(shape[1]);
  }

  private boolean needsNormalising() {
    return description.space().isPresent() && !description.normalised();
  }

  private MmctException failure(String what, OrtException e) {
    String reason =
        String.valueOf(e.getMessage())
            .lines()
            .findFirst()
            .orElse("")
            .replaceFirst("^Error code - \\w+ - message: ", "");
    return new MmctException("%s %s: %s".formatted(file, what, reason), e);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw failure("cannot be closed", e);
    }
  }
}
