"use strict";
const find = (id) => document.getElementById(id);
let newest = 0;

async function show(file) {
  const number = ++newest;
  find("message").textContent = `${file.name} is on its way …`;
  find("message").className = "muted";
  try {
    const response = await fetch("mask", { method: "POST", body: file });
    const answer = await response.json();
    if (number !== newest) return;
    if (!response.ok) throw new Error(answer.error);
    URL.revokeObjectURL(find("image").src);
    find("image").src = URL.createObjectURL(file);
    find("mask").src = find("download").href = `data:image/png;base64,${answer.mask}`;
    find("download").download = `${file.name.replace(/\.[^.]*$/, "")}.mask.png`;
    find("version").textContent = answer.version;
    find("legend").replaceChildren(...answer.classes.map(entry));
    find("result").hidden = false;
    find("message").textContent = file.name;
  } catch (error) {
    if (number !== newest) return;
    find("message").textContent = `${file.name}: ${error.message}`;
    find("message").className = "bad";
  }
}

function entry({ name, color, share }) {
  const item = document.createElement("li");
  const swatch = document.createElement("span");
  swatch.className = "swatch";
  swatch.style.background = color;
  item.append(swatch, `${name} ${(100 * share).toFixed(1)} %`);
  return item;
}

function fade() {
  find("mask").style.opacity = find("opacity").value / 100;
}

find("file").addEventListener("change", () => find("file").files[0] && show(find("file").files[0]));
find("opacity").addEventListener("input", fade);
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    find("drop").classList.toggle("over", kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files[0]) show(event.dataTransfer.files[0]);
  });
}
fade();
