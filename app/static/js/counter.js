/* The counter's desk: one key per mark, the scan that follows the line, and a button that says what it will do.
   Without it every input is there and the server answers the same. */
(function () {
  "use strict";

  var desk = document.getElementById("desk");
  var rows = Array.prototype.slice.call(document.querySelectorAll(".original"));
  var values = { 1: "match", 2: "differs", 3: "missing" };

  function result(row) {
    var ticked = row.querySelector("input[type=radio]:checked");
    return ticked ? ticked.value : "";
  }

  function fill(words, numbers) {
    return words.replace(/\{(\w+)\}/g, function (whole, name) { return name in numbers ? numbers[name] : whole; });
  }

  function isUnmatched(row) { return result(row) === "differs" || result(row) === "missing"; }
  function isDone(row) { return result(row) ? result(row) === "match" : row.hasAttribute("data-seen"); }
  function isOpen(row) { return !result(row) && !row.hasAttribute("data-seen"); }

  function draw() {
    rows.forEach(function (row) {
      row.classList.toggle("done", isDone(row));
      row.classList.toggle("bad", isUnmatched(row));
      row.querySelector("[data-note]").hidden = !isUnmatched(row) && !row.querySelector("[data-note] input").value;
    });
    var left = rows.filter(isOpen).length;
    var unmatched = rows.filter(isUnmatched).length;
    var tally = document.querySelector("[data-tally]");
    if (tally) { tally.textContent = fill(tally.getAttribute("data-count"), { done: rows.length - left, all: rows.length }); }
    var line = document.querySelector(".facts [data-left]");
    if (line) {
      line.textContent = left ? fill(line.getAttribute("data-count"), { left: left }) : line.getAttribute("data-none");
      line.className = "finding " + (left ? "finding-warn" : "finding-ok");
    }
    drawButton(unmatched);
  }

  function drawButton(unmatched) {
    var button = document.querySelector("[data-finish]");
    if (!button) { return; }
    var label = unmatched ? fill(button.getAttribute("data-return"), { count: unmatched }) : button.getAttribute("data-pass");
    button.querySelector("[data-label]").textContent = label;
    if (unmatched) {
      button.setAttribute("data-confirm", button.getAttribute("data-ask"));
      button.setAttribute("data-confirm-yes", label);
    } else {
      button.removeAttribute("data-confirm");
    }
  }

  function take(row) {
    rows.forEach(function (other) { other.classList.toggle("now", other === row); });
  }

  function onward(row) {
    var rest = rows.slice(rows.indexOf(row) + 1).concat(rows).filter(isOpen);
    (rest[0] || document.querySelector("[data-finish]")).focus();
  }

  function mark(row, value) {
    row.querySelector("input[value=" + value + "]").checked = true;
    if (desk) { desk.setAttribute("data-dirty", ""); }
    draw();
    if (value === "match") { onward(row); } else { row.querySelector("[data-note] input").focus(); }
  }

  rows.forEach(function (row) {
    row.addEventListener("focusin", function () { take(row); });
    row.addEventListener("change", draw);
    row.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("[data-note] input")) { return; }
      if (values[event.key]) { event.preventDefault(); event.stopPropagation(); mark(row, values[event.key]); }
    });
  });

  /* Annex 2 asks for the agency; annex 1 has none. */
  function drawLetter() {
    var form = document.querySelector("[name=mandate_form]:checked");
    document.querySelectorAll("[data-for-form]").forEach(function (part) {
      part.hidden = Boolean(form) && form.value !== part.getAttribute("data-for-form");
    });
  }

  document.addEventListener("change", function (event) {
    if (event.target.name === "mandate_form") { drawLetter(); }
  });

  if (rows.length) {
    draw();
    var first = rows.filter(isOpen)[0];
    if (first && !document.querySelector("[data-focus], .new-letter[open]")) { first.focus({ preventScroll: true }); }
  }
  drawLetter();
}());
