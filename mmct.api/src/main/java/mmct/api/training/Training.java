package mmct.api.training;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.engine.Devices;
import mmct.api.graph.Batch;
import mmct.api.graph.Objective.Moment;
import mmct.api.graph.TrainingGraph;
import mmct.api.run.Checkpoint;
import mmct.api.run.Checkpoints;
import mmct.api.run.RunFolder;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Evaluation;
import mmct.api.spi.Modality;
import mmct.api.training.Progress.StepRecord;
import mmct.api.training.data.BatchSource;
import mmct.api.training.data.BrokenCells;

/// A run: from a configuration to trained encoders in a run folder.
public final class Training implements AutoCloseable {
  private final Resolution resolution;
  private final RunConfig config;
  private final RunRequest request;
  private final Progress progress;
  private final DataSource source;
  private final Dataset samples;
  private final Map<String, Modality> modalities;
  private final TrainingGraph graph;
  private final Optimizer optimizer;
  private final Schedule schedule;
  private final List<String> report;
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean stopRequested;
}
