/** What went wrong, in words, above the run. */

import { Problem } from "./client.js";
import { blame } from "./form.js";

const $ = id => document.getElementById(id);
const HOPELESS = [400, 401]; // the same request would fail again

/** Shows a failure; one of the service may be tried again, and may ask for a token. */
export function complain(failure) {
  $("problem-words").textContent = failure.message;
  $("problem").hidden = false;
  $("token-form").hidden = failure.status !== 401;
  $("retry").hidden = !(failure instanceof Problem) || HOPELESS.includes(failure.status);
  blame(failure.field);
  $("problem").scrollIntoView({ block: "nearest" });
}

/** Shows none. */
export function calm() {
  $("problem").hidden = true;
  blame(null);
}
