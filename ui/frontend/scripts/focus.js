// Keeps the focus inside a panel while it is open. Returns the function that lets go.
const STOPS = 'a[href], button:not([disabled]), input:not([disabled]), select, textarea, summary, [tabindex]:not([tabindex="-1"])';

export function trap(panel, close) {
  const stops = () => [...panel.querySelectorAll(STOPS)].filter((stop) => stop.offsetParent !== null);
  const onKey = (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
    if (event.key !== "Tab") return;
    const all = stops();
    const edge = event.shiftKey ? all[0] : all[all.length - 1];
    if (document.activeElement === edge || !panel.contains(document.activeElement)) {
      event.preventDefault();
      (event.shiftKey ? all[all.length - 1] : all[0])?.focus();
    }
  };
  document.addEventListener("keydown", onKey);
  stops()[0]?.focus();
  return () => document.removeEventListener("keydown", onKey);
}
