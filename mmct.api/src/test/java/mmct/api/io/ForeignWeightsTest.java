package mmct.api.io;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import mmct.api.MmctException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignWeightsTest {
  @TempDir private Path folder;

  private Path file(String name, String start) throws IOException {
    return Files.write(
        folder.resolve(name), (start + "x".repeat(80)).getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void aPickleIsRefusedWithTheLinesThatConvertIt() throws IOException {
    Path file = file("resnet50.pth", "PK\u0003\u0004");

    assertThatThrownBy(() -> SafeTensors.open(file))
        .isInstanceOf(MmctException.class)
        .hasMessage(
            "%s is not a safetensors file: it is a pickle of PyTorch's, which may run code and is not"
                + " read; two lines of Python convert it: import torch, safetensors.torch;"
                + " safetensors.torch.save_file({k: v.contiguous() for k, v in"
                + " torch.load(\"resnet50.pth\", map_location=\"cpu\", weights_only=True).items()},"
                + " \"resnet50.safetensors\") (with [\"state_dict\"] behind torch.load(...) where the"
                + " weights are inside of that)",
            file);
  }

  @ParameterizedTest
  @CsvSource({
    "pytorch_model.bin, 128 2, pickle of PyTorch",
    "model.pt, 80 75 3 4, pickle of PyTorch",
    "epoch=3.ckpt, 80 75 3 4, pickle of PyTorch",
    "bert.ckpt.index, 0 0, checkpoint of TensorFlow",
    "bert.ckpt.data-00000-of-00001, 0 0, checkpoint of TensorFlow",
    "weights.npz, 80 75 3 4, archive of NumPy",
    "model.h5, 137 72 68 70, HDF5 file of Keras",
    "model.onnx, 8 9, is an ONNX file; two lines of Python",
    "model.gguf, 71 71 85 70, GGUF",
    "a.safetensors, 60 104 116 109 108 62, a page of the web",
    "noise.dat, 1 2 3, its header"
  })
  void otherFormatsAreNamed(String name, String bytes, String words) throws IOException {
    StringBuilder start = new StringBuilder();
    for (String value : bytes.split(" ")) {
      start.append((char) Integer.parseInt(value));
    }
    Path file = file(name, start.toString());

    assertThatThrownBy(() -> SafeTensors.open(file))
        .isInstanceOf(MmctException.class)
        .hasMessageStartingWith(file + " is not a safetensors file: ")
        .hasMessageContaining(words);
  }

  @Test
  void aPointerOfGitLfsIsTold() throws IOException {
    Path file = file("model.safetensors", "version https://git-lfs.github.com/spec/v1\n");

    assertThatThrownBy(() -> SafeTensors.open(file)).hasMessageContaining("git lfs pull");
  }
}
