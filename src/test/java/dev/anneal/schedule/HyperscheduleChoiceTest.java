package dev.anneal.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HyperscheduleChoiceTest {

  private static final OptionalInt NONE = OptionalInt.empty();
  private static final OptionalDouble NO_RATE = OptionalDouble.empty();

  @Test
  void theNamesAreThoseOfTheCommandLine() {
    assertThat(HyperscheduleChoice.names())
        .containsExactly("quenched", "flat", "block", "slide", "hybrid");
  }

  @Test
  void aMemberSaysWhatCanBeSet() {
    assertThat(HyperscheduleChoice.settings("quenched")).isEmpty();
    assertThat(HyperscheduleChoice.settings("flat")).containsExactly("levels");
    assertThat(HyperscheduleChoice.settings("slide")).containsExactly("width", "levels");
  }

  @Test
  void everyNameIsItsMembersOwn() {
    for (String name : HyperscheduleChoice.names()) {
      assertThat(HyperscheduleChoice.of(name).forLength(8).name()).isEqualTo(name);
    }
  }

  @Test
  void defaultsAreWidth32AndRate1() {
    assertThat(HyperscheduleChoice.of("quenched").forLength(100)).isEqualTo(new Quenched());
    assertThat(HyperscheduleChoice.of("flat").forLength(100)).isEqualTo(new Flat(100));
    assertThat(HyperscheduleChoice.of("block").forLength(100))
        .isEqualTo(new BlockAnnealing(32, 32));
    assertThat(HyperscheduleChoice.of("slide").forLength(100))
        .isEqualTo(new SlideAnnealing(32, 32));
    assertThat(HyperscheduleChoice.of("hybrid").forLength(9)).isEqualTo(new HybridAnnealing(9, 9));
  }

  @ParameterizedTest
  @CsvSource({"4,1,4", "4,4,1", "4,2,2", "4,3,2", "4,0.5,8", "5,2,3", "49,0.07,700", "3,0.1,30"})
  void levelsAreTheWidthOverTheRateRoundedUp(int width, double rate, int levels) {
    assertThat(choice("block", OptionalInt.of(width), OptionalDouble.of(rate), NONE).forLength(64))
        .isEqualTo(new BlockAnnealing(width, levels));
  }

  @Test
  void flatTakesTheRateOfItsWholeLength() {
    assertThat(choice("flat", NONE, OptionalDouble.of(8), NONE).forLength(1024))
        .isEqualTo(new Flat(128));
  }

  @Test
  void levelsMayBeGivenInPlaceOfARate() {
    assertThat(choice("slide", OptionalInt.of(4), NO_RATE, OptionalInt.of(9)).forLength(8))
        .isEqualTo(new SlideAnnealing(4, 9));
  }

  @Test
  void anUnknownNameIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> HyperscheduleChoice.of("blok"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "unknown hyperschedule 'blok': expected one of quenched, flat, block, slide, hybrid");
  }

  @Test
  void widthZeroIsRefused() {
    assertThatThrownBy(() -> choice("block", OptionalInt.of(0), NO_RATE, NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("width 0 is not positive: expected at least 1");
  }

  @Test
  void aWindowMayBeWiderThanTheLength() {
    assertThat(choice("block", OptionalInt.of(9), OptionalDouble.of(3), NONE).forLength(8))
        .isEqualTo(new BlockAnnealing(9, 3));
  }

  @Test
  void aRateBeyondTheWindowIsRefused() {
    HyperscheduleChoice block = choice("block", OptionalInt.of(4), OptionalDouble.of(8), NONE);
    assertThatThrownBy(() -> block.forLength(16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "rate 8 is more than width 4: a call cannot settle more tokens than its window holds");
    HyperscheduleChoice flat = choice("flat", NONE, OptionalDouble.of(8.5), NONE);
    assertThatThrownBy(() -> flat.forLength(8))
        .hasMessageStartingWith("rate 8.5 is more than length 8");
  }

  @ParameterizedTest
  @CsvSource({"9,9", "40,40", "1000,1000", "40.5,40.5", "1e12,1E+12"})
  void messagesWriteARateAsAUserDoes(double rate, String written) {
    HyperscheduleChoice flat = choice("flat", NONE, OptionalDouble.of(rate), NONE);
    assertThatThrownBy(() -> flat.forLength(8))
        .hasMessageStartingWith("rate %s is more than length 8", written);
  }

  @ParameterizedTest
  @CsvSource({"0,0", "-2,-2", "NaN,NaN", "Infinity,Infinity"})
  void aRateThatIsNotPositiveIsRefused(double rate, String written) {
    assertThatThrownBy(() -> choice("block", NONE, OptionalDouble.of(rate), NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("rate %s is not a positive number", written);
  }

  @Test
  void rateAndLevelsTogetherAreRefused() {
    assertThatThrownBy(() -> choice("block", NONE, OptionalDouble.of(2), OptionalInt.of(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("rate 2 and levels 2 are both given");
  }

  @Test
  void levelsZeroAreRefused() {
    assertThatThrownBy(() -> choice("flat", NONE, NO_RATE, OptionalInt.of(0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("levels 0 is not positive: expected at least 1");
  }

  @Test
  void whatIsNotTrueOfAMemberIsRefused() {
    assertThatThrownBy(() -> choice("quenched", OptionalInt.of(4), NO_RATE, NONE).forLength(9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "width 4 is given, but the window of quenched has 1 at length 9: expected that or"
                + " nothing");
    assertThatThrownBy(() -> choice("flat", OptionalInt.of(4), NO_RATE, NONE).forLength(9))
        .hasMessageStartingWith("width 4 is given, but the window of flat has 9");
    assertThatThrownBy(() -> choice("quenched", NONE, OptionalDouble.of(2), NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("rate 2 is given, but quenched settles one token a call");
    assertThatThrownBy(() -> choice("quenched", NONE, NO_RATE, OptionalInt.of(3)))
        .hasMessageStartingWith("levels 3 is given, but quenched settles one token a call");
  }

  @Test
  void whatIsTrueOfAMemberAnywayIsAccepted() {
    assertThat(choice("quenched", OptionalInt.of(1), OptionalDouble.of(1), NONE).forLength(9))
        .isEqualTo(new Quenched());
    assertThat(choice("flat", OptionalInt.of(9), OptionalDouble.of(3), NONE).forLength(9))
        .isEqualTo(new Flat(3));
  }

  @Test
  void aRateOfTooManyLevelsIsRefused() {
    HyperscheduleChoice choice = choice("block", NONE, OptionalDouble.of(1e-300), NONE);
    assertThatThrownBy(() -> choice.forLength(8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("rate 1E-300 is too small for 8 positions");
  }

  @Test
  void aLengthThatIsNotPositiveIsRefused() {
    assertThatThrownBy(() -> HyperscheduleChoice.of("flat").forLength(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("length 0");
  }

  private static HyperscheduleChoice choice(
      String name, OptionalInt width, OptionalDouble rate, OptionalInt levels) {
    return new HyperscheduleChoice(name, width, rate, levels);
  }
}
