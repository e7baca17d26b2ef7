/* Keys: single letters only while no field has the focus, and only if the reader wants them (WCAG 2.1.4). */
(function () {
  "use strict";

  var all = window.yht.all;

  function typing(target) {
    return Boolean(target && target.closest && target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable], dialog"));
  }

  function keysOn() { try { return localStorage.getItem("yht_keys") !== "off"; } catch (error) { return true; } }
  function setKeys(on) { try { localStorage.setItem("yht_keys", on ? "on" : "off"); } catch (error) { return; } }

  function showKeys() {
    var dialog = document.getElementById("keys");
    dialog.querySelector("[data-keys-off]").checked = !keysOn();
    dialog.showModal();
  }

  function move(by) {
    var rows = all(".table-list > tbody > tr[data-id]");
    if (!rows.length) { return; }
    var at = rows.findIndex(function (row) { return row.classList.contains("current"); });
    var next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
    rows.forEach(function (row) { row.classList.toggle("current", row === next); });
    var link = next.querySelector("[data-open], a, input");
    if (link) { link.focus(); }
    next.scrollIntoView({ block: "nearest" });
  }

  function tick() {
    var box = document.querySelector(".table-list tr.current .action_check");
    if (box) { box.click(); }
  }

  function find() {
    var box = document.querySelector("[data-find]") || document.getElementById("find");
    if (box) { box.focus(); box.select(); }
    return Boolean(box);
  }

  function save() {
    var button = document.querySelector("[data-save]");
    if (button) { button.form.requestSubmit(button); }
    return Boolean(button);
  }

  /* A letter only moves the focus to a decision; taking up or moving on is not a decision and happens at once. */
  function deed(key) {
    var target = document.querySelector("[data-key='" + key + "']");
    if (!target) { return false; }
    target.focus();
    if (["c", "n", "j", "k", "d", "f9"].indexOf(key) >= 0) { target.click(); }
    return true;
  }

  document.addEventListener("keydown", function (event) {
    var key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && key === "s") { if (save()) { event.preventDefault(); } return; }
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (key === "f2" || key === "f9") { if (deed(key)) { event.preventDefault(); } return; }
    if (typing(event.target) || !keysOn()) { return; }
    var handled = true;
    if (key === "/") { handled = find(); }
    else if (key === "?") { showKeys(); }
    else if (/^[a-z0-9]$/.test(key) && deed(key)) { handled = true; }
    else if (key === "j") { move(1); }
    else if (key === "k") { move(-1); }
    else if (key === "x") { tick(); }
    else { handled = false; }
    if (handled) { event.preventDefault(); }
  });

  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-keys-off]")) { setKeys(!event.target.checked); }
  });

  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("[data-keys]");
    if (link) { event.preventDefault(); showKeys(); }
  });
}());
