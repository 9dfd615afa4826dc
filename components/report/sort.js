"use strict";
// Headers that can sort become buttons; cells without data-value stay at the end.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0], original = [...body.rows], headers = [...table.tHead.rows[0].cells];
  headers.forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const next = { ascending: "descending", descending: "" }[header.getAttribute("aria-sort")] ?? "ascending";
      headers.forEach((other) => other.removeAttribute("aria-sort"));
      if (next) header.setAttribute("aria-sort", next);
      body.append(...sorted(original, column, next));
    });
  });
}
function sorted(rows, column, order) {
  if (!order) return rows;
  const sign = order === "ascending" ? 1 : -1, value = (row) => row.cells[column].dataset.value;
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === undefined || y === undefined) return (x === undefined) - (y === undefined);
    return sign * (x - y || x.localeCompare(y)); // names give NaN
  });
}
