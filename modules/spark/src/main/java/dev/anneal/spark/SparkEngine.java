package dev.anneal.spark;

import dev.anneal.cli.Engine;
import dev.anneal.cli.Task;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.util.List;
import java.util.Objects;
import org.apache.logging.log4j.core.config.Configurator;
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
    quieten();
    try (JavaSparkContext spark = context(master.isEmpty() ? LOCAL : master)) {
      spark.sc().addSparkListener(new Counting(done));
      spark.parallelize(tasks, tasks.size()).foreach(Task::run);
    } catch (Exception e) { // Scala declares none of what it throws
      throw cause(e);
    }
  }

  /** Unless the user has other settings for the log, it tells only of what goes wrong. */
  private static void quieten() {
    URL settings =
        Objects.requireNonNull(
            SparkEngine.class.getResource("/anneal-log4j2.properties"), "it is in this jar");
    if (System.getProperty("log4j2.configurationFile") == null) {
      Configurator.reconfigure(URI.create(settings.toString()));
    }
  }

  private static JavaSparkContext context(String master) {
    try {
      return new JavaSparkContext(settings(master));
    } catch (Exception e) { // Scala declares none of what it throws
      throw new IllegalArgumentException("--master %s: %s".formatted(master, e.getMessage()), e);
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
