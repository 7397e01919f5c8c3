package dev.anneal.recipe;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The members of a sealed interface by the names that recipes give them: a member is a record, its
 * name the type's in kebab-case, its settings the record's components in snake_case. So {@code
 * record EpsilonHybrid(double epsilon)} is {@code {name: epsilon-hybrid, epsilon: 0.01}}.
 *
 * @param <T> the sealed interface
 */
public final class Family<T> {

  private final String kind;
  private final SequencedMap<String, Class<? extends Record>> members = new LinkedHashMap<>();

  private Family(Class<T> sealed, String suffix) {
    this.kind = Spelling.words(sealed.getSimpleName());
    collect(sealed, suffix);
  }

  /** The family of a sealed interface whose members are records. */
  public static <T> Family<T> of(Class<T> sealed) {
    return new Family<>(sealed, "");
  }

  /**
   * A family whose members' names leave a common ending out: without {@code Annealing}, {@code
   * BlockAnnealing} is block.
   */
  public static <T> Family<T> of(Class<T> sealed, String suffix) {
    return new Family<>(sealed, suffix);
  }

  private void collect(Class<?> type, String suffix) {
    if (type.isRecord()) {
      members.put(name(type, suffix), type.asSubclass(Record.class));
    } else if (type.isSealed()) {
      for (Class<?> member : type.getPermittedSubclasses()) {
        collect(member, suffix);
      }
    } else {
      throw new IllegalArgumentException(type + " is neither a record nor sealed");
    }
  }

  private static String name(Class<?> member, String suffix) {
    String simple = member.getSimpleName();
    boolean ends = simple.endsWith(suffix) && simple.length() > suffix.length();
    return Spelling.kebab(ends ? simple.substring(0, simple.length() - suffix.length()) : simple);
  }

  /** The members' names in the order of the {@code permits} clause. */
  public Set<String> names() {
    return java.util.Collections.unmodifiableSet(members.sequencedKeySet());
  }

  /**
   * The member that a choice describes.
   *
   * @throws IllegalArgumentException if the name is unknown, or a setting is missing, unknown, of
   *     another type, or refused by the member
   */
  @SuppressWarnings("unchecked") // the members of a sealed T are T
  public T create(Choice choice) {
    Class<? extends Record> member = members.get(choice.name());
    if (member == null) {
      throw new IllegalArgumentException(
          "unknown "
              + kind
              + " '"
              + choice.name()
              + "'"
              + Spelling.suggestion(choice.name(), members.keySet()));
    }
    return (T) Binding.bind(member, Node.of(choice.settings()), choice.name());
  }

  /** The choice that {@link #create} makes an equal member of. */
  public Choice describe(T member) {
    for (Map.Entry<String, Class<? extends Record>> each : members.entrySet()) {
      if (each.getValue().isInstance(member)) {
        return new Choice(each.getKey(), Binding.unbind((Record) member));
      }
    }
    throw new AssertionError(member.getClass() + " is no " + kind);
  }
}
