/**
 * What happens to one text: the JSON of `anneal generate --trace`. A plan of the service is a trace
 * in which nothing has happened yet; a run fills it in, event by event. State s is the text after s
 * of its steps; its tokens and levels are worked out from the changes, for any s.
 */

const KINDS = ["provisional", "revised", "remasked", "settled"];
const BLANK = -1;

export class Trace {
  #header;
  #placeOf; // [position]: its place in the settling order
  #latest; // [position]: the id that stood there last, null for noise

  /** Of parsed JSON; an Error says in words what is wrong with it. */
  constructor(json, sequence = 0) {
    check(json, sequence);
    this.#header = json;
    this.sequence = sequence;
    this.length = json.length;
    this.known = json.known;
    this.top = json.levels;
    this.calls = json.calls;
    this.seconds = json.seconds;
    this.request = json.request;
    this.#placeOf = new Array(json.length);
    json.order.forEach((position, place) => (this.#placeOf[position] = place));
    this.pieces = new Map(Object.entries(json.pieces ?? {}).map(([id, text]) => [Number(id), text]));
    this.start = json.start[sequence].map(id => (id === BLANK ? null : id));
    this.#latest = [...this.start];
    this.steps = json.steps.map(step => ({
      ...step,
      changes: changesOf(step, sequence).map(change => this.#noted(change)),
    }));
    this.reached = json.steps.findLastIndex(step => step.sequences) + 1;
    this.confident = this.steps.some(step => step.changes.some(each => each.confidence != null));
  }

  get hyperschedule() {
    return this.#header.hyperschedule;
  }

  get sampler() {
    return this.#header.sampler;
  }

  get seed() {
    return this.#header.seed;
  }

  /** How many tokens were not known from the start. */
  get unknown() {
    return this.length - this.known;
  }

  /** An event of the service's stream. */
  add(kind, { position, step, id, text, level, confidence }) {
    const index = step - this.steps[0].step;
    this.pieces.set(id, text);
    this.steps[index].changes.push(this.#noted({ kind, position, id, level, confidence }));
    this.reached = Math.max(this.reached, index + 1);
    this.confident ||= confidence != null;
  }

  /** A change, and whether it replaces another token: the revisions, some of which settle at once. */
  #noted(change) {
    const before = this.#latest[change.position];
    const after = change.kind === "remasked" ? null : change.id;
    this.#latest[change.position] = after;
    return { ...change, revises: before !== null && after !== null && before !== after };
  }

  /** The level of a position in a state: 0 is settled, `top` is noise. */
  level(state, position) {
    const place = this.#placeOf[position];
    if (place < this.known) return 0;
    if (state === 0) return this.#firstLevel(place);
    const { settled, levels } = this.steps[state - 1];
    if (place < settled) return 0;
    return levels[place - settled] ?? this.top;
  }

  /** All is noise at first, but in a text that is corrected: its tokens lose a level by each step. */
  #firstLevel(place) {
    const first = this.steps[0];
    if (!first || first.step === 0) return this.top;
    return Math.min((first.levels[place - first.settled] ?? this.top) + 1, this.top);
  }

  /** Whether the token of a position was known, and so stays. */
  isGiven(position) {
    return this.#placeOf[position] < this.known;
  }

  /** The tokens in a state, [position]: their text, how they came there, and how sure the model was. */
  tokens(state) {
    const tokens = this.start.map((id, position) => this.#token(id, position));
    for (const { changes } of this.steps.slice(0, Math.min(state, this.reached))) {
      for (const change of changes) apply(change, tokens[change.position]);
    }
    tokens.forEach((token, position) => {
      token.text = token.id === null ? "" : this.piece(token.id);
      token.level = this.level(Math.min(state, this.reached), position);
    });
    return tokens;
  }

  #token(id, position) {
    const there = this.isGiven(position) ? "given" : "provisional";
    return { id, kind: id === null ? "noise" : there, revisions: 0, confidence: undefined };
  }

  /** What an id stands for. */
  piece(id) {
    return this.pieces.get(id) ?? `⟨${id}⟩`;
  }

  /** All that happened to a position up to a state, with the states it led to. */
  history(position, state) {
    return this.steps
      .slice(0, state)
      .flatMap(({ changes }, index) => changes.map(change => ({ ...change, state: index + 1 })))
      .filter(change => change.position === position);
  }

  /** The text in a state, noise as a blank. */
  text(state) {
    return this.tokens(state)
      .map(token => (token.kind === "noise" ? "▒" : token.text))
      .join("");
  }

  /** For a file: what it was made of, filled in as far as the run went. */
  toJSON() {
    const steps = this.steps.map(({ changes, sequences, ...step }, index) =>
      index < this.reached ? { ...step, sequences: [sequenceOf(changes)] } : step);
    return {
      ...this.#header,
      start: [this.start.map(id => id ?? BLANK)],
      steps,
      pieces: Object.fromEntries(this.pieces),
      calls: this.calls,
      seconds: this.seconds,
      request: this.request,
    };
  }
}

function apply({ kind, id, confidence, revises }, token) {
  if (kind === "remasked") {
    Object.assign(token, { id: null, kind: "noise", confidence: undefined });
    return;
  }
  // A token that settles as it was keeps what the model thought of it when it was drawn.
  const same = token.id === id;
  token.confidence = confidence ?? (same ? token.confidence : undefined);
  token.revisions += revises ? 1 : 0;
  token.id = id;
  token.kind = kind;
}

function changesOf(step, sequence) {
  const kinds = step.sequences?.[sequence] ?? {};
  return KINDS.flatMap(kind =>
    (kinds[kind] ?? []).map(([position, id, level, confidence]) => ({ kind, position, id, level, confidence })));
}

function sequenceOf(changes) {
  return Object.fromEntries(KINDS.map(kind => [
    kind,
    changes
      .filter(change => change.kind === kind)
      .map(({ position, id, level, confidence }) => [position, id, level ?? null, confidence ?? null]),
  ]));
}

/** Refuses what is no trace before it is drawn. */
function check(json, sequence) {
  const whole = number => Number.isSafeInteger(number) && number >= 0;
  const require = (holds, what) => {
    if (!holds) throw new Error(`This is no trace of Anneal: ${what}.`);
  };
  require(json !== null && typeof json === "object", "it is no JSON object");
  for (const name of ["length", "levels", "known"]) require(whole(json[name]), `“${name}” is no number`);
  for (const name of ["order", "start", "steps"]) require(Array.isArray(json[name]), `“${name}” is no list`);
  const within = position => whole(position) && position < json.length;
  require(json.order.length === json.length && json.order.every(within), "“order” does not fit “length”");
  require(json.start[sequence]?.length === json.length, "“start” does not fit “length”");
  for (const step of json.steps) {
    require(whole(step.settled) && Array.isArray(step.levels), "a step has no levels");
    require(changesOf(step, sequence).every(each => within(each.position)), "a change is beyond the text");
  }
}
