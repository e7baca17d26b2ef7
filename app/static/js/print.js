/* A button marked data-print opens the browser's print dialog. A link marked data-print-paper prints the paper behind
   it, page by page as it is set, and nothing of the screen; without this script the link opens the paper. */
(function () {
  "use strict";

  var sheets = null;

  function clear() {
    if (sheets) { sheets.remove(); sheets = null; }
    document.documentElement.classList.remove("prints-paper");
  }

  function printSheets() {
    document.documentElement.classList.add("prints-paper");
    window.addEventListener("afterprint", clear, { once: true });
    window.print();
  }

  function load(link, number) {
    var page = new Image();
    page.alt = "";
    page.addEventListener("load", function () { sheets.appendChild(page); load(link, number + 1); });
    page.addEventListener("error", function () {
      if (number > 1) { printSheets(); } else { clear(); window.open(link.href, link.target, "noopener"); }
    });
    page.src = link.href + "?page=" + number;
  }

  document.addEventListener("click", function (event) {
    var target = event.target.closest ? event.target : null;
    if (!target) { return; }
    if (target.closest("[data-print]")) { window.print(); }
    var link = target.closest("[data-print-paper]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) { return; }
    event.preventDefault();
    clear();
    sheets = document.createElement("div");
    sheets.className = "paper-sheets";
    document.body.appendChild(sheets);
    load(link, 1);
  });
})();
