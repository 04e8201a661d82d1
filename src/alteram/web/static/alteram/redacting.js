// Drawing on pictures of pages fills the rows of places, by pointer and by keys; without script numbers are typed.
"use strict";
(function () {
  const form = document.getElementById("cuts");
  const list = document.getElementById("places");
  const pattern = document.getElementById("place-row");
  const told = document.getElementById("told");
  const sheets = new Map(Array.from(document.querySelectorAll("[data-page]"), (one) => [one.dataset.page, one]));
  if (!form || !sheets.size) return;
  const total = form.elements["places-TOTAL_FORMS"];
  const most = Number(total.dataset.most);
  const START = { width: 30, height: 6 }; // of a place that is not drawn but added
  const SMALLEST = 0.5;
  const boxes = new Map(); // the box on a page of each row

  const field = (row, part) => row.querySelector(`[data-part=${part}]`);
  const read = (row, part) => Number.parseFloat(field(row, part).value);
  const within = (number, low, high) => Math.min(Math.max(number, low), Math.max(low, high));
  const round = (number) => String(Math.round(number * 10) / 10);
  const isEmpty = (row) => Array.from(row.querySelectorAll("[data-part]")).every((one) => !one.value);

  function write(row, place) {
    const width = within(place.width, SMALLEST, 100);
    const height = within(place.height, SMALLEST, 100);
    field(row, "width").value = round(width);
    field(row, "height").value = round(height);
    field(row, "left").value = round(within(place.left, 0, 100 - width));
    field(row, "top").value = round(within(place.top, 0, 100 - height));
    show(row);
  }

  const readPlace = (row) =>
    Object.fromEntries(["left", "top", "width", "height"].map((part) => [part, read(row, part)]));

  // Puts the box of a row where its numbers say, or takes it off.
  function show(row) {
    const place = readPlace(row);
    const sheet = sheets.get(field(row, "page").value.trim());
    let box = boxes.get(row);
    if (!sheet || Object.values(place).some(Number.isNaN)) {
      if (box) box.remove();
      return;
    }
    if (!box) {
      box = makeBox(row);
      boxes.set(row, box);
    }
    if (box.parentNode !== sheet) sheet.append(box);
    for (const part of Object.keys(place)) box.style[part] = `${place[part]}%`;
    const words = { PAGE: sheet.dataset.page, LEFT: place.left, TOP: place.top, WIDTH: place.width, HEIGHT: place.height };
    const label = form.dataset.box.replace(/PAGE|LEFT|TOP|WIDTH|HEIGHT/g, (word) => words[word]);
    box.setAttribute("aria-label", label);
  }

  function makeBox(row) {
    const box = document.createElement("button");
    box.type = "button";
    box.className = "cut-box";
    const corner = document.createElement("span");
    corner.className = "corner";
    box.append(corner);
    box.addEventListener("click", (event) => event.detail || field(row, "reason").focus());
    box.addEventListener("dblclick", () => field(row, "reason").focus());
    box.addEventListener("keydown", (event) => move(event, row));
    box.addEventListener("pointerdown", (event) => drag(event, row, event.target === corner));
    return box;
  }

  function move(event, row) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const place = readPlace(row);
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      remove(row);
    } else if (steps[event.key]) {
      event.preventDefault();
      const [across, down] = steps[event.key];
      if (event.shiftKey) {
        place.width = within(place.width + across, SMALLEST, 100 - place.left);
        place.height = within(place.height + down, SMALLEST, 100 - place.top);
      } else {
        place.left += across;
        place.top += down;
      }
      write(row, place);
    }
  }

  // Follows the pointer until it is let go; `change` is given how far it went, in hundredths of the page.
  function follow(event, target, sheet, change, done) {
    event.preventDefault();
    const area = sheet.getBoundingClientRect();
    target.setPointerCapture(event.pointerId);
    const go = (next) =>
      change(((next.clientX - event.clientX) * 100) / area.width, ((next.clientY - event.clientY) * 100) / area.height);
    const stop = () => {
      target.removeEventListener("pointermove", go);
      target.removeEventListener("pointerup", stop);
      target.removeEventListener("pointercancel", stop);
      if (done) done();
    };
    target.addEventListener("pointermove", go);
    target.addEventListener("pointerup", stop);
    target.addEventListener("pointercancel", stop);
  }

  function drag(event, row, isCorner) {
    event.stopPropagation();
    const box = boxes.get(row);
    const was = readPlace(row);
    box.focus();
    follow(event, box, box.parentNode, (across, down) => {
      const place = { ...was };
      if (isCorner) {
        place.width = within(was.width + across, SMALLEST, 100 - was.left);
        place.height = within(was.height + down, SMALLEST, 100 - was.top);
      } else {
        place.left += across;
        place.top += down;
      }
      write(row, place);
    });
  }

  // Returns an empty row: one that is there, or a new one.
  function takeRow() {
    const rows = Array.from(list.querySelectorAll("[data-place]"));
    const free = rows.find(isEmpty);
    if (free) return free;
    const number = Number(total.value);
    if (number >= most) {
      told.textContent = form.dataset.full;
      return null;
    }
    const made = pattern.content.cloneNode(true);
    for (const one of made.querySelectorAll("[id], [name], [for]")) {
      for (const name of ["id", "name", "for"]) {
        const value = one.getAttribute(name);
        if (value) one.setAttribute(name, value.replace("__prefix__", String(number)));
      }
    }
    const row = made.querySelector("[data-place]");
    row.querySelector("legend").append(` ${number + 1}`);
    total.value = String(number + 1);
    list.insertBefore(made, pattern);
    prepare(row);
    return row;
  }

  function add(page, place) {
    const reasons = Array.from(list.querySelectorAll("[data-part=reason]"), (one) => one.value).filter(Boolean);
    const row = takeRow();
    if (!row) return null;
    row.hidden = false;
    field(row, "page").value = page;
    field(row, "reason").value = reasons.at(-1) || "";
    write(row, place);
    return row;
  }

  function remove(row) {
    for (const one of row.querySelectorAll("[data-part]")) one.value = "";
    const box = boxes.get(row);
    const sheet = box && box.parentNode;
    show(row);
    row.hidden = true;
    told.textContent = form.dataset.gone;
    const [anySheet] = sheets.values();
    (sheet || anySheet).parentNode.querySelector("[data-add]").focus();
  }

  function prepare(row) {
    const button = row.querySelector("[data-remove]");
    button.hidden = false;
    button.addEventListener("click", () => remove(row));
    row.addEventListener("input", () => show(row));
    show(row);
  }

  function draw(event, sheet) {
    if (event.button !== 0) return;
    const area = sheet.getBoundingClientRect();
    const left = ((event.clientX - area.left) * 100) / area.width;
    const top = ((event.clientY - area.top) * 100) / area.height;
    if (event.pointerType === "touch") return; // a finger scrolls; a tap adds a place, see below
    const row = add(sheet.dataset.page, { left, top, width: SMALLEST, height: SMALLEST });
    if (!row) return;
    const finish = () => {
      const made = readPlace(row);
      // Pressed and not drawn: a place of an ordinary size around it.
      if (made.width <= 1 && made.height <= 1) write(row, around(left, top));
      boxes.get(row).focus();
    };
    follow(event, sheet, sheet, (across, down) => {
      const right = within(left + across, 0, 100);
      const bottom = within(top + down, 0, 100);
      write(row, {
        left: Math.min(left, right),
        top: Math.min(top, bottom),
        width: Math.abs(right - left),
        height: Math.abs(bottom - top),
      });
    }, finish);
  }

  const around = (left, top) => ({ left: left - START.width / 2, top: top - START.height / 2, ...START });

  for (const sheet of sheets.values()) {
    const button = sheet.parentNode.querySelector("[data-add]");
    button.hidden = false;
    button.addEventListener("click", () => {
      const row = add(sheet.dataset.page, around(50, 50));
      if (row) boxes.get(row).focus();
    });
    sheet.addEventListener("pointerdown", (event) => draw(event, sheet));
    let isTap = false;
    sheet.addEventListener("pointerdown", (event) => (isTap = event.pointerType === "touch"));
    sheet.addEventListener("click", (event) => {
      if (!isTap || event.target.closest(".cut-box")) return;
      const area = sheet.getBoundingClientRect();
      const left = ((event.clientX - area.left) * 100) / area.width;
      const row = add(sheet.dataset.page, around(left, ((event.clientY - area.top) * 100) / area.height));
      if (row) boxes.get(row).focus();
    });
    sheet.classList.add("drawable");
  }
  for (const one of document.querySelectorAll("[data-script]")) one.hidden = false;
  for (const one of document.querySelectorAll("[data-noscript]")) one.hidden = true;
  for (const row of list.querySelectorAll("[data-place]")) {
    prepare(row);
    row.hidden = isEmpty(row);
  }
})();
