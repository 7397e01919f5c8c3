package dev.anneal.data;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** One replacement of a {@link TextCleaner}, and the rules of each. */
interface CleaningRule extends UnaryOperator<String> {

  List<CleaningRule> WIKITEXT =
      List.of(
          literal("s '", "s'"),
          literal(" @-@ ", "-"),
          literal(" @,@ ", ","),
          literal(" @.@ ", "."),
          literal(" : ", ": "),
          literal(" ; ", "; "),
          literal(" . ", ". "),
          literal(" ! ", "! "),
          literal(" ? ", "? "),
          literal(" , ", ", "),
          pattern("\\(\\s*([^)]*?)\\s*\\)", "($1)"),
          pattern("\\[\\s*([^\\]]*?)\\s*\\]", "[$1]"),
          pattern("\\{\\s*([^}]*?)\\s*\\}", "{$1}"),
          pattern("\"\\s*([^\"]*?)\\s*\"", "\"$1\""),
          pattern("'\\s*([^']*?)\\s*'", "'$1'"),
          literal("= = = =", "===="),
          literal("= = =", "==="),
          literal("= =", "=="),
          literal(" ° ", "°"),
          literal(" \n", "\n"),
          literal("\n ", "\n"),
          literal(" N ", " 1 "),
          literal(" 's", "'s"));

  List<CleaningRule> PTB =
      List.of(
          literal(" 's", "'s"),
          literal("s ' ", "s' "),
          literal(" n't", "n't"),
          literal(" \n ", "\n"),
          literal("\\/", "/"),
          CleaningRule::withOnes,
          literal("$ 1", "$1"),
          literal("# 1", "#1"),
          literal("<unk>", "?"));

  List<CleaningRule> LM1B =
      List.of(
          literal("http : / / ", "http://"),
          literal("https : / / ", "https://"),
          pattern(" '(\\w+)", "'$1"),
          pattern(" (\\w+) \\. ", " $1. "),
          pattern(" (\\w+) \\.$", " $1."),
          literal(" ? ", "? "),
          pattern(" \\?$", "?"),
          literal(" ! ", "! "),
          pattern(" !$", "!"),
          literal(" , ", ", "),
          literal(" : ", ": "),
          literal(" ; ", "; "),
          literal(" / ", "/"),
          pattern("\" ([^\"]+) \"", "\"$1\""),
          pattern("' ([^']+) '", "'$1'"),
          pattern("\\( ([^()]+) \\)", "($1)"),
          pattern("\\[ ([^\\[\\]]+) \\]", "[$1]"),
          literal("$ ", "$"),
          literal("£ ", "£"));

  List<CleaningRule> LAMBADA =
      List.of(literal("\u201c", "\""), literal("\u201d", "\""), text -> "\n" + text.strip());

  /** How often numbers that share a space are looked for. */
  int ONES = 10;

  private static CleaningRule literal(String from, String to) {
    return text -> text.replace(from, to);
  }

  /** Letters and spaces are Unicode's, as in the published code. */
  private static CleaningRule pattern(String from, String to) {
    Pattern pattern = Pattern.compile(from, Pattern.UNICODE_CHARACTER_CLASS);
    return text -> pattern.matcher(text).replaceAll(to);
  }

  private static String withOnes(String text) {
    String ones = text;
    for (int i = 0; i < ONES; i++) {
      ones = ones.replace(" N ", " 1 ");
    }
    return ones;
  }
}
