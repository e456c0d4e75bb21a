package mmct.eval.embed;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mmct.api.data.Cell;
import mmct.api.data.Dataset;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.eval.encode.TinyEncoders;

/// An encoder of texts that knows no number for one word.
public final class NotANumber {
  private static final String VOCABULARY =
      "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\ndog\ncat\nruns\n##s\n";

  private NotANumber() {}

  /// Writes it: the vector of the last token, `##s`, is NaN. As any program that changes a file
  /// must, it takes the digest away.
  public static Path encoder(Path file) throws IOException {
    Path whole =
        TinyEncoders.export(
                "text",
                "{maxLength: 12, encoder: {type: transformer, width: 16, heads: 2}}",
                Map.of("vocabulary.txt", VOCABULARY),
                Files.createDirectories(file.resolveSibling("whole")))
            .file();
    OnnxMl.ModelProto.Builder model =
        OnnxMl.ModelProto.parseFrom(Files.readAllBytes(whole)).toBuilder();
    OnnxMl.GraphProto.Builder graph = model.getGraphBuilder();
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      OnnxMl.TensorProto.Builder tensor = graph.getInitializerBuilder(i);
      if (tensor.getDimsList().equals(List.of(10L, 16L))) {
        ByteBuffer bytes =
            ByteBuffer.wrap(tensor.getRawData().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putFloat(9 * 16 * Float.BYTES, Float.NaN);
        tensor.setRawData(ByteString.copyFrom(bytes.array()));
      }
    }
    List<OnnxMl.StringStringEntryProto> kept = new ArrayList<>(model.getMetadataPropsList());
    kept.removeIf(entry -> Set.of("sealed", "sha256").contains(entry.getKey()));
    model.clearMetadataProps().addAllMetadataProps(kept);
    return Files.write(file, model.build().toByteArray());
  }

  /// Samples of one text each, some of which have that word.
  public static Dataset samples(int count, Integer... broken) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String text = Set.of(broken).contains(i) ? "a dogs" : "a dog";
      samples.add(new Sample("s" + i, Map.of("text", new Cell.Strings(List.of(text)))));
    }
    return new InMemoryDataset(samples);
  }
}
