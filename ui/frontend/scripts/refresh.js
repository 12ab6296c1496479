// [data-refresh="2"]: fetch this page again after so many seconds and put the same element in place, while it asks for it.
async function again(element) {
  try {
    const answer = await fetch(location.href, { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(element.id);
    if (!fresh) return;
    element.replaceWith(fresh);
    wait(fresh);
  } catch {
    wait(element);
  }
}

function wait(element) {
  if (element.dataset.refresh) setTimeout(() => again(element), 1000 * Number(element.dataset.refresh));
}

export function start() {
  for (const element of document.querySelectorAll("[data-refresh][id]")) wait(element);
}
