package dev.anneal.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HyperscheduleDrawingTest {

  @Test
  void aSmallMatrixIsDrawnWhole() {
    assertThat(HyperscheduleDrawing.terminal(new BlockAnnealing(2, 3), 4, 8, 20))
        .isEqualTo(
            """
            block, width 2, levels 3: 4 positions in 6 calls
            state  position 0 … 3
                0  ········
                1  ▒▒▒▒····
                2  ▓▓▓▓····
                3  ████····
                4  ████▒▒▒▒
                5  ████▓▓▓▓
                6  ████████
            █ settled (level 0)   ▓▒ active (level 1 … 2)   · worthless (level 3)
            """);
  }

  @Test
  void cellsAreOneCharacterWhereTwoDoNotFit() {
    assertThat(HyperscheduleDrawing.terminal(new Quenched(), 3, 5, 9))
        .isEqualTo(
            """
            quenched: 3 positions in 3 calls
            state  position 0 … 2
                0  ···
                1  █··
                2  ██·
                3  ███
            █ settled (level 0)   · worthless (level 1)
            """);
  }

  @ParameterizedTest
  @CsvSource({"1024,64,30", "1024,1,1", "1000000,7,2", "5,80,3"})
  void aLargeMatrixIsThinnedToTheRoom(int length, int columns, int rows) {
    List<String> lines =
        HyperscheduleDrawing.terminal(new SlideAnnealing(5, 5), length, columns, rows)
            .lines()
            .toList();
    List<String> matrix = lines.subList(2, lines.size() - 1);
    assertThat(matrix).hasSize(rows);
    int label = matrix.getFirst().lastIndexOf(' ') + 1;
    assertThat(matrix).allSatisfy(line -> assertThat(line.length() - label).isBetween(1, columns));
  }

  @Test
  void thinningKeepsTheFirstAndTheLastStateAndPosition() {
    assertThat(HyperscheduleDrawing.samples(5, 9)).containsExactly(0, 1, 2, 3, 4);
    assertThat(HyperscheduleDrawing.samples(9, 5)).containsExactly(0, 2, 4, 6, 8);
    assertThat(HyperscheduleDrawing.samples(1000, 3)).startsWith(0).endsWith(999).hasSize(3);
    assertThat(HyperscheduleDrawing.samples(1000, 1)).containsExactly(0);
  }

  @Test
  void noRoomIsRefused() {
    assertThatThrownBy(() -> HyperscheduleDrawing.terminal(new Flat(2), 4, 0, 9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("columns 0");
    assertThatThrownBy(() -> HyperscheduleDrawing.svg(new Flat(2), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("length 0");
  }

  @Test
  void theSvgPaintsEveryLevelAsManyCellsAsItHas() throws Exception {
    var slide = new SlideAnnealing(4, 4);
    // States 0 … 9 of six positions: each stays one state at each of the levels 1, 2 and 3.
    List<Element> paths = plotPaths(parse(HyperscheduleDrawing.svg(slide, 6)));
    assertThat(paths).hasSize(4);
    assertThat(paths.getFirst().getAttribute("class")).isEqualTo("settled");
    assertThat(paths.stream().map(HyperscheduleDrawingTest::cells))
        .containsExactly(6 + 5 + 4 + 3 + 2 + 1, 6, 6, 6);
    assertThat(paths.stream().skip(1).map(path -> path.getAttribute("fill")))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({"quenched,1", "quenched,1024", "flat,1024", "block,7", "slide,1024", "hybrid,33"})
  void theSvgIsWellFormedTitledAndSmall(String name, int length) throws Exception {
    Hyperschedule hyperschedule = HyperscheduleChoice.of(name).forLength(length);
    String svg = HyperscheduleDrawing.svg(hyperschedule, length);
    Document document = parse(svg);
    assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(document.getElementsByTagName("title").item(0).getTextContent())
        .startsWith(name)
        .contains(length + " positions");
    assertThat(svg).contains("prefers-color-scheme:dark").hasSizeLessThan(100_000);
  }

  @Test
  void theSvgIsTheSameInEveryLocale() {
    String svg = HyperscheduleDrawing.svg(new SlideAnnealing(4, 4), 6);
    Locale usual = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      assertThat(HyperscheduleDrawing.svg(new SlideAnnealing(4, 4), 6)).isEqualTo(svg);
    } finally {
      Locale.setDefault(usual);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1", "8,1", "9,2", "16,2", "21,5", "1025,200", "2147483647,500000000"})
  void ticksAreRoundAndFew(int count, int gap) {
    assertThat(HeatMap.tickGap(count)).isEqualTo(gap);
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static List<Element> plotPaths(Document document) {
    Element plot = (Element) document.getElementsByTagName("g").item(0);
    NodeList paths = plot.getElementsByTagName("path");
    return IntStream.range(0, paths.getLength()).mapToObj(i -> (Element) paths.item(i)).toList();
  }

  private static int cells(Element path) {
    return Pattern.compile("M\\d+ \\d+h(\\d+)v1")
        .matcher(path.getAttribute("d"))
        .results()
        .mapToInt(run -> Integer.parseInt(run.group(1)))
        .sum();
  }
}
