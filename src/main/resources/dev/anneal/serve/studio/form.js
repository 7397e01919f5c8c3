/** The controls: what is set, as a record of plain values, and what of it the service is asked for. */

import { hasGaps } from "./gaps.js";

const $ = id => document.getElementById(id);
const form = $("form");
const WIDEST = 256; // a slider with more values is hard to set
const WORDS = {
  eta: "Correction η", threshold: "Threshold", bound: "Bound",
};

let offer;

/** Makes the controls offer what the service does. */
export function fill(options) {
  offer = options;
  $("hyperschedules").replaceChildren(...options.hyperschedules.map(({ name }) => radio(name)));
  for (const select of ["sampler", "versus"]) {
    $(select).replaceChildren(...options.samplers.map(choice));
    $(select).addEventListener("change", () => fillSettings(select));
  }
  $("width").max = Math.min(options.longest, WIDEST);
  $("length").max = options.longest;
  form.addEventListener("input", showValues);
  write({ hyperschedule: options.hyperschedule, width: Math.min(16, options.longest), rate: 1,
    sampler: options.sampler, temperature: 1, length: options.length, seed: 1, prompt: "" });
}

function radio(name) {
  const label = document.createElement("label");
  const input = Object.assign(document.createElement("input"),
    { type: "radio", name: "hyperschedule", value: name });
  const words = document.createElement("span");
  words.textContent = name;
  label.append(input, words);
  return label;
}

function choice({ name, refusal }) {
  const option = new Option(name.replaceAll("-", " "), name);
  option.disabled = refusal != null;
  option.title = refusal ?? "";
  return option;
}

/** A slider for each number of a sampler. */
function fillSettings(select, values = {}) {
  const { settings } = offer.samplers.find(({ name }) => name === $(select).value);
  $(`${select}-settings`).replaceChildren(
    ...Object.entries(settings).map(([name, usual]) => slider(select, name, values[name] ?? usual)));
  showValues();
}

function slider(select, name, value) {
  const id = `${select}-${name}`;
  const row = document.createElement("div");
  row.className = "slider";
  const label = Object.assign(document.createElement("label"), { htmlFor: id });
  label.textContent = WORDS[name] ?? name;
  const input = Object.assign(document.createElement("input"),
    { type: "range", id, name: id, min: 0, max: 1, step: 0.01, value });
  const output = document.createElement("output");
  output.htmlFor = id;
  row.append(label, output, input);
  return row;
}

/** Rates are powers of two, so that a slider reaches both halves and dozens. */
const rate = () => 2 ** $("pace").valueAsNumber;

function showValues() {
  const settings = offer.hyperschedules.find(({ name }) => name === form.elements.hyperschedule.value)
    ?.settings ?? [];
  $("width").disabled = !settings.includes("width");
  $("pace").disabled = !settings.includes("levels");
  $("length").disabled = hasGaps($("prompt").value);
  $("versus-group").hidden = !$("compare").checked;
  for (const output of form.querySelectorAll(".slider output")) {
    output.textContent = said($(output.htmlFor.value));
  }
}

function said(input) {
  if (input.disabled) return "–";
  if (input.id === "pace") return `${rate()} a call`;
  return input.value;
}

/** All that is set. */
export function read() {
  const settings = {
    prompt: $("prompt").value,
    hyperschedule: form.elements.hyperschedule.value,
    width: $("width").valueAsNumber,
    rate: rate(),
    temperature: $("temperature").valueAsNumber,
    length: $("length").valueAsNumber,
    seed: Math.trunc($("seed").valueAsNumber) || 0,
    sampler: sampler("sampler"),
  };
  return $("compare").checked ? { ...settings, versus: sampler("versus") } : settings;
}

function sampler(select) {
  const inputs = [...$(`${select}-settings`).querySelectorAll("input")];
  return {
    name: $(select).value,
    ...Object.fromEntries(inputs.map(input =>
      [input.id.slice(select.length + 1), input.valueAsNumber])),
  };
}

/** Sets what is given, and leaves the rest; a sampler may be its name alone. */
export function write(settings) {
  for (const name of ["prompt", "width", "temperature", "length", "seed"]) {
    if (settings[name] != null) $(name).value = settings[name];
  }
  if (settings.rate != null) $("pace").value = Math.round(Math.log2(settings.rate));
  if (settings.hyperschedule) form.elements.hyperschedule.value = settings.hyperschedule;
  for (const select of ["sampler", "versus"]) {
    const { name, ...values } = named(settings[select]);
    if (offer.samplers.some(each => each.name === name && each.refusal == null)) {
      $(select).value = name;
      fillSettings(select, values);
    }
  }
  $("compare").checked = settings.versus != null;
  $("prompt").dispatchEvent(new Event("input", { bubbles: true }));
}

const named = sampler => (typeof sampler === "string" ? { name: sampler } : sampler ?? {});

/** What the service is asked for: a request for each sampler. */
export function requests(settings) {
  const { settings: takes } = offer.hyperschedules.find(({ name }) => name === settings.hyperschedule);
  const { sampler: first, versus, width, rate: pace, length, ...shared } = settings;
  if (takes.includes("width")) shared.width = width;
  if (takes.includes("levels")) shared.rate = pace;
  if (!hasGaps(settings.prompt)) shared.length = length;
  return (versus ? [first, versus] : [first]).map(each => ({ ...shared, sampler: each }));
}

/** Settings as the fragment of an address. */
export function toFragment(settings) {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(settings)) {
    for (const [key, each] of Object.entries(typeof value === "object" ? value : { name: value })) {
      words.set(key === "name" ? name : `${name}.${key}`, each);
    }
  }
  return `#${words}`;
}

/** Settings that an address repeats; null if it names none. */
export function fromFragment(fragment) {
  if (!fragment.includes("=")) return null;
  const settings = {};
  for (const [name, value] of new URLSearchParams(fragment.slice(1))) {
    const [first, key] = name.split(".");
    if (first === "sampler" || first === "versus") {
      settings[first] = { ...settings[first], [key ?? "name"]: key ? Number(value) : value };
    } else {
      settings[first] = ["prompt", "hyperschedule"].includes(first) ? value : Number(value);
    }
  }
  return settings;
}

/** Marks the control that a refusal names, or none. */
export function blame(field) {
  for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  const input = field && $(field === "rate" ? "pace" : field);
  input?.setAttribute("aria-invalid", "true");
}
