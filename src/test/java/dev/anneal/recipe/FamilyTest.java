package dev.anneal.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FamilyTest {

  enum Mood {
    CALM,
    VERY_LOUD
  }

  sealed interface BirdSong permits Silent, ShortCallSong, Duet, Birdsongs {}

  record Silent() implements BirdSong {}

  record ShortCallSong(int notes, double pitch, Mood mood, @Default("kiwi") String singerName)
      implements BirdSong {
    ShortCallSong {
      if (notes < 1) {
        throw new IllegalArgumentException("notes is " + notes + "; expected at least 1");
      }
    }
  }

  record Verse(int notes, @Default("calm") Mood mood) {}

  record Duet(Verse first, Optional<Verse> second) implements BirdSong {}

  sealed interface Birdsongs extends BirdSong permits HTMLSong {}

  record HTMLSong(long length) implements Birdsongs {}

  private static final Family<BirdSong> SONGS = Family.of(BirdSong.class, "Song");

  private static Choice call(Object notes, Object pitch, Object mood) {
    return new Choice("short-call", Map.of("notes", notes, "pitch", pitch, "mood", mood));
  }

  @Test
  void namesAreKebabCaseWithoutTheCommonEnding() {
    assertThat(SONGS.names()).containsExactly("silent", "short-call", "duet", "html");
    assertThat(Family.of(BirdSong.class).names())
        .containsExactly("silent", "short-call-song", "duet", "html-song");
  }

  @Test
  void aMemberIsMadeOfItsSettings() {
    assertThat(SONGS.create(Choice.of("silent"))).isEqualTo(new Silent());
    assertThat(SONGS.create(call(3, 440.5, "very-loud").with("singer_name", "owl")))
        .isEqualTo(new ShortCallSong(3, 440.5, Mood.VERY_LOUD, "owl"));
  }

  @Test
  void aSettingMayHaveSettingsOfItsOwn() {
    var duet = new Choice("duet", Map.of("first", Map.of("notes", 3)));
    assertThat(SONGS.create(duet)).isEqualTo(new Duet(new Verse(3, Mood.CALM), Optional.empty()));
    assertThatThrownBy(() -> SONGS.create(new Choice("duet", Map.of("first", Map.of("tone", 3)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown key 'duet.first.tone'");
  }

  @Test
  void aWholeNumberIsANumberAndAnAbsentSettingItsDefault() {
    assertThat(SONGS.create(call(3, 440, "calm")))
        .isEqualTo(new ShortCallSong(3, 440.0, Mood.CALM, "kiwi"));
  }

  @Test
  void aDescribedMemberIsMadeAgain() {
    for (BirdSong song :
        List.of(
            new Silent(),
            new ShortCallSong(7, 1e-3, Mood.VERY_LOUD, "a b"),
            new Duet(new Verse(2, Mood.VERY_LOUD), Optional.empty()),
            new Duet(new Verse(2, Mood.CALM), Optional.of(new Verse(3, Mood.CALM))),
            new HTMLSong(1L << 40))) {
      assertThat(SONGS.create(SONGS.describe(song))).isEqualTo(song);
    }
    assertThat(SONGS.describe(new HTMLSong(5))).isEqualTo(new Choice("html", Map.of("length", 5L)));
  }

  @Test
  void anUnknownMemberIsAnsweredWithTheNearest() {
    assertThatThrownBy(() -> SONGS.create(Choice.of("short-cal")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unknown bird song 'short-cal'; the nearest known one is 'short-call'");
  }

  @Test
  void anUnknownSettingIsAnsweredWithTheNearest() {
    assertThatThrownBy(() -> SONGS.create(call(1, 1.0, "calm").with("singer_nme", "owl")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unknown key 'short-call.singer_nme'; the nearest known one is 'singer_name'");
  }

  @Test
  void allMissingSettingsAreListed() {
    assertThatThrownBy(() -> SONGS.create(new Choice("short-call", Map.of("pitch", 1.0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("missing 'short-call.notes', 'short-call.mood'");
  }

  @Test
  void anIllTypedSettingIsRefusedWithWhatWasExpected() {
    assertThatThrownBy(() -> SONGS.create(call(1.5, 1.0, "calm")))
        .hasMessage("short-call.notes is '1.5'; expected a whole number");
    assertThatThrownBy(() -> SONGS.create(call(1L << 32, 1.0, "calm")))
        .hasMessage("short-call.notes is '4294967296'; expected a whole number");
    assertThatThrownBy(() -> SONGS.create(call(1, "high", "calm")))
        .hasMessage("short-call.pitch is 'high'; expected a number");
    assertThatThrownBy(() -> SONGS.create(call(1, 1.0, "loud")))
        .hasMessage("short-call.mood is 'loud'; expected one of calm, very-loud");
  }

  @Test
  void aSettingTheMemberRefusesIsNamedWithTheMember() {
    assertThatThrownBy(() -> SONGS.create(call(0, 1.0, "calm")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("short-call: notes is 0; expected at least 1");
  }

  @Test
  void onlySealedInterfacesOfRecordsAreFamilies() {
    assertThatThrownBy(() -> Family.of(Runnable.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Runnable");
  }
}
