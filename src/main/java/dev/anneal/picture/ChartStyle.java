package dev.anneal.picture;

import java.util.List;

/** The colours of charts, in light and dark. */
final class ChartStyle {
  private static final List<String> LIGHT =
      List.of(
          "#0072b2", "#d55e00", "#008060", "#b0508f", "#8a6d00", "#99112e", "#5f6b76", "#7a4fc0");
  private static final List<String> DARK =
      List.of(
          "#5aaee6", "#ff9552", "#3ecf9f", "#e79bc9", "#e6c34a", "#ff7c93", "#b4bcc6", "#b69af0");

  /** Lines beyond the colours are told apart by their dashes. */
  private static final List<String> DASHES = List.of("none", "7 4", "2 3", "9 3 2 3");

  private ChartStyle() {}

  /** The class of the n-th line. */
  static int line(int number) {
    return number % LIGHT.size();
  }

  /** Its dashes. */
  static String dash(int number) {
    return DASHES.get(number / LIGHT.size() % DASHES.size());
  }

  /** The style sheet of a chart. */
  static String css() {
    return """
        <style>
        .chart text{font:12px system-ui,sans-serif;fill:#1f2933}
        .chart .title{font-size:15px;font-weight:600}
        .chart .paper{fill:#fff}
        .chart .grid{stroke:#dde2e7}
        .chart .frame{fill:none;stroke:#7b8794}
        .chart polyline,.chart g path{fill:none;stroke-width:1.7}
        %s@media (prefers-color-scheme:dark){
        .chart text{fill:#e4e7eb}
        .chart .paper{fill:#14181d}
        .chart .grid{stroke:#2c343c}
        %s}
        </style>
        """
        .formatted(colours(LIGHT), colours(DARK));
  }

  private static String colours(List<String> colours) {
    var css = new StringBuilder();
    for (int number = 0; number < colours.size(); number++) {
      css.append(
          ".chart .line%1$d{stroke:%2$s}.chart .line%1$d circle{fill:%2$s;stroke:none}\n"
              .formatted(number, colours.get(number)));
    }
    return css.toString();
  }
}
