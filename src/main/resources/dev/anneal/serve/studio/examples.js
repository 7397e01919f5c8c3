/** Things to begin with. */

const EXAMPLES = {
  "a story": { prompt: "It was a dark", hyperschedule: "slide", width: 16, rate: 1 },
  "a gap to fill": { prompt: "The captain{{16}} and went home.", hyperschedule: "flat", rate: 1 },
  "many corrections": {
    prompt: "The whale", hyperschedule: "block", width: 64, rate: 1, length: 96,
    sampler: { name: "adaptive-correction", eta: 0.6 },
  },
  "two samplers": {
    prompt: "The sea was", hyperschedule: "block", width: 32, rate: 1, length: 96,
    sampler: { name: "adaptive-correction", eta: 0.4 }, versus: "ancestral",
  },
};

/** Fills a list with them; onChoose is given the settings of the one that is chosen. */
export function showExamples(list, onChoose) {
  list.replaceChildren(...Object.entries(EXAMPLES).map(([words, example]) => {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.textContent = words;
    button.addEventListener("click", () => onChoose(example));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
}
