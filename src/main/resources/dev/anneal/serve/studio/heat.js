/** A heat-map of a trace: positions from left to right, states from the top down. */

import { css, heat, mix, sureness, themed } from "./palette.js";

const FAINT = 0.35; // of a colour

export class HeatMap {
  #canvas;
  #planned;
  #cells = document.createElement("canvas");
  #trace;
  #look; // what the cells were painted for
  #rows = 0; // how many rows have their final colours

  /** @param planned how much of their colours states have that are yet to come */
  constructor(canvas, { planned = FAINT } = {}) {
    this.#canvas = canvas;
    this.#planned = planned;
    new ResizeObserver(() => this.#draw()).observe(canvas);
  }

  /** Shows a trace, with a line after a state and a mark at a position; −1 is none. */
  show(trace, { state = -1, position = -1, colour = "level" } = {}) {
    const look = `${colour} ${themed("--settled")}`;
    if (trace !== this.#trace || look !== this.#look) {
      this.#cells.width = trace.length;
      this.#cells.height = trace.steps.length + 1;
      this.#rows = 0;
    }
    Object.assign(this, { state, position, colour });
    this.#trace = trace;
    this.#look = look;
    this.#paint();
    this.#draw();
  }

  /** The state and the position at a place of the page. */
  at({ clientX, clientY }) {
    const box = this.#canvas.getBoundingClientRect();
    const cell = (share, count) => Math.min(Math.max(Math.floor(share * count), 0), count - 1);
    return {
      position: cell((clientX - box.left) / box.width, this.#cells.width),
      state: cell((clientY - box.top) / box.height, this.#cells.height),
    };
  }

  /** Paints the rows that have changed since the last time: those that were yet to come. */
  #paint() {
    const { length, steps, reached } = this.#trace;
    const context = this.#cells.getContext("2d");
    const theme = Object.fromEntries(
      ["settled", "given", "noise", "noise-edge"].map(name => [name, themed(`--${name}`)]));
    const from = this.#rows;
    const image = context.createImageData(length, steps.length + 1 - from);
    for (let state = from; state <= steps.length; state++) {
      const tokens = this.colour === "confidence" && state <= reached ? this.#trace.tokens(state) : [];
      const strength = state <= reached ? 1 : this.#planned;
      for (let position = 0; position < length; position++) {
        const colour = this.#colour(state, position, tokens[position], theme);
        if (colour) image.data.set([...mix(colour, theme.noise, strength), 255], 4 * ((state - from) * length + position));
      }
    }
    context.clearRect(0, from, length, image.height);
    context.putImageData(image, 0, from);
    this.#rows = reached;
  }

  #colour(state, position, token, theme) {
    if (this.#trace.isGiven(position)) return theme.given;
    if (token) {
      if (token.kind === "noise") return undefined;
      return token.confidence == null ? theme["noise-edge"] : sureness(token.confidence);
    }
    const level = this.#trace.level(state, position);
    if (level === 0) return theme.settled;
    return level < this.#trace.top ? heat(level, this.#trace.top) : undefined;
  }

  #draw() {
    if (!this.#trace || !this.#canvas.clientWidth) return;
    const ratio = devicePixelRatio;
    const width = (this.#canvas.width = Math.round(this.#canvas.clientWidth * ratio));
    const height = (this.#canvas.height = Math.round(this.#canvas.clientHeight * ratio));
    const context = this.#canvas.getContext("2d");
    context.fillStyle = hatch(context, ratio);
    context.fillRect(0, 0, width, height);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.#cells, 0, 0, width, height);
    const cell = { width: width / this.#cells.width, height: height / this.#cells.height };
    this.#markRevisions(context, cell, ratio);
    this.#markPlace(context, cell, ratio);
  }

  #markRevisions(context, cell, ratio) {
    context.fillStyle = css(themed("--revised"));
    context.strokeStyle = css(themed("--card"));
    context.lineWidth = ratio;
    this.#trace.steps.forEach(({ changes }, step) => {
      for (const { position } of changes.filter(change => change.revises)) {
        context.beginPath();
        context.arc((position + 0.5) * cell.width, (step + 1.5) * cell.height, 2.5 * ratio, 0, 2 * Math.PI);
        context.fill();
        context.stroke();
      }
    });
  }

  #markPlace(context, cell, ratio) {
    context.strokeStyle = css(themed("--ink"));
    context.lineWidth = 1.5 * ratio;
    if (this.position >= 0) {
      context.strokeRect(this.position * cell.width, 0, cell.width, context.canvas.height);
    }
    if (this.state >= 0) {
      const y = Math.min((this.state + 1) * cell.height, context.canvas.height - ratio);
      context.beginPath();
      context.moveTo(0, y);
      context.lineTo(context.canvas.width, y);
      context.stroke();
    }
  }
}

/** What noise looks like. */
function hatch(context, ratio) {
  const tile = document.createElement("canvas");
  const size = (tile.width = tile.height = 6 * ratio);
  const pen = tile.getContext("2d");
  pen.fillStyle = css(themed("--noise"));
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = css(themed("--noise-edge"));
  pen.lineWidth = ratio;
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift, size);
    pen.lineTo(shift + size, 0);
  }
  pen.stroke();
  return context.createPattern(tile, "repeat");
}
