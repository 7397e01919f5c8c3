/** Dark and light: as the system has it, or as the reader says. */

const KEY = "anneal-theme";
const NEXT = { "": "dark", dark: "light", light: "" };
const LOOK = { "": ["◐", "as the system"], dark: ["☾", "dark"], light: ["☀", "light"] };

/** Makes a button go through the three, and tells of every change of the colours. */
export function followTheme(button, onChange) {
  const set = theme => {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    const [sign, words] = LOOK[theme] ?? LOOK[""];
    button.textContent = sign;
    button.setAttribute("aria-label", `Colours: ${words}`);
    button.title = `Colours: ${words}`;
  };
  set(localStorage.getItem(KEY) ?? "");
  button.addEventListener("click", () => {
    const theme = NEXT[document.documentElement.dataset.theme ?? ""];
    localStorage.setItem(KEY, theme);
    set(theme);
    onChange();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", onChange);
}
