package dev.anneal.study;

/** The frame of a page: one file that needs nothing else, light or dark as its reader is. */
final class Html {
  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ink:#1f2933;--paper:#fff;--line:#dde2e7;--soft:#5f6b76}
      @media (prefers-color-scheme:dark){:root{--ink:#e4e7eb;--paper:#14181d;--line:#2c343c;--soft:#9aa5b1}}
      body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:70rem;\
      margin:2rem auto;padding:0 1rem}
      h1{font-size:1.6rem}h2{font-size:1.15rem;margin:2.2rem 0 .6rem}
      .wide{overflow-x:auto}
      table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}
      th,td{padding:.3rem .7rem;border-bottom:1px solid var(--line);text-align:left;white-space:nowrap}
      th{color:var(--soft);font-weight:600}
      dt{font-weight:600}dd{margin:0 0 .5rem 0}
      p.absent{color:var(--soft)}
      figure{margin:1.2rem 0}svg{max-width:100%;height:auto}
      code{overflow-wrap:anywhere}
      """;

  private Html() {}

  static String page(String title, String body) {
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"/><meta name="viewport" content="width=device-width"/>
        <title>%1$s</title>
        <style>
        %2$s</style></head>
        <body>
        <h1>%1$s</h1>
        %3$s</body>
        </html>
        """
        .formatted(escaped(title), STYLE, body);
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
