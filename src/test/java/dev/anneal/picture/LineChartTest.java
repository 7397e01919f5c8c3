package dev.anneal.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.picture.LineChart.Line;
import dev.anneal.picture.LineChart.Point;
import java.io.StringReader;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

final class LineChartTest {

  private static Document drawn(Axis across, Axis up, Line... lines) throws Exception {
    String svg = new LineChart("a < b & \"c\"", across, up, List.of(lines)).svg();
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static List<Element> elements(Document svg, String name) {
    return IntStream.range(0, svg.getElementsByTagName(name).getLength())
        .mapToObj(i -> (Element) svg.getElementsByTagName(name).item(i))
        .toList();
  }

  private static double at(Element circle, String coordinate) {
    return Double.parseDouble(circle.getAttribute(coordinate));
  }

  @Test
  void pointsLieInProportionToTheirNumbers() throws Exception {
    var line = new Line("one", List.of(new Point(0, 10), new Point(1, 14), new Point(4, 30)));
    List<Element> circles = elements(drawn(Axis.linear("x"), Axis.linear("y"), line), "circle");
    double width = at(circles.get(2), "cx") - at(circles.get(0), "cx");
    double height = at(circles.get(0), "cy") - at(circles.get(2), "cy");
    assertThat(width).isGreaterThan(400);
    assertThat(height).isGreaterThan(200);
    assertThat(at(circles.get(1), "cx") - at(circles.get(0), "cx"))
        .isCloseTo(width / 4, within(0.2));
    assertThat(at(circles.get(0), "cy") - at(circles.get(1), "cy"))
        .isCloseTo(height / 5, within(0.2));
  }

  @Test
  void equalRatiosAreEqualLengthsOnALogarithmicAxis() throws Exception {
    var line = new Line("one", List.of(new Point(1, 1), new Point(2, 10), new Point(4, 100)));
    List<Element> circles =
        elements(drawn(Axis.logarithmic("x"), Axis.logarithmic("y"), line), "circle");
    for (String coordinate : List.of("cx", "cy")) {
      double middle = (at(circles.get(0), coordinate) + at(circles.get(2), coordinate)) / 2;
      assertThat(at(circles.get(1), coordinate)).isCloseTo(middle, within(0.2));
    }
  }

  @Test
  void whatHasNoPlaceOnAnAxisIsLeftOut() throws Exception {
    var line =
        new Line("one", List.of(new Point(0, 1), new Point(1, Double.NaN), new Point(2, 3, 0.5)));
    Document svg = drawn(Axis.logarithmic("x"), Axis.linear("y"), line);
    assertThat(elements(svg, "circle"))
        .singleElement()
        .extracting(Element::getTextContent)
        .isEqualTo("one: 2, 3 ± 0.5");
  }

  @Test
  void anEmptyChartIsAFrame() throws Exception {
    assertThat(elements(drawn(Axis.linear("x"), Axis.linear("y")), "rect")).hasSize(2);
  }

  @Test
  void everyLineHasItsNameInTheLegendAndALookOfItsOwn() throws Exception {
    Line[] lines =
        IntStream.range(0, 12)
            .mapToObj(i -> new Line("<" + i + ">", List.of(new Point(i, i))))
            .toArray(Line[]::new);
    Document svg = drawn(Axis.linear("x"), Axis.linear("y"), lines);
    assertThat(elements(svg, "text")).extracting(Element::getTextContent).contains("<0>", "<11>");
    assertThat(elements(svg, "polyline"))
        .extracting(
            line ->
                ((Element) line.getParentNode()).getAttribute("class")
                    + line.getAttribute("stroke-dasharray"))
        .doesNotHaveDuplicates();
  }

  @Test
  void ticksAreRoundNumbersWithinTheRange() {
    assertThat(Axis.linear("x").range(DoubleStream.of(0.13, 2.04)).ticks())
        .containsExactly(0.5, 1.0, 1.5, 2.0);
    assertThat(Axis.logarithmic("x").range(DoubleStream.of(1, 8)).ticks())
        .containsExactly(1.0, 2.0, 4.0, 8.0);
    assertThat(Axis.number(0.30000000000000004)).isEqualTo("0.3");
    assertThat(Axis.number(1200)).isEqualTo("1,200");
  }
}
