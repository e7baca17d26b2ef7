/* The worklist: C claims the row at hand. The other keys are every list's own. */
(function () {
  "use strict";

  function keysOn() { try { return localStorage.getItem("yht_keys") !== "off"; } catch (error) { return true; } }

  document.addEventListener("keydown", function (event) {
    if (event.key.toLowerCase() !== "c" || event.ctrlKey || event.metaKey || event.altKey || !keysOn()) { return; }
    if (event.target.closest && event.target.closest("input, select, textarea, dialog")) { return; }
    var row = document.querySelector(".table-list tr.current") || event.target.closest(".table-list tr[data-id]");
    var button = row && row.querySelector("form[action*='/action/claim/'] button");
    if (button) { event.preventDefault(); button.click(); }
  });
}());
