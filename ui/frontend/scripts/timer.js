// [data-timer="8"]: the minutes of a stage, counted down on the board. It starts when the teacher says so, and goes on below zero.
const shown = (left) => `${left < 0 ? "超时 " : ""}${String(Math.floor(Math.abs(left) / 60)).padStart(2, "0")}:${String(Math.abs(left) % 60).padStart(2, "0")}`;

export function timer(minutes) {
  const box = Object.assign(document.createElement("div"), { className: "timer" });
  const clock = Object.assign(document.createElement("span"), { className: "num", textContent: shown(minutes * 60) });
  clock.setAttribute("role", "timer");
  const button = (text) => Object.assign(document.createElement("button"), { type: "button", className: "btn btn-line", textContent: text });
  const run = button("开始计时");
  const anew = button("重来");
  let left = minutes * 60;
  let end = 0;
  let beat = 0;
  const draw = () => {
    if (beat) left = Math.round((end - Date.now()) / 1000);
    clock.textContent = shown(left);
    box.classList.toggle("over", left < 0);
    if (!box.isConnected) pause();
  };
  const pause = () => {
    clearInterval(beat);
    beat = 0;
    run.textContent = left === minutes * 60 ? "开始计时" : "继续";
  };
  run.addEventListener("click", () => {
    if (beat) return pause();
    end = Date.now() + left * 1000;
    beat = setInterval(draw, 250);
    run.textContent = "暂停";
    return undefined;
  });
  anew.addEventListener("click", () => {
    left = minutes * 60;
    pause();
    draw();
  });
  box.append(clock, run, anew);
  return box;
}

export function start() {
  for (const place of document.querySelectorAll("[data-timer]")) place.replaceWith(timer(Number(place.dataset.timer)));
}
