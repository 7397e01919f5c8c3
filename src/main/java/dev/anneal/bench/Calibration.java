package dev.anneal.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Whether a core is worth a core now: products of two fixed matrices in plain Java, by one thread
 * and by as many as there are processors. On an idle machine the ratio is their number.
 */
record Calibration() implements Part {
  private static final int SIZE = 192;
  private static final int PRODUCTS = 60;

  @Override
  public String name() {
    return "calibration";
  }

  @Override
  public void measure(Program program, Readings readings) throws IOException, InterruptedException {
    int processors = Runtime.getRuntime().availableProcessors();
    var contest =
        Contest.open("calibration, %d threads".formatted(processors), "products/s", "one thread");
    perSecond(1); // the Java machine compiles the product
    double all = perSecond(processors);
    readings.put(contest, all, perSecond(1));
  }

  private static double perSecond(int count) throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (var threads = Executors.newFixedThreadPool(count)) {
      var running = new ArrayList<Future<Double>>();
      for (int i = 0; i < count; i++) {
        running.add(threads.submit(Calibration::work));
      }
      for (Future<Double> each : running) {
        if (Double.isNaN(each.get())) {
          throw new IOException("the calibration's product is not a number");
        }
      }
    } catch (ExecutionException e) {
      throw new IOException("the calibration failed: " + e.getCause(), e);
    }
    return count * PRODUCTS / ((System.nanoTime() - start) / 1e9);
  }

  /** The products, and a number that depends on all of them, so that none is left out. */
  private static double work() {
    var first = new float[SIZE * SIZE];
    var second = new float[SIZE * SIZE];
    for (int i = 0; i < first.length; i++) {
      first[i] = i % 7;
      second[i] = i % 11;
    }
    double sum = 0;
    for (int product = 0; product < PRODUCTS; product++) {
      var result = new float[SIZE * SIZE];
      for (int row = 0; row < SIZE; row++) {
        for (int inner = 0; inner < SIZE; inner++) {
          float factor = first[row * SIZE + inner];
          for (int column = 0; column < SIZE; column++) {
            result[row * SIZE + column] += factor * second[inner * SIZE + column];
          }
        }
      }
      sum += result[product];
    }
    return sum;
  }
}
