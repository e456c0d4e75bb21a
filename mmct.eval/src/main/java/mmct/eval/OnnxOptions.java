package mmct.eval;

import mmct.api.config.Setting;
import mmct.eval.onnx.WeightType;

/// Options of the exporter `onnx`.
public record OnnxOptions(
    @Setting(
            value =
                "How weights are stored: float16 takes half the space and rounds them to 11"
                    + " significant bits.",
            byDefault = "float32")
        WeightType weights,
    @Setting(
            value =
                "The version of ONNX's operators that a file needs; runtimes that are older read an"
                    + " older one.",
            byDefault = "20",
            min = 17,
            max = 20)
        int opset) {}
