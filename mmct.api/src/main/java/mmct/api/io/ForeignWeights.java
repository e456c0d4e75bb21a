package mmct.api.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// Recognises files that hold weights in other formats, and tells how they become safetensors.
final class ForeignWeights {
  private static final int LONGEST_START = 64;

  private ForeignWeights() {}

  /// What a file is and the lines of Python that convert it, as the rest of a sentence; empty where
  /// it is nothing that is known.
  static Optional<String> describe(FileChannel channel, Object file) throws IOException {
    String name = String.valueOf(Path.of(file.toString()).getFileName());
    String start = start(channel);
    String ending = name.toLowerCase(Locale.ROOT);
    if (start.startsWith("PK\u0003\u0004")) {
      return Optional.of(ending.endsWith(".npz") ? numpy(name) : pyTorch(name));
    }
    // Pickles of the protocols 2 to 5.
    if (start.length() > 1
        && start.charAt(0) == 0x80
        && start.charAt(1) >= 2
        && start.charAt(1) <= 5) {
      return Optional.of(pyTorch(name));
    }
    if (start.startsWith("\u0089HDF")) {
      return Optional.of(
          "it is an HDF5 file of Keras, whose names and axes are others; load the model with the"
              + " library that made it and save what PyTorch would name so");
    }
    if (ending.endsWith(".onnx")) {
      return Optional.of(onnx(name));
    }
    if (start.startsWith("GGUF")) {
      return Optional.of("it is a GGUF file; take the model's own model.safetensors");
    }
    if (start.startsWith("version https://git-lfs")) {
      return Optional.of(
          "it is Git LFS's pointer to the file; git lfs pull fetches the file itself");
    }
    if (start.stripLeading().startsWith("<")) {
      return Optional.of("it is a page of the web, not the file that it offers");
    }
    if (ending.matches(".*\\.ckpt(\\.(index|meta|data-.*))?")) {
      return Optional.of(
          "it is a checkpoint of TensorFlow; load it with transformers (from_tf=True) and write it"
              + " with save_pretrained");
    }
    return Optional.empty();
  }

  private static String start(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LONGEST_START);
    int count = Math.max(0, channel.read(bytes, 0));
    return new String(bytes.array(), 0, count, StandardCharsets.ISO_8859_1);
  }

  private static String pyTorch(String name) {
    return ("it is a pickle of PyTorch's, which may run code and is not read; two lines of Python"
            + " convert it: import torch, safetensors.torch; safetensors.torch.save_file({k:"
            + " v.contiguous() for k, v in torch.load(%s, map_location=\"cpu\","
            + " weights_only=True).items()}, %s) (with [\"state_dict\"] behind torch.load(...) where"
            + " the weights are inside of that)")
        .formatted(quoted(name), quoted(renamed(name)));
  }

  private static String numpy(String name) {
    return ("it is an archive of NumPy's; two lines of Python convert it: import numpy,"
            + " safetensors.numpy; safetensors.numpy.save_file(dict(numpy.load(%s)), %s)")
        .formatted(quoted(name), quoted(renamed(name)));
  }

  private static String onnx(String name) {
    return ("it is an ONNX file; two lines of Python take its weights: import onnx,"
            + " onnx.numpy_helper, safetensors.numpy; safetensors.numpy.save_file({t.name:"
            + " onnx.numpy_helper.to_array(t).copy() for t in onnx.load(%s).graph.initializer}, %s)")
        .formatted(quoted(name), quoted(renamed(name)));
  }

  private static String renamed(String name) {
    int dot = name.lastIndexOf('.');
    return (dot > 0 ? name.substring(0, dot) : name) + ".safetensors";
  }

  /// A text as Python reads it.
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
