// The editor's questions to the server. Every answer is {status, ...json}; no answer is {status: 0}.
let token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

export function renew(csrf) {
  if (csrf) token = csrf;
}

async function ask(address, options) {
  let response;
  try {
    response = await fetch(address, { credentials: "same-origin", redirect: "manual", cache: "no-store", ...options });
  } catch {
    return { status: 0, sentence: "没有网络" };
  }
  if (response.type === "opaqueredirect") return { status: 403, code: "token" };
  const json = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
  return { sentence: "网站暂时没有回应，过一会儿自动再试", ...json, status: response.status };
}

export const get = (address) => ask(address, { headers: { Accept: "application/json" } });

export function post(address, body, { last = false } = {}) {
  const isForm = body instanceof FormData;
  const text = isForm ? body : JSON.stringify(body);
  const headers = { "X-CSRFToken": token, Accept: "application/json", ...(!isForm && { "Content-Type": "application/json" }) };
  return ask(address, { method: "POST", headers, body: text, keepalive: last && !isForm && text.length < 20_000 });
}
