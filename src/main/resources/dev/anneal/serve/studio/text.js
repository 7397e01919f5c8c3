/** The tokens of a state as a text: one element a token, of which one may be chosen. */

import { css, heat, sureness } from "./palette.js";

const TINT = 0.42; // of a token's colour behind its text

let texts = 0;

export class Text {
  #element;
  #number = texts++;
  #spans = [];
  #seen = []; // [position]: what its element shows

  /** @param onChoose is told of a position that the reader chose */
  constructor(element, onChoose) {
    this.#element = element;
    this.chosen = -1;
    element.addEventListener("click", event => {
      const position = this.#spans.indexOf(event.target.closest(".token"));
      if (position >= 0) onChoose(position);
    });
    element.addEventListener("keydown", event => {
      const position = moved(event.key, this.chosen, this.#spans.length);
      if (position === undefined) return;
      event.preventDefault();
      onChoose(position);
    });
  }

  /** Shows tokens; those that look as before are left alone. */
  show(tokens, top, colour) {
    if (this.#spans.length !== tokens.length) this.#build(tokens.length);
    tokens.forEach((token, position) => {
      const look = [token.kind, token.id, token.revisions, tint(token, top, colour)].join(" ");
      if (this.#seen[position] === look) return;
      this.#seen[position] = look;
      this.#dress(this.#spans[position], token, tint(token, top, colour));
    });
  }

  #build(length) {
    this.#spans = Array.from({ length }, (_, position) => {
      const span = document.createElement("span");
      span.id = `token-${this.#number}-${position}`;
      span.setAttribute("role", "option");
      return span;
    });
    this.#seen = [];
    this.#element.replaceChildren(...this.#spans);
    this.choose(-1);
  }

  #dress(span, token, colour) {
    span.className = `token ${token.kind}${token.revisions > 0 ? " revised" : ""}`;
    span.textContent = token.kind !== "noise" && token.text === "" ? "∎" : token.text;
    span.style.setProperty("--tint", colour ?? "transparent");
    span.setAttribute("aria-label", `${token.text.trim() || token.kind}, ${token.kind}`);
  }

  /** Marks a position as chosen; −1 is none. */
  choose(position) {
    this.#spans[this.chosen]?.setAttribute("aria-selected", "false");
    this.chosen = position;
    this.#spans[position]?.setAttribute("aria-selected", "true");
    const id = this.#spans[position]?.id;
    if (id) this.#element.setAttribute("aria-activedescendant", id);
    else this.#element.removeAttribute("aria-activedescendant");
  }
}

function tint(token, top, colour) {
  if (colour === "confidence") {
    return token.confidence == null ? undefined : css(sureness(token.confidence), TINT);
  }
  const active = token.level > 0 && token.level < top;
  return active && token.kind !== "given" ? css(heat(token.level, top), TINT) : undefined;
}

/** Where a key leads to from a position; undefined if nowhere. */
export function moved(key, position, length) {
  const to = {
    ArrowLeft: position - 1, ArrowRight: position + 1, Home: 0, End: length - 1, Escape: -1,
  }[key];
  return to === undefined || key === "Escape" ? to : Math.min(Math.max(to, 0), length - 1);
}
