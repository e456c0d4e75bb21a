package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import mmct.api.config.Settings;
import mmct.api.spi.Constant;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.LossParameter;
import mmct.api.spi.Needs;

/// Swapped assignments: which prototypes one view of a row is assigned to is predicted from
/// its other views.
///
/// Caron et al., "Unsupervised Learning of Visual Features by Contrasting Cluster Assignments",
/// 2020, the swapped prediction: `−Σ_k q_s⁽ᵏ⁾ log softmax(z_t Cᵀ/τ)⁽ᵏ⁾`, the mean over the
/// views s that are assigned and all other views t. The assignment q_s comes from [Sinkhorn]'s
/// iterations over the batch and carries no gradient. Views may be of one modality (several
/// crops) or of several.
///
/// Prototypes have length 1 at the start and after each step, as in the authors' code, so that they
/// turn as fast as theirs under any optimiser.
///
/// Deviations: prototypes are brought to length 1 where they are used as well, so that a step does
/// not lengthen them; no queue of features takes part in the assignment; all
/// crops of an image have the size that its modality gives them. For the first steps the
/// prototypes have no gradient, and the optimiser leaves them alone.
///
/// No row is a negative of another. Rows of one instance only take part in sharing out the
/// prototypes evenly, so nothing is left out of it.
///
/// @param options prototypes, temperature, views
public record SwAv(SwAvOptions options) implements Loss {
  private static final String PROTOTYPES = "prototypes";

  /// Checks the options.
  public SwAv {
    options = Settings.of(options).bind(SwAvOptions.class);
  }

  @Override
  public Needs needs() {
    return QueryViews.needs(options.views(), Integer.MAX_VALUE)
        .parameters(LossParameter.directions(PROTOTYPES, options.prototypes()));
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    QueryViews views = QueryViews.of(input);
    NDArray prototypes = prototypes(input); // [c, d]
    List<NDArray> scores =
        views.features().stream().map(view -> view.matMul(prototypes.transpose())).toList();
    NDList terms = new NDList();
    NDList counted = new NDList();
    for (int assigned : assigned(input.sides().size())) {
      NDArray codes = codes(scores.get(assigned), views.present().get(assigned)); // [n, c]
      for (int predicted = 0; predicted < views.count(); predicted++) {
        if (predicted != assigned) {
          NDArray both = views.present().get(assigned).mul(views.present().get(predicted));
          terms.add(crossEntropy(codes, scores.get(predicted)).mul(both)); // [n]
          counted.add(both);
        }
      }
    }
    NDArray count = NDArrays.stack(counted).sum(new int[] {0}); // [n]
    NDArray sum = NDArrays.stack(terms).sum(new int[] {0}); // [n]
    NDArray one = Constant.of(count, 1);
    NDArray mean = sum.div(count.maximum(one)); // [n]
    return LossOutput.of(QueryViews.amongThose(count.minimum(one), mean));
  }

  private NDArray prototypes(LossInput input) {
    NDArray trained = input.parameter(PROTOTYPES);
    NDArray raw = input.step() < options.freezeSteps() ? trained.stopGradient() : trained;
    return raw.div(Lengths.of(raw, 1e-12)); // [c, d]
  }

  /// The views that are assigned: the first ones of each modality.
  private List<Integer> assigned(int modalities) {
    List<Integer> assigned = new ArrayList<>();
    for (int modality = 0; modality < modalities; modality++) {
      for (int view = 0; view < Math.min(options.assigned(), options.views()); view++) {
        assigned.add(modality * options.views() + view);
      }
    }
    return assigned;
  }

  private NDArray codes(NDArray scores, NDArray present) {
    NDArray logits = scores.stopGradient().div(Constant.of(scores, options.sinkhornTemperature()));
    return Sinkhorn.assignments(logits, present, options.sinkhornIterations());
  }

  private NDArray crossEntropy(NDArray codes, NDArray scores) {
    NDArray logits = scores.div(Constant.of(scores, options.temperature()));
    return CrossEntropy.of(logits).towards(codes);
  }

  @Override
  public OptionalDouble chanceLevel(long candidates) {
    return OptionalDouble.of(Math.log(options.prototypes()));
  }
}
