package mmct.vision.detectron2;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import mmct.vision.ImageOptions;

/// The configuration files of the two recipes by which the paper judges a backbone on detection.
/// They follow those of MoCo's repository (VOC) and of VirTex's (COCO): all layers are trained,
/// with batch normalisation over the batches of all GPUs, its statistics estimated anew before a
/// test.
///
/// @param weights the name of the file of weights beside the configuration
/// @param options say how pictures were normalised
record Recipes(String weights, ImageOptions options) {
  /// Faster R-CNN, R50-C4, on VOC 07+12 for 24,000 iterations (Table 2). The heads with a
  /// normalisation after the last stage are registered by the training script of MoCo's repository.
  String voc() {
    return """
        # Faster R-CNN with a ResNet-50 C4 backbone: trained on VOC 2007 and 2012 trainval for
        # 24,000 iterations of 16 pictures, tested on VOC 2007 test.
        #
        # ROI_HEADS.NAME is registered by detection/train_net.py of MoCo's repository:
        #   python train_net.py --config-file THIS_FILE --num-gpus 8 MODEL.WEIGHTS FILE.pkl
        VERSION: 2
        MODEL:
          META_ARCHITECTURE: "GeneralizedRCNN"
          MASK_ON: False
        %s
          RESNETS:
            DEPTH: 50
            NORM: "SyncBN"
            STRIDE_IN_1X1: False
          RPN:
            PRE_NMS_TOPK_TEST: 6000
            POST_NMS_TOPK_TEST: 1000
          ROI_HEADS:
            NAME: "Res5ROIHeadsExtraNorm"
            NUM_CLASSES: 20
        INPUT:
          FORMAT: "RGB"
          MIN_SIZE_TRAIN: (480, 512, 544, 576, 608, 640, 672, 704, 736, 768, 800)
          MIN_SIZE_TEST: 800
        DATASETS:
          TRAIN: ("voc_2007_trainval", "voc_2012_trainval")
          TEST: ("voc_2007_test",)
        SOLVER:
          IMS_PER_BATCH: 16
          BASE_LR: 0.02
          WARMUP_ITERS: 100
          STEPS: (18000, 22000)
          MAX_ITER: 24000
        TEST:
          PRECISE_BN:
            ENABLED: True
        """
        .formatted(model());
  }

  /// Mask R-CNN, R50-FPN, on COCO 2017 by the schedule called 2x (Table 3).
  String coco() {
    return """
        # Mask R-CNN with a ResNet-50 FPN backbone: trained on COCO train2017 for 180,000 iterations
        # of 16 pictures (the schedule 2x), tested on val2017.
        #
        # It names only parts of Detectron2 itself:
        #   python train_net.py --config-file THIS_FILE --num-gpus 8 MODEL.WEIGHTS FILE.pkl
        VERSION: 2
        MODEL:
          META_ARCHITECTURE: "GeneralizedRCNN"
          MASK_ON: True
        %s
            NAME: "build_resnet_fpn_backbone"
          RESNETS:
            DEPTH: 50
            NORM: "SyncBN"
            STRIDE_IN_1X1: False
            OUT_FEATURES: ["res2", "res3", "res4", "res5"]
          FPN:
            NORM: "SyncBN"
            IN_FEATURES: ["res2", "res3", "res4", "res5"]
          ANCHOR_GENERATOR:
            SIZES: [[32], [64], [128], [256], [512]]
            ASPECT_RATIOS: [[0.5, 1.0, 2.0]]
          RPN:
            IN_FEATURES: ["p2", "p3", "p4", "p5", "p6"]
            PRE_NMS_TOPK_TRAIN: 2000
            PRE_NMS_TOPK_TEST: 1000
            POST_NMS_TOPK_TRAIN: 1000
            POST_NMS_TOPK_TEST: 1000
          ROI_HEADS:
            NAME: "StandardROIHeads"
            IN_FEATURES: ["p2", "p3", "p4", "p5"]
          ROI_BOX_HEAD:
            NAME: "FastRCNNConvFCHead"
            NUM_FC: 2
            POOLER_RESOLUTION: 7
          ROI_MASK_HEAD:
            NAME: "MaskRCNNConvUpsampleHead"
            NUM_CONV: 4
            POOLER_RESOLUTION: 14
        INPUT:
          FORMAT: "RGB"
          MIN_SIZE_TRAIN: (640, 672, 704, 736, 768, 800)
          MIN_SIZE_TEST: 800
        DATASETS:
          TRAIN: ("coco_2017_train",)
          TEST: ("coco_2017_val",)
        SOLVER:
          IMS_PER_BATCH: 16
          BASE_LR: 0.02
          STEPS: (120000, 160000)
          MAX_ITER: 180000
        TEST:
          PRECISE_BN:
            ENABLED: True
        """
        .formatted(model());
  }

  /// The lines that both share: where training starts, and the numbers by which the pictures of
  /// pre-training were normalised, in red, green, blue and of 255 instead of 1.
  private String model() {
    return """
          WEIGHTS: "%s"
          PIXEL_MEAN: %s
          PIXEL_STD: %s
          BACKBONE:
            FREEZE_AT: 0"""
        .formatted(weights, of255(options.mean()), of255(options.std()))
        .indent(2)
        .stripTrailing();
  }

  private static String of255(List<Double> shares) {
    return shares.stream()
        .map(share -> String.format(Locale.ROOT, "%.3f", 255 * share))
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
