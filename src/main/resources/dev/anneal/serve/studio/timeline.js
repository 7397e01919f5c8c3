/** Where in a run the page is: a slider over its steps, and a button that plays them. */

const $ = id => document.getElementById(id);
const WHOLE = 6000; // milliseconds that a replay takes, if its steps are not too few or too many
const FASTEST = 25;
const SLOWEST = 250;

export class Timeline {
  #onMove;
  #timer = 0;
  #reached = 0;
  following = true;

  /** @param onMove is told of the step to show */
  constructor(onMove) {
    this.#onMove = onMove;
    $("state").addEventListener("input", () => {
      this.pause();
      this.following = this.state >= this.#reached;
      this.#move();
    });
    $("play").addEventListener("click", () => (this.#timer ? this.pause() : this.play()));
  }

  get state() {
    return $("state").valueAsNumber;
  }

  /** Takes a run of so many steps. */
  begin(steps) {
    this.pause();
    this.following = true;
    this.#reached = 0;
    Object.assign($("state"), { max: steps, value: 0, disabled: steps === 0 });
    $("play").disabled = true;
    this.#move();
  }

  /** The run has come so far; those who look at its end go on with it. */
  reach(state) {
    this.#reached = state;
    $("play").disabled = state === 0;
    if (this.following && !this.#timer) $("state").value = state;
    this.#move();
  }

  /** Goes to a step, as the reader wants it. */
  go(state) {
    $("state").value = state;
    $("state").dispatchEvent(new Event("input"));
  }

  /** Plays from here on, from the beginning if this is the end. */
  play() {
    if (this.state >= this.#reached) $("state").value = 0;
    this.following = false;
    const pause = Math.min(Math.max(WHOLE / Math.max(this.#reached, 1), FASTEST), SLOWEST);
    this.#timer = setInterval(() => {
      $("state").value = this.state + 1;
      if (this.state >= this.#reached) this.pause();
      this.#move();
    }, pause);
    this.#label();
    this.#move();
  }

  pause() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#label();
  }

  #label() {
    $("play").textContent = this.#timer ? "❚❚" : "▶";
    $("play").setAttribute("aria-label", this.#timer ? "Pause" : "Play");
  }

  #move() {
    const shown = Math.min(this.state, this.#reached);
    $("state-words").textContent = `step ${shown} of ${$("state").max}`;
    this.#onMove(this.state);
  }
}
