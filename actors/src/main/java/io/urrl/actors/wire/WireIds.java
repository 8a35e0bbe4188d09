package io.urrl.actors.wire;

import io.urrl.actors.objective.Companion;
import io.urrl.actors.objective.Objective;
import io.urrl.actors.objective.Views;
import io.urrl.actors.plan.MicroBatchId;
import io.urrl.actors.plan.RunPlan;
import io.urrl.actors.plan.SampleDraw;
import io.urrl.actors.protocol.AugmentCommand;
import io.urrl.actors.protocol.DataSet;
import io.urrl.actors.protocol.EvaluationCommand;
import io.urrl.actors.protocol.EvaluationJob;
import io.urrl.actors.protocol.GpuWorkerCommand;
import io.urrl.actors.protocol.Lease;
import io.urrl.actors.protocol.Result;
import io.urrl.actors.protocol.RunBrief;
import io.urrl.actors.protocol.RunEvent;
import io.urrl.actors.protocol.RunNews;
import io.urrl.actors.protocol.ShardCommand;
import io.urrl.actors.protocol.SupplyCommand;
import io.urrl.actors.protocol.TrainerCommand;
import io.urrl.actors.protocol.ViewTask;
import io.urrl.actors.stream.BroadcastAddress;
import io.urrl.actors.stream.Fence;
import io.urrl.actors.stream.StreamAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Number of every class that may travel. A number is never given to another class: new classes get
 * new numbers, those of removed ones stay empty.
 */
public final class WireIds {
  private static final Map<Class<?>, Integer> IDS = new LinkedHashMap<>();

  static {
    put(21, MicroBatchId.class);
    put(22, SampleDraw.class);
    put(23, RunPlan.class);
    put(24, StreamAddress.class);
    put(25, Lease.class);
    put(26, RunBrief.class);
    put(27, RunBrief.ViewBrief.class);
    put(28, RunBrief.EncoderBrief.class);
    put(29, ViewTask.class);
    put(30, ViewTask.Split.class);
    put(31, ViewTask.Item.class);
    put(40, GpuWorkerCommand.Enlist.class);
    put(43, GpuWorkerCommand.Subscribed.class);
    put(44, GpuWorkerCommand.Hold.class);
    put(50, TrainerCommand.Enlisted.class);
    put(52, Result.Waits.class);
    put(53, TrainerCommand.Returned.class);
    put(57, TrainerCommand.CheckpointWritten.class);
    put(58, TrainerCommand.CheckpointFailed.class);
    put(59, TrainerCommand.Recorded.class);
    put(60, TrainerCommand.RecordFailed.class);
    put(61, TrainerCommand.PictureBroken.class);
    put(62, TrainerCommand.Stop.class);
    put(63, Result.Backlog.class);
    put(64, TrainerCommand.TaskId.class);
    put(65, TrainerCommand.Damaged.class);
    put(66, Result.Digests.class);
    put(67, Result.Substitute.class);
    put(68, TrainerCommand.Refused.class);
    put(69, TrainerCommand.ViewsFailed.class);
    put(70, ShardCommand.Report.class);
    put(71, ShardCommand.BeginTerm.class);
    put(72, ShardCommand.Subscribe.class);
    put(73, ShardCommand.Apply.class);
    put(74, ShardCommand.WriteCheckpoint.class);
    put(80, SupplyCommand.Fetch.class);
    put(90, RunEvent.Started.class);
    put(91, RunEvent.StepClosed.class);
    put(93, RunEvent.CheckpointKept.class);
    put(94, RunEvent.Notice.class);
    put(95, RunEvent.Finished.class);
    put(96, RunEvent.Failed.class);
    put(97, RunEvent.Judged.class);
    put(100, Result.class);
    put(101, TrainerCommand.TermTaken.class);
    put(102, TrainerCommand.Standing.class);
    put(103, TrainerCommand.ShardFailed.class);
    put(104, TrainerCommand.Working.class);
    put(105, TrainerCommand.CheckpointDropped.class);
    put(106, TrainerCommand.RecordBegun.class);
    put(107, TrainerCommand.CheckpointNoted.class);
    put(108, TrainerCommand.Closed.class);
    put(110, EvaluationCommand.Evaluate.class);
    put(111, EvaluationCommand.Outcome.Measured.class);
    put(112, EvaluationCommand.Outcome.Failed.class);
    put(113, EvaluationJob.class);
    put(114, EvaluationJob.EvaluationData.class);
    put(115, EvaluationJob.FeatureSource.Checkpoint.class);
    put(117, EvaluationJob.FeatureSource.Untrained.class);
    put(118, EvaluationJob.FeatureSource.Pixels.class);
    put(119, EvaluationJob.Protocol.Linear.class);
    put(120, EvaluationJob.Protocol.NearestNeighbours.class);
    put(121, EvaluationCommand.Progress.class);
    put(122, RunEvent.Watch.class);
    put(123, RunNews.Bulletin.class);
    put(124, RunNews.Began.class);
    put(125, RunNews.Stepped.class);
    put(126, RunNews.Kept.class);
    put(127, RunNews.Outcome.Done.class);
    put(128, RunNews.Outcome.Broken.class);
    put(129, RunEvent.JudgeNoMore.class);
    put(130, Fence.class);
    put(131, Objective.class);
    put(132, Objective.Constant.class);
    put(133, Companion.Queue.class);
    put(134, Companion.Statistics.class);
    put(135, Companion.Encoder.class);
    put(136, Views.class);
    put(137, TrainerCommand.TermJoined.class);
    put(138, ShardCommand.OpenTerm.class);
    put(139, TrainerCommand.SliceWritten.class);
    put(150, BroadcastAddress.class);
    put(160, DataSet.class);
    put(161, TrainerCommand.DataRefused.class);
    put(162, AugmentCommand.TellLoad.class);
    put(163, RunEvent.AugmentLoad.class);
  }

  /** Number of every class, in the order of the numbers. */
  public static Map<Class<?>, Integer> table() {
    return Map.copyOf(IDS);
  }

  private static void put(int id, Class<?> type) {
    if (IDS.containsValue(id) || IDS.put(type, id) != null) {
      throw new IllegalStateException("number " + id + " or " + type + " is there twice");
    }
  }

  private WireIds() {}
}
