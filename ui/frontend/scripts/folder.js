// A folder is sent with the place of each file in it, which a browser leaves out of the file's name; and how many there are.
export function start() {
  for (const form of document.querySelectorAll("[data-folder-form]")) {
    const paths = form.querySelector("input[name=paths]");
    const count = form.querySelector("[data-folder-count]");
    form.addEventListener("change", (event) => {
      const chosen = event.target;
      if (!(chosen instanceof HTMLInputElement) || chosen.type !== "file") return;
      for (const other of form.querySelectorAll("input[type=file]")) if (other !== chosen) other.value = "";
      const files = [...chosen.files];
      paths.value = JSON.stringify(files.map((file) => file.webkitRelativePath || file.name));
      count.textContent = files.length ? `已选 ${files.length} 个文件。` : "";
    });
  }
}
