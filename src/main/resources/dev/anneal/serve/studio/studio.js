/** The studio: controls on one side, runs on the other, and what happens between them. */

import { anneal, options, plan, Problem, useToken } from "./client.js";
import { showExamples } from "./examples.js";
import { load, save } from "./files.js";
import { fill, fromFragment, read, requests, toFragment, write } from "./form.js";
import { markGaps } from "./gaps.js";
import { HeatMap } from "./heat.js";
import { Lane } from "./lane.js";
import { scale } from "./palette.js";
import { calm, complain } from "./problem.js";
import { Timeline } from "./timeline.js";
import { followTheme } from "./theme.js";
import { Trace } from "./trace.js";

const $ = id => document.getElementById(id);
const NARROW = matchMedia("(max-width: 52rem)"); // the run is below the controls, not beside them
const CALM = 200; // milliseconds without a change before the plan is asked for

let lanes = [];
let running; // the AbortController of the run
let planned; // the AbortController of the plan that is asked for

const preview = new HeatMap($("plan"), { planned: 1 });
const timeline = new Timeline(() => draw());

/* What is shown */

function colour() {
  return document.querySelector("[name=colour]:checked").value;
}

let drawing = 0;
function draw() {
  drawing ||= requestAnimationFrame(() => {
    drawing = 0;
    for (const lane of lanes) lane.show(timeline.state, colour());
    const sure = lanes.some(lane => lane.trace.confident);
    document.querySelector("[name=colour][value=confidence]").disabled = !sure && lanes.some(lane => lane.trace.reached > 0);
    $("scale").style.background = scale(colour());
    $("scale-words").textContent =
      colour() === "level" ? "provisional, hot to cool" : "chance 0.1 % … 100 %";
  });
}

function showTraces(traces) {
  lanes = traces.map(trace => {
    const lane = new Lane(timeline);
    lane.load(trace);
    return lane;
  });
  $("lanes").replaceChildren(...lanes.map(lane => lane.element));
  timeline.begin(Math.max(...traces.map(trace => trace.steps.length)));
}

/** A run, or a trace of one, has the page. */
function leaveWelcome() {
  $("welcome").hidden = true;
  $("save").disabled = false;
  if (NARROW.matches) $("stage").scrollIntoView();
}

/* A run */

async function run() {
  stop();
  calm();
  const controller = (running = new AbortController());
  $("run").textContent = "Stop";
  const settings = read();
  const asked = requests(settings);
  history.replaceState(null, "", toFragment(settings));
  try {
    const plans = await Promise.all(asked.map(request => plan(request, controller.signal)));
    showTraces(plans.map(each => new Trace(each)));
    leaveWelcome();
    await Promise.all(lanes.map((lane, index) => follow(lane, asked[index], controller)));
    $("news").textContent = `Done. ${lanes.map(lane => lane.trace.text(Infinity)).join(" ")}`;
  } catch (failure) {
    controller.abort();
    for (const lane of lanes.filter(each => ["waiting", "running"].includes(each.status))) {
      lane.status = failure instanceof Problem ? "broken" : "stopped";
    }
    if (failure instanceof Problem) complain(failure);
    else if (failure.name !== "AbortError") throw failure;
  } finally {
    if (running === controller) {
      running = undefined;
      $("run").textContent = "Run";
    }
    draw();
  }
}

async function follow(lane, request, { signal }) {
  lane.status = "waiting";
  lane.trace.request = request;
  for await (const [kind, data] of anneal(request, signal)) {
    if (kind === "done") {
      Object.assign(lane.trace, { calls: data.calls, seconds: data.seconds });
      lane.trace.reached = lane.trace.steps.length;
      lane.status = "done";
    } else {
      lane.status = "running";
      lane.begun ??= performance.now();
      lane.trace.add(kind, data);
    }
    timeline.reach(Math.max(...lanes.map(each => each.trace.reached)));
  }
}

