package dev.anneal.noise;

import dev.anneal.recipe.Default;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The members of the family, found by its {@code permits}: for tests that try every process. */
public final class Processes {

  private Processes() {}

  /** One of each kind: its settings are their defaults, else 0.3. */
  public static List<NoiseProcess> each() {
    var each = new ArrayList<NoiseProcess>();
    for (Class<?> kind : NoiseProcess.class.getPermittedSubclasses()) {
      double[] settings =
          Arrays.stream(kind.getRecordComponents()).mapToDouble(Processes::usual).toArray();
      each.add(member(kind, settings).orElseThrow());
    }
    return each;
  }

  private static double usual(RecordComponent setting) {
    Default usual = setting.getAnnotation(Default.class);
    return usual == null ? 0.3 : Double.parseDouble(usual.value());
  }

  /** Each kind at all combinations of some values, but those that it refuses. */
  static List<NoiseProcess> all() {
    var all = new ArrayList<NoiseProcess>();
    for (Class<?> kind : NoiseProcess.class.getPermittedSubclasses()) {
      addAll(all, kind, new double[kind.getRecordComponents().length], 0);
    }
    return all;
  }

  private static void addAll(List<NoiseProcess> all, Class<?> kind, double[] settings, int next) {
    if (next == settings.length) {
      member(kind, settings).ifPresent(all::add);
      return;
    }
    for (double value : new double[] {0, 0.01, 0.3, 1, 2}) {
      settings[next] = value;
      addAll(all, kind, settings, next + 1);
    }
  }

  /** A member all of whose settings are numbers; nothing if it refuses them. */
  private static Optional<NoiseProcess> member(Class<?> kind, double[] settings) {
    Class<?>[] types = new Class<?>[settings.length];
    Arrays.fill(types, double.class);
    Object[] values = Arrays.stream(settings).boxed().toArray();
    try {
      Constructor<?> constructor = kind.getDeclaredConstructor(types);
      return Optional.of((NoiseProcess) constructor.newInstance(values));
    } catch (InvocationTargetException refused) {
      return Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a process is a record of numbers: " + kind, e);
    }
  }
}
