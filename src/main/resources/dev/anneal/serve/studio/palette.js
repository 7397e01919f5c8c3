/** Colours that say a number, for the text and the heat-maps alike; [red, green, blue]. */

const HEAT = [[176, 42, 48], [240, 128, 40], [255, 222, 110]]; // nearly settled … nearly noise
const SURENESS = [[94, 43, 122], [33, 145, 140], [240, 205, 40]]; // one in a thousand … sure

function along(stops, share) {
  const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const from = Math.min(Math.floor(place), stops.length - 2);
  return stops[from].map((value, channel) =>
    Math.round(value + (place - from) * (stops[from + 1][channel] - value)));
}

/** Of an active token, by its level: 1 … top − 1. */
export function heat(level, top) {
  return along(HEAT, top <= 2 ? 0.5 : (level - 1) / (top - 2));
}

/** Of a token, by the chance that the model gave it: a tenth of it is as far, wherever it is. */
export function sureness(confidence) {
  return along(SURENESS, 1 + Math.log10(Math.max(confidence, 1e-3)) / 3);
}

/** A share of one colour in another. */
export function mix(colour, other, share) {
  return colour.map((value, channel) => Math.round(share * value + (1 - share) * other[channel]));
}

/** As a style has it. */
export function css([red, green, blue], alpha = 1) {
  return `rgb(${red} ${green} ${blue} / ${alpha})`;
}

/** What a custom property of the page's theme is now. */
export function themed(name) {
  const probe = document.createElement("span");
  probe.hidden = true;
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const [red, green, blue] = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number);
  probe.remove();
  return [red, green, blue];
}

/** The colour scale, as a background. */
export function scale(colour) {
  const stops = [0, 0.25, 0.5, 0.75, 1].map(share =>
    css(colour === "confidence" ? along(SURENESS, share) : along(HEAT, 1 - share)));
  return `linear-gradient(to right, ${stops.join(", ")})`;
}
