package dev.crossfade.runners.flink;

import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.JobListener;

/**
 * Gets hold of the job that Beam's runner submits and keeps to itself. Flink makes the listener,
 * from its name in the configuration, and tells it on the thread that submits the job.
 */
public final class SubmittedJob implements JobListener {
  private static final ThreadLocal<CompletableFuture<JobClient>> AWAITED = new ThreadLocal<>();

  /** The job that this thread will submit next. */
  static CompletableFuture<JobClient> ofThisThread() {
    CompletableFuture<JobClient> job = new CompletableFuture<>();
    AWAITED.set(job);
    return job;
  }

  @Override
  public void onJobSubmitted(JobClient job, Throwable failure) {
    CompletableFuture<JobClient> awaited = AWAITED.get();
    if (awaited == null) {
      return;
    }
    AWAITED.remove();
    if (job == null) {
      awaited.completeExceptionally(failure);
    } else {
      awaited.complete(job);
    }
  }

  @Override
  public void onJobExecuted(JobExecutionResult result, Throwable failure) {
    // Beam's runner tells the outcome.
  }
}
