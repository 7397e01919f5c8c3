package dev.anneal.spark;

import dev.anneal.cli.Engine;
import dev.anneal.cli.Task;
import java.io.IOException;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * {@code --engine spark}: a part of a job is a task of Spark's. The executors need the same files
 * as this process; each opens the job, and with it the model, once.
 *
 * <p>Settings are Spark's own, as system properties: {@code
 * ANNEAL_JAVA_OPTS=-Dspark.executor.memory=8g}.
 */
public final class SparkEngine implements Engine {
  private static final String LOCAL = "local[2]";
  private static final String HOME = "anneal.home";
  private static final String LOG_SETTINGS = "log4j2.configurationFile";

  /** Found as a service. */
  public SparkEngine() {}

  @Override
  public String name() {
    return "spark";
  }

  @Override
  public void run(List<Task> tasks, String master, Runnable done) throws IOException {
    if (tasks.isEmpty()) {
      return;
    }
    if (System.getProperty(LOG_SETTINGS) == null) {
      System.setProperty(LOG_SETTINGS, "anneal-log4j2.properties");
    }
    try (var spark = new JavaSparkContext(settings(master.isEmpty() ? LOCAL : master))) {
      spark.sc().addSparkListener(new Counting(done));
      spark.parallelize(tasks, tasks.size()).foreach(Task::run);
    } catch (Exception e) {
      throw cause(e);
    }
  }

  private static SparkConf settings(String master) {
    SparkConf settings =
        new SparkConf()
            .setAppName("anneal")
            .setMaster(master)
            .setIfMissing("spark.ui.enabled", "false");
    if (master.startsWith("local")) {
      settings.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      settings.setIfMissing("spark.driver.host", "127.0.0.1");
    } else {
      settings.setIfMissing("spark.jars", ProgramJars.list());
      settings.setIfMissing("spark.executor.extraJavaOptions", executorOptions());
    }
    return settings;
  }

  /** As the launcher has them; executors find the bundled model where this process does. */
  private static String executorOptions() {
    return "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
        + " \"-D%s=%s\"".formatted(HOME, System.getProperty(HOME, "."));
  }

  /** What a task threw, as it would be thrown here. */
  private static RuntimeException cause(Exception thrown) throws IOException {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException unreadable) {
        throw unreadable;
      }
      if (cause instanceof IllegalArgumentException wrong) {
        return wrong;
      }
    }
    return new IllegalStateException("spark: " + thrown.getMessage(), thrown);
  }

  /** Counts tasks that have succeeded. */
  private static final class Counting extends SparkListener {
    private final Runnable done;

    Counting(Runnable done) {
      this.done = done;
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      if (end.taskInfo().successful()) {
        done.run();
      }
    }
  }
}
