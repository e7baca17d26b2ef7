/* The return sheet: rows come and go, keep their numbers in order, and the button says how many there are. */
(function () {
  "use strict";
  var form = document.querySelector("[data-return-sheet]");
  var base = document.querySelector("[data-kind]");

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-return-target]");
    if (!button) { return; }
    var target = button.getAttribute("data-return-target");
    if (form) { addRow(target); return; }
    window.location.href = "/" + base.getAttribute("data-kind") + "s/return/" + base.getAttribute("data-id") + "#" + target;
  });
  if (!form) { return; }
  var list = form.querySelector("[data-rows]");

  function rows() { return Array.prototype.slice.call(list.querySelectorAll("[data-row]")); }

  function renumber() {
    rows().forEach(function (row, n) {
      row.querySelectorAll("[name]").forEach(function (input) {
        var name = input.name.replace(/^items-\d+-/, "items-" + n + "-");
        var label = row.querySelector('label[for="' + input.id + '"]');
        input.name = name;
        input.id = name;
        if (label) { label.htmlFor = name; }
      });
    });
    var button = form.querySelector("[data-count-label]");
    if (button) { button.textContent = button.getAttribute("data-count-label").replace("{n}", rows().length); }
  }

  function isBlank(row) {
    return Array.prototype.every.call(row.querySelectorAll("[name]"), function (input) { return !input.value; });
  }

  function addRow(target) {
    var last = rows()[rows().length - 1];
    var row = last;
    if (!isBlank(last)) {
      row = last.cloneNode(true);
      row.querySelectorAll("[name]").forEach(function (input) { input.value = ""; });
      row.querySelectorAll(".error-text").forEach(function (text) { text.remove(); });
      list.appendChild(row);
    }
    renumber();
    var select = row.querySelector('[name$="-target"]');
    select.value = target || "";
    (target ? row.querySelector('[name$="-reason_code"]') : select).focus();
  }

  form.querySelector("[data-add-row]").addEventListener("click", function () { addRow(""); });
  list.addEventListener("click", function (event) {
    var drop = event.target.closest("[data-drop-row]");
    if (!drop) { return; }
    if (rows().length > 1) { drop.closest("[data-row]").remove(); } else {
      rows()[0].querySelectorAll("[name]").forEach(function (input) { input.value = ""; });
    }
    renumber();
  });
  /* A sheet that is filled in anew needs as many rows as it had (returned.js). */
  form.addEventListener("returned", function (event) {
    var numbers = Object.keys(event.detail.entries).map(function (name) { return Number((/^items-(\d+)-/.exec(name) || [0, 0])[1]); });
    var wanted = Math.max.apply(null, numbers.concat([0])) + 1;
    while (rows().length < wanted) {
      var row = rows()[0].cloneNode(true);
      row.querySelectorAll("[name]").forEach(function (input) { input.value = ""; });
      list.appendChild(row);
    }
    renumber();
  });
  form.addEventListener("returned-done", renumber);
  renumber();
  if (window.location.hash) { addRow(decodeURIComponent(window.location.hash.slice(1))); }
})();
