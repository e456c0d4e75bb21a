package mmct.api.training;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.config.Setting;
import mmct.api.config.Settings;
import mmct.api.engine.Precision;
import mmct.api.graph.SpaceConfig;

/// The configuration of a run: the typed form of its YAML.
public record RunConfig(
    @Setting("What a run is of, each under a name of its own.") Map<String, Settings> modalities,
    @Setting(
            value = "Sets of projection heads, one head for each modality that uses the space.",
            fixed = true)
        Map<String, SpaceConfig> spaces,
    @Setting("What is optimised: the weighted sum of these.") Map<String, Settings> objectives,
    @Setting(
            value = "Rows of every queue, unless its space says otherwise; 0 keeps none.",
            byDefault = "65536",
            min = 0,
            fixed = true)
        int queue,
    @Setting(
            value = "What a queue holds before its first row is enqueued.",
            byDefault = "empty",
            fixed = true)
        QueueStart queueStart,
    @Setting(
            value =
                "Whether rows of the query's own instance, in the queue and in the batch, are left"
                    + " out.",
            byDefault = "true")
        boolean maskSameInstance,
    @Setting(
            value = "Share m of the old value in a momentum encoder's update.",
            byDefault = "0.999",
            min = 0,
            max = 1)
        double momentum,
    @Setting(value = "Whether dropout is active in the momentum encoders.", byDefault = "false")
        boolean keyDropout,
    @Setting(value = "Samples per step.", byDefault = "256", min = 2) int batch,
    @Setting(
            value =
                "Parts into which a batch is divided so that it fits the memory; the gradient is"
                    + " that of the whole batch, unless rows of a part meet in a batch"
                    + " normalisation or within a loss.",
            byDefault = "1",
            min = 1)
        int accumulate,
    @Setting(
            value =
                "What the encoders compute in during training: float32, bf16, fp16 (on a GPU), or auto"
                    + " for bf16 where the device computes in it and float32 elsewhere. Weights,"
                    + " losses and queues are float32 in any case.",
            byDefault = "float32")
        Precision precision,
    @Setting(
            value =
                "Whether encoders keep what they compute for the backward pass (normal), or keep"
                    + " little of it and compute the rest again (low), which takes about a third"
                    + " longer.",
            byDefault = "normal")
        Memory memory,
    @Setting(value = "Passes over the training split.", byDefault = "100", min = 1) int epochs,
    @Setting(value = "Stops after this many steps, whatever the epochs say.", min = 0)
        Optional<Long> steps,
    @Setting(value = "Whether the last, smaller batch of an epoch is left out.", byDefault = "true")
        boolean dropLast,
    @Setting(
            value =
                "Steps in a row without a row for an objective after which a run stops, or more"
                    + " where the data tells that chance leaves out as many; 0 lets it go on.",
            byDefault = "100",
            min = 0)
        int maxEmptySteps,
    @Setting(value = "Seed of everything random in the run.", byDefault = "1", fixed = true)
        long seed,
    @Setting("How weights are updated.") OptimizerConfig optimizer,
    @Setting("How the learning rate goes over the steps.") ScheduleConfig schedule,
    @Setting("Where the samples come from.") DataConfig data,
    @Setting("What is kept, and how often.") CheckpointConfig checkpoints,
    @Setting("When the encoders are judged during training, and on what.")
        EvaluationConfig evaluate,
    @Setting(value = "Steps between two lines of metrics.jsonl.", byDefault = "10", min = 1)
        int logEvery,
    @Setting(
            value =
                "Exporter that writes the encoders into the run folder when the run has finished;"
                    + " none writes nothing.",
            byDefault = "onnx")
        String export) {

  /// What is done about the memory that a backward pass takes.
  public enum Memory {
    /// Encoders keep what they compute.
    NORMAL,
    /// Encoders keep what stands between their stages, and compute the rest again.
    LOW
  }

  /// What a queue holds at the start.
  public enum QueueStart {
    /// Nothing: only filled rows take part.
    EMPTY,
    /// Random unit rows, as MoCo's code does.
    RANDOM
  }

  /// The optimiser.
  public record OptimizerConfig(
      @Setting(value = "The rule.", byDefault = "sgd", fixed = true) Rule type,
      @Setting(
              value = "Learning rate of every modality that names none.",
              byDefault = "0.03",
              min = 0)
          double lr,
      @Setting(
              value = "Momentum of SGD and LARS.",
              byDefault = "0.9",
              min = 0,
              below = 1,
              appliesTo = {"sgd", "lars"})
          double momentum,
      @Setting(
              value = "The two decay rates of AdamW.",
              byDefault = "[0.9, 0.999]",
              min = 0,
              below = 1,
              appliesTo = "adamw")
          List<Double> betas,
      @Setting(
              value = "The constant in AdamW's denominator.",
              byDefault = "1e-8",
              min = 1e-16,
              appliesTo = "adamw")
          double epsilon,
      @Setting(value = "Weight decay.", byDefault = "1e-4", min = 0) double weightDecay,
      @Setting(
              value =
                  "Whether biases and the weights of normalisations are decayed too; learned"
                      + " temperatures, scales and biases of objectives never are.",
              byDefault = "true")
          boolean decayBiasAndNorm,
      @Setting(
              value = "Trust coefficient of LARS.",
              byDefault = "0.001",
              above = 0,
              appliesTo = "lars")
          double trust,
      @Setting(
              value = "Largest global norm of the gradient; larger ones are scaled down to it.",
              above = 0)
          Optional<Double> clipNorm) {
    /// Two betas make a pair.
    public OptimizerConfig {
      if (betas.size() != 2) {
        throw new IllegalArgumentException("betas must be two numbers but were " + betas);
      }
    }
  }

  /// An optimiser's rule.
  public enum Rule {
    /// Stochastic gradient descent with momentum, by PyTorch's rule.
    SGD,
    /// Adam with decoupled weight decay.
    ADAMW,
    /// Layer-wise adaptive rate scaling.
    LARS
  }

  /// The schedule of the learning rate.
  public record ScheduleConfig(
      @Setting(value = "The curve.", byDefault = "cosine") Curve type,
      @Setting(
              value = "Steps over which the rate rises linearly from near zero.",
              byDefault = "0",
              min = 0)
          long warmupSteps,
      @Setting(
              value = "Epochs after which the step schedule multiplies the rate by gamma.",
              appliesTo = "step")
          List<Integer> milestones,
      @Setting(
              value = "The factor of the step schedule.",
              byDefault = "0.1",
              above = 0,
              appliesTo = "step")
          double gamma,
      @Setting(
              value = "Whether the cosine is evaluated per step or per epoch.",
              byDefault = "step",
              appliesTo = "cosine")
          Per per) {}

  /// A schedule's curve.
  public enum Curve {
    /// The rate stays.
    CONSTANT,
    /// Half a cosine from the rate to zero.
    COSINE,
    /// The rate falls at milestones.
    STEP
  }

  /// How often a schedule moves.
  public enum Per {
    /// At every optimiser step.
    STEP,
    /// At the start of every epoch.
    EPOCH
  }

  /// The data.
  public record DataConfig(
      @Setting("Dataset provider; found by looking at the path where it is not named.")
          Optional<String> type,
      @Setting("File or folder.") Optional<Path> path,
      @Setting(value = "Split to train on.", byDefault = "train", fixed = true) String train,
      @Setting(
              value = "Worker threads that draw views; 0 is one per core.",
              byDefault = "0",
              min = 0)
          int workers,
      @Setting(value = "Batches that are drawn ahead of the step.", byDefault = "4", min = 1)
          int ahead,
      @Setting(
              value = "Largest share of the training samples that may be broken.",
              byDefault = "0.01",
              min = 0,
              max = 1)
          double maxBroken,
      @Setting(value = "Options of the dataset provider.", fixed = true) Settings options) {}

  /// Checkpoints.
  public record CheckpointConfig(
      @Setting(
              value = "Steps between two checkpoints; 0 writes one at the end of every epoch.",
              byDefault = "0",
              min = 0)
          long everySteps,
      @Setting(value = "How many of the newest are kept.", byDefault = "2", min = 1) int keep,
      @Setting(
              "Figure of an evaluation by which the best is kept, as EVALUATION.FIGURE; the larger the better.")
          Optional<String> best) {}

  /// Evaluations during training.
  public record EvaluationConfig(
      @Setting(
              value = "Epochs between two evaluations; 0 evaluates only at the end.",
              byDefault = "1",
              min = 0)
          int everyEpochs,
      @Setting(value = "Split to evaluate on.", byDefault = "val") String split,
      @Setting("Evaluations by name; each names its evaluator as type.")
          Map<String, Settings> run) {}
}
