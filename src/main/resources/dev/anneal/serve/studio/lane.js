/** One run on the page: its text, its heat-map and its counts, at a state. */

import { HeatMap } from "./heat.js";
import { Text, moved } from "./text.js";

const PERCENT = new Intl.NumberFormat("en", { style: "percent", maximumSignificantDigits: 2 });
const NUMBER = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

export class Lane {
  #text;
  #heat;
  #timeline;
  #chosen = -1;

  /** @param timeline goes where the reader wants it in the heat-map */
  constructor(timeline) {
    this.#timeline = timeline;
    this.element = document.getElementById("lane").content.firstElementChild.cloneNode(true);
    this.#text = new Text(this.#find(".text"), position => this.#choose(position));
    this.#heat = new HeatMap(this.#find(".heat"));
    this.#listen(this.#find(".heat"));
  }

  #find(selector) {
    return this.element.querySelector(selector);
  }

  #listen(canvas) {
    const point = event => {
      const { state, position } = this.#heat.at(event);
      this.#chosen = position;
      this.#timeline.go(state);
    };
    canvas.addEventListener("pointerdown", event => {
      canvas.setPointerCapture(event.pointerId);
      point(event);
    });
    canvas.addEventListener("pointermove", event => {
      if (event.buttons === 1) point(event);
    });
    canvas.addEventListener("keydown", event => {
      const steps = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10 }[event.key];
      const position = moved(event.key, this.#chosen, this.trace.length);
      if (position !== undefined) this.#choose(position);
      else if (steps) this.#timeline.go(Math.min(this.#timeline.state, this.trace.reached) + steps);
      else return;
      event.preventDefault();
    });
  }

  #choose(position) {
    this.#chosen = position;
    this.show(this.state, this.colour);
  }

  /** Takes a trace, at its beginning. */
  load(trace) {
    this.trace = trace;
    this.#chosen = -1;
    const { name, ...settings } = trace.sampler;
    const words = Object.entries(settings).map(([key, value]) => `${key === "eta" ? "η" : key} ${value}`);
    this.#find("h2").textContent = [name.replaceAll("-", " "), ...words].join(", ");
    const steps = trace.steps.length;
    this.#find(".positions").textContent = `position 0 … ${trace.length - 1} →`;
    this.#find(".steps").textContent = `↓ step 0 … ${steps}`;
    this.#find(".heat").setAttribute("aria-valuemax", steps);
    this.#find(".heat").setAttribute("aria-label",
      "Levels. Up and down go through the steps, left and right through the positions");
  }

  /** How it stands with the run: planned, waiting, running, done, stopped, broken, opened. */
  set status(status) {
    const element = this.#find(".status");
    element.dataset.status = element.textContent = status;
  }

  get status() {
    return this.#find(".status").dataset.status;
  }

  /** Shows the text after so many steps, or as many as there are yet. */
  show(state, colour) {
    this.state = Math.min(state, this.trace.reached);
    this.colour = colour;
    const tokens = this.trace.tokens(this.state);
    this.#text.show(tokens, this.trace.top, colour);
    this.#text.choose(this.#chosen);
    this.#heat.show(this.trace, { state: this.state, position: this.#chosen, colour });
    const heat = this.#find(".heat");
    heat.setAttribute("aria-valuenow", this.state);
    heat.setAttribute("aria-valuetext", `step ${this.state} of ${this.trace.steps.length}`);
    this.#count(tokens);
    this.#inspect(tokens);
  }

  #count(tokens) {
    const { unknown, calls, known } = this.trace;
    const settled = tokens.filter(token => token.level === 0).length - known;
    const set = (name, value) => (this.#find(`[data-count=${name}]`).textContent = value);
    set("revisions", tokens.reduce((sum, token) => sum + token.revisions, 0));
    set("settled", `${settled} of ${unknown}`);
    set("calls", calls ?? "–");
    set("speed", this.#speed());
  }

  /** Of all tokens when it is over, till then of those that have settled since the first event. */
  #speed() {
    const { seconds, unknown, known, reached, length } = this.trace;
    if (seconds) return NUMBER.format(unknown / seconds);
    const elapsed = (performance.now() - this.begun) / 1000;
    if (this.status !== "running" || !(elapsed > 0.2)) return "–";
    let settled = -known;
    for (let position = 0; position < length; position++) {
      settled += this.trace.level(reached, position) === 0 ? 1 : 0;
    }
    return NUMBER.format(settled / elapsed);
  }

  /** What happened to the chosen token up to now. */
  #inspect(tokens) {
    const element = this.#find(".inspector");
    const token = tokens[this.#chosen];
    element.setAttribute("aria-live", token ? "polite" : "off");
    if (!token) {
      element.textContent = "Choose a token to see what happened to it.";
      return;
    }
    const sure = token.confidence == null ? "" : `, the model gave it ${PERCENT.format(token.confidence)}`;
    const level = token.level > 0 ? `, level ${token.level} of ${this.trace.top}` : "";
    const past = this.trace.history(this.#chosen, this.state).map(({ state, kind, id }) =>
      kind === "remasked" ? `step ${state} noise again` : `step ${state} ${kind} “${this.trace.piece(id)}”`);
    element.textContent = [`Position ${this.#chosen}: ${token.kind}${level}${sure}`, ...past].join(" · ");
  }
}
