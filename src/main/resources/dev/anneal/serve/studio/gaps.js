/** Gaps in a prompt: {{8}} stands for eight tokens to fill, as in /v1/anneal. */

const GAP = /\{\{(\d{1,6})\}\}/g;

/** Whether a prompt has one. */
export function hasGaps(prompt) {
  return prompt.search(GAP) >= 0;
}

/** A prompt as HTML nodes: text, and gaps marked. */
function shaded(prompt) {
  const nodes = [];
  let from = 0;
  for (const gap of prompt.matchAll(GAP)) {
    const mark = document.createElement("mark");
    mark.textContent = gap[0];
    nodes.push(prompt.slice(from, gap.index), mark);
    from = gap.index + gap[0].length;
  }
  return [...nodes, `${prompt.slice(from)}\n`]; // the last line has its height, also when empty
}

/** Marks the gaps of a text area by what lies behind it, and makes new ones. */
export function markGaps({ prompt, shade, button, size }) {
  const show = () => {
    shade.replaceChildren(...shaded(prompt.value));
    shade.scrollTop = prompt.scrollTop;
  };
  prompt.addEventListener("input", show);
  prompt.addEventListener("scroll", () => (shade.scrollTop = prompt.scrollTop));
  button.addEventListener("click", () => {
    const tokens = Math.max(1, Math.trunc(size.valueAsNumber) || 8);
    prompt.focus();
    prompt.setRangeText(`{{${tokens}}}`, prompt.selectionStart, prompt.selectionEnd, "end");
    prompt.dispatchEvent(new Event("input", { bubbles: true }));
  });
  show();
}
