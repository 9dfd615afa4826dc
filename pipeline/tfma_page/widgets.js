"use strict";
// Gives TFMA's elements their data.
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const table = document.querySelector("tfma-nb-slicing-metrics");
  // TFMA shows nothing until a class is picked, if metrics have classes: "No class", the first, stands for the others.
  const picker = table.shadowRoot.querySelector("tfma-config-picker").shadowRoot;
  const observer = new MutationObserver(() => {
    const classes = picker.querySelector("#class-picker");
    if (!classes) return;
    observer.disconnect();
    classes.selectIndex(0);
  });
  observer.observe(picker, { childList: true });
  table.config = { weightedExamplesColumn: "example_count" };
  table.data = read("metrics");
  const wide = document.createElement("style"); // TFMA leaves 120 pixels free on both sides
  wide.textContent = "#table { width: auto; margin: 20px 0 }";
  table.shadowRoot.querySelector("tfma-slicing-metrics-browser").shadowRoot.append(wide);

  const plot = document.querySelector("tfma-nb-plot");
  if (!plot) return;
  const plots = read("plots"), chooser = document.getElementById("slice");
  const show = () => Object.assign(plot, plots[chooser?.selectedIndex ?? 0]);
  chooser?.addEventListener("change", show);
  show();
})();
