package dev.anneal.recipe;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads studies, as strictly as {@link RecipeReader} reads recipes. */
public final class StudyReader {
  private static final String SHARED = "recipe";
  private static final String MODELS = "models";
  private static final String JUDGE = "judge";
  private static final String FOLDER = "folder";
  private static final String NAME = "name";

  private final Node.Mapping shared;

  private StudyReader(Node.Mapping shared) {
    this.shared = shared;
  }

  /**
   * The study in a file; its relative paths are resolved against the file's folder.
   *
   * @throws MalformedRecipeException if it cannot be used
   * @throws IOException if it cannot be read
   */
  public static StudyRecipe read(Path file) throws IOException {
    Path folder = file.toAbsolutePath().resolveSibling("").normalize();
    return parse(RecipeReader.text(file), file.toString())
        .withPaths(path -> folder.resolve(path).normalize());
  }

  /**
   * The study in a text; its paths stay as they are written.
   *
   * @param where what the text is called in messages
   * @throws MalformedRecipeException if it cannot be used
   */
  public static StudyRecipe parse(String text, String where) throws MalformedRecipeException {
    try {
      return study(mapping(Yaml.parse(text), "the study"));
    } catch (Misread e) {
      throw new MalformedRecipeException(where, e.line(), e.getMessage(), e);
    }
  }

  /** What of a study is no model. */
  private record Frame(
      String name, @Default("[]") List<TextRecipe> texts, Optional<SweepRecipe> sweep) {}

  /** A model that exists. */
  private record Found(Path folder, @Default("[]") List<Choice> hyperschedules) {}

  private static StudyRecipe study(Node.Mapping root) {
    refuseUnknown(root);
    var left = new LinkedHashMap<>(root.entries());
    Optional<Node> shared = Optional.ofNullable(left.remove(SHARED));
    Node models = left.remove(MODELS);
    Optional<Node> judge = Optional.ofNullable(left.remove(JUDGE));
    Frame frame = Binding.bind(Frame.class, new Node.Mapping(left, root.line()), "");
    if (models == null) {
      throw new Misread(root.line(), "missing '" + MODELS + "'");
    }
    var reader =
        new StudyReader(
            shared
                .map(node -> mapping(node, SHARED))
                .orElseGet(() -> new Node.Mapping(Map.of(), root.line())));
    refuseName(reader.shared, SHARED);
    try {
      return new StudyRecipe(
          frame.name,
          reader.models(mapping(models, MODELS)),
          judge.map(node -> reader.model(JUDGE, mapping(node, JUDGE), JUDGE)),
          frame.texts,
          frame.sweep);
    } catch (IllegalSetting illegal) {
      throw new Misread(root.line(illegal.setting()), illegal.getMessage());
    }
  }

  private static void refuseUnknown(Node.Mapping root) {
    List<String> known = List.of(NAME, SHARED, MODELS, JUDGE, "texts", "sweep");
    for (String key : root.entries().keySet()) {
      if (!known.contains(key)) {
        throw new Misread(
            root.line(key), "unknown key '" + key + "'" + Spelling.suggestion(key, known));
      }
    }
  }

  private static Node.Mapping mapping(Node node, String path) {
    return switch (node) {
      case Node.Mapping given -> given;
      case Node.Nothing nothing -> new Node.Mapping(Map.of(), nothing.line());
      default -> throw Values.refusal(node, path, "keys and values");
    };
  }

  private List<StudyModel> models(Node.Mapping models) {
    var all = new ArrayList<StudyModel>();
    models
        .entries()
        .forEach(
            (name, own) -> {
              String path = MODELS + "." + name;
              all.add(model(name, mapping(own, path), path));
            });
    return all;
  }

  private StudyModel model(String name, Node.Mapping own, String path) {
    refuseName(own, path);
    return own.entries().containsKey(FOLDER) ? existing(name, own, path) : trained(name, own, path);
  }

  private StudyModel trained(String name, Node.Mapping own, String path) {
    var merged = new LinkedHashMap<String, Node>();
    merged.put(NAME, new Node.Scalar(name, name, own.line()));
    merged.putAll(shared.overlaid(own).entries());
    return new StudyModel.Trained(
        Binding.bind(Recipe.class, new Node.Mapping(merged, own.line()), path));
  }

  private static StudyModel existing(String name, Node.Mapping own, String path) {
    Found found = Binding.bind(Found.class, own, path);
    try {
      Recipe.requireName(name);
    } catch (IllegalSetting illegal) {
      throw new Misread(own.line(), path + "." + illegal.getMessage());
    }
    return new StudyModel.Existing(name, found.folder, found.hyperschedules);
  }

  private static void refuseName(Node.Mapping recipe, String path) {
    if (recipe.entries().containsKey(NAME)) {
      throw new Misread(
          recipe.line(NAME), path + " has a name: expected none, its key is the name of a model");
    }
  }
}
