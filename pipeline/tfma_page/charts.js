"use strict";
// What TFMA's viewer uses of Google Charts, which can only be loaded from the network: tables and column charts.
window.polymerSkipLoadingFontRoboto = true; // Polymer's own switch: no fonts from the network either
(() => {
  const listeners = new WeakMap();
  const events = {
    addListener(target, name, listener) {
      listeners.set(target, [...(listeners.get(target) ?? []), [name, listener]]);
    },
    addOneTimeListener(target, name, listener) {
      let due = true;
      events.addListener(target, name, (detail) => { if (due) { due = false; listener(detail); } });
    },
    trigger(target, name, detail) {
      for (const [of, listener] of listeners.get(target) ?? []) if (of === name) listener(detail);
    },
  };
  const make = (name, attributes = {}, ...children) => {
    const svg = ["svg", "g", "rect", "line", "text", "title"].includes(name);
    const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };
  const cell = (content) => {
    if (content === null || typeof content !== "object") return { v: content, f: String(content ?? "") };
    return content.f === "n/a" ? { ...content, v: null } : content; // TFMA says 0 of what a slice lacks
  };
  const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
  // Numbers by size, texts by the alphabet; what is undefined stays at the end.
  const compare = (a, b, sign = 1) => {
    const last = (value) => value === null || value === undefined || value === "NaN" || Number.isNaN(value);
    if (last(a) || last(b)) return last(a) - last(b);
    return sign * (isNumber(a) && isNumber(b) ? a - b : String(a).localeCompare(String(b)));
  };

  class DataTable {
    constructor(header = [], rows = []) {
      this.labels = header.map((column) => column?.label ?? (typeof column === "object" ? "" : column));
      this.rows = rows.map((row) => row.map(cell));
    }
    getNumberOfRows() { return this.rows.length; }
    sort([{ column }]) { this.rows.sort((a, b) => compare(a[column].v, b[column].v)); }
  }

  class DataView {
    constructor(table) { Object.assign(this, { table, columns: [] }); }
    setColumns(columns) { this.columns = columns.filter(Number.isInteger); } // the others repeat them as texts
    get labels() { return this.columns.map((column) => this.table.labels[column]); }
    get rows() { return this.table.rows.map((row) => this.columns.map((column) => row[column])); }
  }

  // The names of Google's classes are those that TFMA's style sheet knows.
  const prefix = "google-visualization-table";
  class Table {
    constructor(container) { Object.assign(this, { container, selection: [], page: 0, sorted: null }); }
    getSelection() { return this.selection; }
    setSelection(selection) { this.selection = selection ?? []; this.show(); }
    draw(table, options) {
      Object.assign(this, { table, size: options.pageSize ?? Infinity, page: 0, sorted: null });
      this.order = table.rows.map((_, index) => index);
      this.show();
      events.trigger(this, "ready");
    }
    sort(column) {
      const ascending = !(this.sorted?.column === column && this.sorted.ascending);
      this.sorted = { column, ascending };
      const value = (index) => this.table.rows[index][column].v;
      this.order.sort((a, b) => compare(value(a), value(b), ascending ? 1 : -1));
      this.page = 0;
      this.show();
      events.trigger(this, "sort", { column, ascending, sortedIndexes: this.order });
      events.trigger(this, "page", { page: 0 });
    }
    turn(page) { this.page = page; this.show(); events.trigger(this, "page", { page }); }
    select(row) {
      this.setSelection(this.selection[0]?.row === row ? [] : [{ row }]);
      events.trigger(this, "select");
    }
    show() {
      if (!this.table) return;
      const button = (act, ...content) => {
        const node = make("button", { type: "button", style: "all: unset; cursor: pointer; font: inherit; outline: revert" }, ...content);
        node.addEventListener("click", act);
        return node;
      };
      const head = make("tr", { class: `${prefix}-tr-head` }, ...this.table.labels.map((label, column) => {
        const order = this.sorted?.column === column ? (this.sorted.ascending ? "ascending" : "descending") : "";
        const sign = make("span", { class: `${prefix}-sortind` });
        return make("th", { class: `${prefix}-th ${order && "sort-" + order}`, scope: "col", ...(order && { "aria-sort": order }) },
          button(() => this.sort(column), label), sign);
      }));
      const from = this.page * this.size;
      const body = this.order.slice(from, from + this.size).map((index, at) => {
        const chosen = this.selection.some(({ row }) => row === index);
        const row = make("tr", { class: `${prefix}-tr-${at % 2 ? "odd" : "even"} ${chosen ? prefix + "-tr-sel" : ""}` },
          ...this.table.rows[index].map((content) => make("td", { class: `${prefix}-td` }, format(content.f))));
        row.addEventListener("click", () => this.select(index));
        return row;
      });
      const table = make("table", { class: `${prefix}-table`, style: "border-collapse: collapse; width: 100%; white-space: nowrap" },
        make("thead", {}, head), make("tbody", {}, ...body));
      const parts = [make("div", { style: "overflow-x: auto" }, table)];
      const pages = Math.ceil(this.order.length / this.size);
      if (pages > 1) {
        const numbers = Array.from({ length: pages }, (_, page) => {
          const number = make("a", { class: `${prefix}-page-number ${page === this.page ? "current" : ""}` });
          number.append(button(() => this.turn(page), String(page + 1)));
          return number;
        });
        parts.push(make("div", { class: `${prefix}-div-page`, style: "padding: 8px" }, ...numbers));
      }
      this.container.replaceChildren(make("div", { class: prefix }, ...parts));
    }
  }
  // A cell is a text or one of TFMA's own elements; a slice's value, which comes from the data, is never more than text.
  function format(text) {
    const { childNodes: [node, ...others] } = new DOMParser().parseFromString(text, "text/html").body;
    if (others.length || !node?.localName?.startsWith("tfma-")) return String(text);
    const names = ["data", "value", "lower-bound", "upper-bound"].filter((name) => node.hasAttribute(name));
    return make(node.localName, Object.fromEntries(names.map((name) => [name, node.getAttribute(name)])));
  }

  const colors = ["#3366cc", "#dc3912"], margin = { top: 36, right: 120, bottom: 28, left: 120 };
  class ColumnChart {
    constructor(container) { this.container = container; }
    getSelection() { return []; }
    setSelection() {}
    draw({ labels, rows }, { width = 680, height = 200, hAxis = {}, bar = {} }) {
      const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
      const base = margin.top + inner.height, step = inner.width / Math.max(rows.length, 1), series = labels.length - 1;
      const room = step * parseFloat(bar.groupWidth ?? "75%") / 100, wide = room / Math.max(series, 1);
      const bars = make("g"), notes = make("g", { "font-size": 11, "text-anchor": "middle", fill: "#444" });
      for (let of = 1; of <= series; of++) {
        const values = rows.map((row) => row[of].v), top = Math.max(...values.filter(isNumber), 0) || 1;
        values.forEach((value, at) => {
          const high = isNumber(value) ? inner.height * Math.max(value, 0) / top : 0;
          const x = margin.left + at * step + (step - room) / 2 + (of - 1) * wide;
          const shown = isNumber(value) ? String(Number(value.toPrecision(5))) : "undefined";
          bars.append(make("rect", { x, y: base - high, width: wide, height: high, fill: colors[of - 1] },
            make("title", {}, `${rows[at][0].f}: ${labels[of]} ${shown}`)));
          notes.append(make("text", { x: x + wide / 2, y: base - high - 4 }, wide > 24 ? shown : ""));
        });
      }
      const ticks = (hAxis.ticks ?? []).map(({ f }, at) =>
        make("text", { x: margin.left + at * step, y: base + 16, "font-size": 11, "text-anchor": "middle", fill: "#444" }, f));
      const legend = labels.slice(1).flatMap((label, at) => [
        make("rect", { x: margin.left + at * 280, y: 2, width: 12, height: 12, fill: colors[at] }),
        make("text", { x: margin.left + at * 280 + 18, y: 12, "font-size": 12, fill: "#222" }, label),
      ]);
      const axis = make("line", { x1: margin.left, x2: width - margin.right, y1: base, y2: base, stroke: "#333" });
      // TFMA finds the bars and their notes by this order of groups.
      this.container.replaceChildren(make("svg", { width, height, role: "img", "aria-label": labels.slice(1).join(", ") },
        make("g", { "clip-path": "none" }, make("g"), bars), make("g", {}, axis), make("g", {}, ...ticks, ...legend), notes));
      events.trigger(this, "ready");
    }
  }

  class Missing {
    constructor(container) { this.container = container; }
    draw() {
      this.container.textContent = "Not drawn: this kind of chart needs Google Charts, which is loaded from the network.";
      events.trigger(this, "ready");
    }
  }

  class ChartWrapper {
    constructor({ container }) { this.container = container; }
    setChartType(type) { this.type = type; this.chart = null; }
    setDataTable(table) { this.data = table; }
    setOptions(options) { this.options = options; }
    getChart() { return this.chart; }
    draw() {
      if (!this.chart) {
        this.chart = new ({ Table, ColumnChart }[this.type] ?? Missing)(this.container);
        for (const name of ["ready", "select"]) events.addListener(this.chart, name, (detail) => events.trigger(this, name, detail));
      }
      this.chart.draw(this.data, this.options ?? {});
    }
  }

  const arrayToDataTable = ([header, ...rows]) => new DataTable(header, rows);
  window.google = {
    charts: { load: () => Promise.resolve() },
    visualization: { arrayToDataTable, ChartWrapper, ColumnChart, DataTable, DataView, events },
  };
})();