function stop() {
  running?.abort();
  running = undefined;
  $("run").textContent = "Run";
}

/* The plan of what is set */

let waiting = 0;
function previewSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(showPlan, CALM);
}

async function showPlan() {
  clearTimeout(waiting);
  planned?.abort();
  const { signal } = (planned = new AbortController());
  try {
    const plans = await Promise.all(requests(read()).map(request => plan(request, signal)));
    const traces = plans.map(each => new Trace(each));
    preview.show(traces[0]);
    const words = `${traces[0].unknown} tokens in ${traces[0].steps.length} steps`;
    $("plan-words").textContent = words;
    $("plan").setAttribute("aria-label", `The plan: ${words}`);
    if (!running && lanes.every(lane => lane.status === "planned")) showTraces(traces);
  } catch (failure) {
    if (failure.name === "AbortError") return;
    if (!(failure instanceof Problem)) throw failure;
    $("plan-words").textContent = failure.message;
    if (failure.status === 401) complain(failure);
  }
}

/* Files and links */

async function open(file) {
  stop();
  calm();
  let traces;
  try {
    traces = await load(file);
  } catch (failure) {
    complain(failure);
    return;
  }
  showTraces(traces);
  leaveWelcome();
  for (const lane of lanes) lane.status = "opened";
  const [first, second] = traces.map(trace => trace.request);
  if (first) write({ ...first, versus: second?.sampler });
  timeline.reach(Math.max(...traces.map(trace => trace.reached)));
}

async function copyLink() {
  const address = new URL(toFragment(read()), location.href).href;
  history.replaceState(null, "", address);
  try {
    await navigator.clipboard.writeText(address);
    tell("Copied");
  } catch {
    tell("In the address bar");
  }
}

function tell(words) {
  $("link").textContent = words;
  $("news").textContent = words;
  setTimeout(() => ($("link").textContent = "Copy link"), 2000);
}

/* Everything together */

function listen() {
  $("form").addEventListener("submit", event => {
    event.preventDefault();
    if (running) stop();
    else run();
  });
  $("form").addEventListener("input", previewSoon);
  document.addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
    if (event.key === "Escape" && running) stop();
  });
  for (const radio of document.querySelectorAll("[name=colour]")) radio.addEventListener("change", draw);
  $("new-seed").addEventListener("click", () => {
    $("seed").value = crypto.getRandomValues(new Uint32Array(1))[0];
    previewSoon();
  });
  $("link").addEventListener("click", copyLink);
  $("save").addEventListener("click", () => save(lanes.map(lane => lane.trace)));
  $("open").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", () => {
    if ($("file").files.length > 0) open($("file").files[0]);
    $("file").value = "";
  });
  $("retry").addEventListener("click", () => ($("controls").disabled ? begin() : run()));
  $("dismiss").addEventListener("click", calm);
  $("token-form").addEventListener("submit", event => {
    event.preventDefault();
    useToken($("token").value);
    calm();
    begin();
  });
  document.querySelector(".skip").addEventListener("click", event => {
    event.preventDefault();
    $("stage").focus();
  });
  addEventListener("hashchange", repeat);
}

/** Runs what the address says, if it says anything. */
function repeat() {
  const given = fromFragment(location.hash);
  if (!given) return false;
  write(given);
  run();
  return true;
}

async function begin() {
  try {
    const offer = await options();
    fill(offer);
    $("model").textContent = `${offer.model}, texts of up to ${offer.longest} tokens`;
    $("controls").disabled = false;
    showExamples($("examples"), example => {
      write({ versus: undefined, ...example });
      run();
    });
    repeat();
    showPlan();
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    $("model").textContent = "no service";
    complain(failure);
  }
}

if (NARROW.matches) $("settings").open = false;
markGaps({ prompt: $("prompt"), shade: $("shade"), button: $("gap"), size: $("gap-size") });
followTheme($("theme"), () => {
  draw();
  previewSoon();
});
listen();
begin();
