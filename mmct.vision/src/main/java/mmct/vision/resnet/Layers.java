package mmct.vision.resnet;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.XavierInitializer;

/// The two layers that residual networks are made of, with torchvision's settings.
final class Layers {
  private Layers() {}

  /// A convolution without bias, weights normal with variance 2 / fan-out (He et al., "Delving Deep
  /// into Rectifiers", 2015). Padding keeps the size at stride 1.
  static Conv2d convolution(int filters, int kernel, int stride) {
    int padding = kernel / 2;
    Conv2d convolution =
        Conv2d.builder()
            .setFilters(filters)
            .setKernelShape(new Shape(kernel, kernel))
            .optStride(new Shape(stride, stride))
            .optPadding(new Shape(padding, padding))
            .optBias(false)
            .build();
    convolution.setInitializer(
        new XavierInitializer(
            XavierInitializer.RandomType.GAUSSIAN, XavierInitializer.FactorType.OUT, 2),
        Parameter.Type.WEIGHT);
    return convolution;
  }

  /// A batch normalisation; the library's momentum is the share that is kept, one minus PyTorch's.
  static BatchNorm norm(boolean startsAtZero) {
    BatchNorm norm = BatchNorm.builder().optEpsilon(1e-5f).optMomentum(0.9f).build();
    if (startsAtZero) {
      norm.setInitializer(Initializer.ZEROS, Parameter.Type.GAMMA);
    }
    return norm;
  }
}
