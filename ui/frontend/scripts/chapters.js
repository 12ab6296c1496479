// [data-seek="65" data-player="id"]: a chapter plays in the page's own player; without scripts the link opens the file at #t=65.
function mark(player) {
  const links = [...document.querySelectorAll(`[data-player="${player.id}"]`)];
  const reached = links.filter((link) => Number(link.dataset.seek) <= player.currentTime + 0.5);
  const now = reached.at ? reached.at(-1) : reached[reached.length - 1];
  for (const link of links) link.toggleAttribute("aria-current", link === now && player.currentTime > 0);
  if (now && player.currentTime > 0) now.setAttribute("aria-current", "true");
}

export function start() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-seek]");
    const player = link && document.getElementById(link.dataset.player);
    if (!player || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    player.currentTime = Number(link.dataset.seek);
    player.play().catch(() => {});
    player.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("timeupdate", (event) => event.target.id && mark(event.target), true);
}
