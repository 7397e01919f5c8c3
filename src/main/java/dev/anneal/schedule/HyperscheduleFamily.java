package dev.anneal.schedule;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The permitted members of {@link Hyperschedule}, found, built and described by name. */
final class HyperscheduleFamily {

  private static final Map<String, Class<?>> MEMBERS = members();

  private HyperscheduleFamily() {}

  private static Map<String, Class<?>> members() {
    var members = new LinkedHashMap<String, Class<?>>();
    for (Class<?> member : Hyperschedule.class.getPermittedSubclasses()) {
      members.put(name(member), member);
    }
    return members;
  }

  /** The simple name in kebab-case, without the word Annealing. */
  static String name(Class<?> member) {
    String noun = member.getSimpleName().replaceFirst("Annealing$", "");
    return noun.replaceAll("(?<=.)(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  /** All names, in the order of the {@code permits} clause. */
  static List<String> names() {
    return List.copyOf(MEMBERS.keySet());
  }

  /** Refuses a name that no member has, naming those that exist. */
  static void checkKnown(String name) {
    member(name);
  }

  /** The names of the components of the named member. */
  static List<String> settings(String name) {
    return Arrays.stream(components(name)).map(RecordComponent::getName).toList();
  }

  /** Whether the named member has a component of that name. */
  static boolean takes(String name, String component) {
    return settings(name).contains(component);
  }

  /** Builds the named member; only the components it has are taken from width and levels. */
  static Hyperschedule create(String name, int width, int levels) {
    RecordComponent[] components = components(name);
    var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    var values =
        Arrays.stream(components)
            .map(
                component ->
                    switch (component.getName()) {
                      case "width" -> width;
                      case "levels" -> levels;
                      default -> throw new AssertionError(name + " has the unknown " + component);
                    })
            .toArray();
    try {
      return (Hyperschedule) member(name).getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException refused) {
      if (refused.getCause() instanceof IllegalArgumentException mistake) {
        throw mistake;
      }
      throw new AssertionError("the constructor of " + name + " failed", refused);
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("a record has a canonical constructor: " + name, impossible);
    }
  }

  /** The name and every component with its value, such as {@code block, width 4, levels 8}. */
  static String describe(Hyperschedule hyperschedule) {
    var words = new StringBuilder(hyperschedule.name());
    for (RecordComponent component : components(hyperschedule.name())) {
      words.append(", ").append(component.getName()).append(' ');
      words.append(value(component, hyperschedule));
    }
    return words.toString();
  }

  private static Object value(RecordComponent component, Hyperschedule hyperschedule) {
    try {
      return component.getAccessor().invoke(hyperschedule);
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("a record has public accessors: " + component, impossible);
    }
  }

  private static RecordComponent[] components(String name) {
    return member(name).getRecordComponents();
  }

  private static Class<?> member(String name) {
    Class<?> member = MEMBERS.get(name);
    if (member == null) {
      throw new IllegalArgumentException(
          "unknown hyperschedule '%s': expected one of %s"
              .formatted(name, String.join(", ", names())));
    }
    return member;
  }
}
