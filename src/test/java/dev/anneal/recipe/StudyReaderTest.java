package dev.anneal.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StudyReaderTest {
  private static final String STUDY =
      """
      name: both
      recipe:
        data: {train: [a.txt]}
        model: {layers: 2, heads: 2, channels: 8, length: 16}
        noise: {name: epsilon-hybrid, epsilon: 0.01}
        hyperschedules: [flat, quenched]
        training: {steps: 10, batch: 4, learning_rate: 1e-3}
      models:
        first: {}
        second:
          model: {layers: 3, network: gpt}
          noise: {epsilon: 0.5}
          hyperschedules: [{name: block, width: 4}]
        third: {noise: absorb, training: {steps: 20}}
        earlier: {folder: ../old/model, hyperschedules: [flat]}
      judge: {data: {train: [b.txt]}, noise: {name: gidd, share: 0.2}}
      texts:
        - {name: b, files: [b.txt], sequences: 8, estimates: [exact, masked]}
      sweep:
        samples: 20
        length: 16
        reference: {files: [c.txt], split: line}
        lines:
          - {models: [first, third], hyperschedule: {name: block, width: 8}, rates: [1, 2.5],
             samplers: [ancestral, {name: acs, eta: 0.25}], temperatures: [0.8, 1]}
      """;

  private static Recipe recipe(int model) throws IOException {
    return ((StudyModel.Trained) StudyReader.parse(STUDY, "both.yaml").models().get(model))
        .recipe();
  }

  @Test
  void aModelsOwnKeysLieOverTheSharedOnes() throws IOException {
    String shared = STUDY.lines().skip(2).limit(5).reduce("", (a, b) -> a + b.strip() + "\n");
    assertThat(recipe(0)).isEqualTo(RecipeReader.parse("name: first\n" + shared, "first"));
    Recipe second = recipe(1);
    assertThat(second.name()).isEqualTo("second");
    assertThat(second.model().layers()).isEqualTo(3);
    assertThat(second.model().channels()).isEqualTo(8);
    assertThat(second.model().network()).isEqualTo(Choice.of("gpt"));
    assertThat(second.noise()).isEqualTo(Choice.of("epsilon-hybrid").with("epsilon", 0.5));
    assertThat(second.hyperschedules())
        .containsExactly(new HyperscheduleRecipe(Choice.of("block").with("width", 4), 1));
    assertThat(recipe(2).noise()).isEqualTo(Choice.of("absorb"));
    assertThat(recipe(2).training().steps()).isEqualTo(20);
  }

  @Test
  void whatNamesAMemberOfAFamilyReplacesTheSharedOneAsAWhole() throws IOException {
    StudyModel judge = StudyReader.parse(STUDY, "both.yaml").judge().orElseThrow();
    assertThat(((StudyModel.Trained) judge).recipe().noise())
        .isEqualTo(Choice.of("gidd").with("share", 0.2));
  }

  @Test
  void modelsKeepTheirOrderAndMayExistAlready() throws IOException {
    StudyRecipe study = StudyReader.parse(STUDY, "both.yaml");
    assertThat(study.models())
        .extracting(StudyModel::name)
        .containsExactly("first", "second", "third", "earlier");
    assertThat(study.models().getLast())
        .isEqualTo(
            new StudyModel.Existing(
                "earlier", Path.of("../old/model"), List.of(Choice.of("flat"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name: both | name: ../both | both.yaml:1: name is '../both'",
        "models: | model: | both.yaml:8: unknown key 'model'; the nearest known one is 'models'",
        "layers: 3 | layer: 3 | both.yaml:11: unknown key 'models.second.model.layer'",
        "steps: 20 | steps: many | both.yaml:14: models.third.training.steps is 'many'",
        "first: {} | first: {name: one} | both.yaml:9: models.first has a name",
        "first: {} | f/f: {} | both.yaml:9: models.f/f.name is 'f/f'",
        "first: {} | first: {folder: a, noise: absorb} | both.yaml:9: unknown key 'models.first.noise'",
        "first: {} | first: [] | both.yaml:9: models.first is a list; expected keys and values",
        "folder: ../old/model, hyperschedules: [flat] | folder: x | models.earlier.hyperschedules is []",
        "models: [first, third] | models: [fourth] | sweep is of the model 'fourth'; expected one of",
        "width: 8 | rate: 8 | both.yaml:24: sweep.lines[0].hyperschedule is block with rate; expected none",
        "rates: [1, 2.5] | rates: [0] | both.yaml:24: sweep.lines[0].rates is 0.0",
        "sequences: 8 | sequences: few | both.yaml:18: texts[0].sequences is 'few'; expected a whole",
        "heads: 2 | heads: 3 | heads is 3; expected a divisor of channels, 8",
      })
  void mistakesAreNamedWithTheirLine(String right, String wrong, String message) {
    assertThatThrownBy(() -> StudyReader.parse(STUDY.replace(right, wrong), "both.yaml"))
        .isInstanceOf(MalformedRecipeException.class)
        .hasMessageContaining(message);
  }

  @Test
  void textsAndTheSweepAreRead() throws IOException {
    StudyRecipe study = StudyReader.parse(STUDY, "both.yaml");
    TextRecipe text = study.texts().getFirst();
    assertThat(text.sequences()).contains(8);
    assertThat(text.estimates())
        .containsExactly(TextRecipe.Likelihood.EXACT, TextRecipe.Likelihood.MASKED);
    SweepRecipe.Line line = study.sweep().orElseThrow().lines().getFirst();
    assertThat(line.rates()).containsExactly(1.0, 2.5);
    assertThat(line.samplers())
        .containsExactly(Choice.of("ancestral"), Choice.of("acs").with("eta", 0.25));
  }

  @Test
  void aStudyNeedsModels() {
    assertThatThrownBy(() -> StudyReader.parse("name: none", "none.yaml"))
        .hasMessageContaining("missing 'models'");
    assertThatThrownBy(() -> StudyReader.parse("name: none\nmodels: {}", "none.yaml"))
        .hasMessageContaining("none.yaml:2: models is {}; expected at least one");
  }

  @Test
  void settingsAreFlatButForMembersOfFamilies() throws IOException {
    assertThat(recipe(1).settings())
        .containsEntry("model.layers", "3")
        .containsEntry("noise", "{name: epsilon-hybrid, epsilon: 0.5}")
        .containsEntry("hyperschedules", "[{name: block, width: 4, weight: 1.0}]")
        .containsEntry("training.learning_rate", "0.001")
        .doesNotContainKey("from");
  }
}
