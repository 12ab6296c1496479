// .toc a[href^="#"]: marks the section being read.
export function start() {
  const links = [...document.querySelectorAll('.toc a[href^="#"]')];
  const targets = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1)))).filter(Boolean);
  if (!targets.length || !("IntersectionObserver" in window)) return;
  const mark = (id) =>
    links.forEach((link) => {
      if (decodeURIComponent(link.hash.slice(1)) === id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  const watcher = new IntersectionObserver(
    (entries) => {
      const seen = entries.filter((entry) => entry.isIntersecting);
      if (seen.length) mark(seen[0].target.id);
    },
    { rootMargin: "0px 0px -70% 0px" },
  );
  targets.forEach((target) => watcher.observe(target));
}
