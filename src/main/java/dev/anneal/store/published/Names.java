package dev.anneal.store.published;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Translates our parameters' names into a family's: {@code blocks.3.feed_forward.up.bias} is its
 * block's name, the number, its word for {@code feed_forward.up}, and the ending.
 *
 * @param block what it calls a block
 * @param words its words for ours; those that already are whole names have no ending
 */
record Names(String block, Map<String, String> words) {

  /** Those that SEDD began with and that MDLM, BD3-LM and HDLM kept. */
  static final Names DIFFUSION =
      new Names(
          "blocks",
          Map.ofEntries(
              Map.entry("embedding", "vocab_embed.embedding"),
              Map.entry("noise.up", "sigma_map.mlp.0"),
              Map.entry("noise.down", "sigma_map.mlp.2"),
              Map.entry("attention.norm", "norm1.weight"),
              Map.entry("attention.query_key_value", "attn_qkv.weight"),
              Map.entry("attention.output", "attn_out.weight"),
              Map.entry("feed_forward.norm", "norm2.weight"),
              Map.entry("feed_forward.up", "mlp.0"),
              Map.entry("feed_forward.down", "mlp.2"),
              Map.entry("modulation", "adaLN_modulation"),
              Map.entry("output.norm", "output_layer.norm_final.weight"),
              Map.entry("output", "output_layer.linear"),
              Map.entry("output.modulation", "output_layer.adaLN_modulation")));

  private static final Pattern PARAMETER =
      Pattern.compile("(?:blocks\\.(?<block>\\d+)\\.)?(?<word>.+?)(?<ending>\\.weight|\\.bias|)");

  /** Its name for one of our parameters. */
  String published(String parameter) {
    Matcher parts = PARAMETER.matcher(parameter);
    String word = parts.matches() ? words.get(parts.group("word")) : null;
    if (word == null) {
      throw new AssertionError("no published name for " + parameter);
    }
    String number = parts.group("block");
    String inside = number == null ? "" : block + "." + number + ".";
    return inside + word + parts.group("ending");
  }
}
