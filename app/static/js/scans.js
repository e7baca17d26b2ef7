/* Scans: one request per file, with progress and a way to stop; and the window that shows one page picture at a time. */
(function () {
  "use strict";

  var text = window.yht.text;
  var all = window.yht.all;
  var make = window.yht.make;

  function refuse(slot, sentence) {
    var line = slot.querySelector(".error-text");
    line.textContent = sentence;
    line.classList.toggle("hidden", !sentence);
    slot.classList.toggle("has-error", Boolean(sentence));
  }

  function take(slot, files) {
    refuse(slot, "");
    Array.prototype.slice.call(files).reduce(function (before, file) {
      return before.then(function () { return send(slot, file); });
    }, Promise.resolve());
  }

  function send(slot, file) {
    var limit = Number(slot.getAttribute("data-limit-mb"));
    var size = Math.ceil(file.size / 1048576);
    if (!/\.pdf$/i.test(file.name)) { refuse(slot, text("notPdf", { name: file.name })); return Promise.resolve(); }
    if (file.size > limit * 1048576) { refuse(slot, text("tooBig", { name: file.name, size: size, limit: limit })); return Promise.resolve(); }
    var form = document.getElementById("upload-" + slot.getAttribute("data-slot"));
    var sent = new FormData(form);
    sent.set("file", file);
    return new Promise(function (resolve) { transmit(slot, file, form.action, sent, resolve); });
  }

  function transmit(slot, file, url, sent, done) {
    var request = new XMLHttpRequest();
    var state = slot.querySelector("[data-state]");
    var bar = make("progress", { max: "100", value: "0" });
    var percent = make("span", {}, " 0%");
    var stop = make("button", { type: "button", "class": "btn btn-xs btn-quiet" }, text("stop"));
    state.textContent = text("uploading", { name: file.name }) + " ";
    state.hidden = false;
    [bar, percent, stop].forEach(function (part) { state.appendChild(part); });
    stop.addEventListener("click", function () { request.abort(); });
    request.upload.addEventListener("progress", function (event) {
      if (event.lengthComputable) {
        bar.value = Math.round(event.loaded * 100 / event.total);
        percent.textContent = " " + bar.value + "%";
      }
    });
    request.addEventListener("abort", function () { state.textContent = text("stopped", { name: file.name }); done(); });
    request.addEventListener("error", function () { state.hidden = true; refuse(slot, text("uploadFailed", { name: file.name })); done(); });
    request.addEventListener("load", function () { received(slot, file, request, state); done(); });
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.send(sent);
  }

  function received(slot, file, request, state) {
    var answer = null;
    try { answer = JSON.parse(request.responseText); } catch (error) { answer = null; }
    if (!answer || request.status >= 400 || !answer.id) {
      state.hidden = true;
      refuse(slot, request.status !== 401 && answer && (answer.sentence || answer.message) || whyNot(slot, file, request));
      return;
    }
    state.textContent = text("uploaded", { name: file.name });
    listScan(slot, answer, file);
    slot.dispatchEvent(new CustomEvent("scan:added", { bubbles: true, detail: answer }));
  }

  /* An answer that is a page, not a sentence: signed out, too large for the server, or something broke. */
  function whyNot(slot, file, request) {
    if (request.status === 401 || /\/login\//.test(request.responseURL)) { return text("signedOut", { name: file.name }); }
    if (request.status === 413) {
      return text("tooBig", { name: file.name, size: Math.ceil(file.size / 1048576), limit: slot.getAttribute("data-limit-mb") });
    }
    return text("uploadFailed", { name: file.name });
  }

  function removeButton(slot, scan, file) {
    var name = scan.original_name || file.name;
    return make("button", {
      type: "submit", "class": "btn btn-xs btn-quiet", form: "upload-" + slot.getAttribute("data-slot"), formaction: scan.remove_url,
      "data-confirm": text("removeText"), "data-confirm-title": text("removeTitle", { name: name }),
      "data-confirm-yes": text("remove"), "data-confirm-no": text("removeNo")
    }, text("remove"));
  }

  /* A slot for one file: the next upload takes the place of this one. */
  function rememberReplaced(slot, id) {
    var form = document.getElementById("upload-" + slot.getAttribute("data-slot"));
    var input = form.querySelector("input[name=replaces]");
    if (id === null) { return; }
    if (!input) { input = form.appendChild(make("input", { type: "hidden", name: "replaces" })); }
    input.value = id;
  }

  function weight(bytes) {
    return bytes < 1048576 ? Math.max(1, Math.round(bytes / 1024)) + " KB" : (bytes / 1048576).toFixed(1) + " MB";
  }

  function listScan(slot, scan, file) {
    var list = slot.querySelector("[data-files]");
    var most = Number(slot.getAttribute("data-most"));
    if (most === 1) { list.textContent = ""; }
    var row = make("li", { "data-id": scan.id });
    row.appendChild(make("i", { "class": "fa fa-file-pdf", "aria-hidden": "true" }));
    row.appendChild(document.createTextNode(" "));
    row.appendChild(make("a", { href: "/attachments/" + scan.id, target: "_blank", rel: "noopener" }, scan.original_name || file.name));
    var facts = [scan.page_count ? text("pages", { count: scan.page_count }) : "", weight(file.size), text("justNow")];
    row.appendChild(make("span", { "class": "muted" }, "　" + facts.filter(Boolean).join("　")));
    if (scan.remove_url) { row.appendChild(removeButton(slot, scan, file)); }
    list.appendChild(row);
    rememberReplaced(slot, most === 1 ? scan.id : null);
    var drop = slot.querySelector("[data-drop]");
    if (drop && list.children.length >= most) { drop.hidden = true; }
  }

  ["dragover", "dragleave", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var slot = event.target.closest && event.target.closest(".attach[data-slot]");
      if (!slot || !slot.querySelector("input[type=file]")) { return; }
      event.preventDefault();
      slot.classList.toggle("drop-now", kind === "dragover");
      if (kind === "drop") { take(slot, event.dataTransfer.files); }
    });
  });

  /* -- scan window: one page picture at a time -- */

  function scanWindow(section) {
    var image = section.querySelector(".scan-page");
    if (!image) { return; }
    var state = { tab: section.querySelector("[data-scan]"), page: 1, zoom: 2, turn: 0 };
    var pages = function () { return Number(state.tab.getAttribute("data-pages")); };
    var draw = function () {
      var id = state.tab.getAttribute("data-scan");
      image.src = "/attachments/" + id + "/pages/" + state.page;
      image.alt = text("scan", { name: state.tab.getAttribute("data-name"), page: state.page });
      image.className = "scan-page zoom-" + state.zoom + " turn-" + state.turn;
      section.querySelector("[data-page-of]").textContent = text("page", { page: state.page, pages: pages() });
      section.querySelector("[data-new-window]").href = "/attachments/" + id + "#page=" + state.page;
      all("[data-turn-page]", section).forEach(function (button) {
        button.disabled = Number(button.getAttribute("data-turn-page")) < 0 ? state.page <= 1 : state.page >= pages();
      });
    };
    var turnPage = function (by) { state.page = Math.min(Math.max(state.page + by, 1), pages()); section.querySelector(".scan").scrollTop = 0; draw(); };
    var open = function (tab, page) {
      all("[data-scan]", section).forEach(function (other) {
        other.parentNode.classList.toggle("active", other === tab);
        if (other === tab) { other.setAttribute("aria-current", "true"); } else { other.removeAttribute("aria-current"); }
      });
      state.tab = tab; state.page = page || 1; state.turn = 0;
      draw();
    };
    section.addEventListener("click", function (event) {
      var tab = event.target.closest("[data-scan]");
      var turn = event.target.closest("[data-turn-page]");
      var zoom = event.target.closest("[data-zoom]");
      if (tab) { event.preventDefault(); open(tab); }
      if (turn) { turnPage(Number(turn.getAttribute("data-turn-page"))); }
      if (zoom) { var by = Number(zoom.getAttribute("data-zoom")); state.zoom = by ? Math.min(Math.max(state.zoom + by, 0), 5) : 2; draw(); }
      if (event.target.closest("[data-rotate]")) { state.turn = (state.turn + 1) % 4; draw(); }
    });
    section.querySelector(".scan").addEventListener("keydown", function (event) {
      if (event.key === "PageDown" || event.key === "ArrowRight") { event.preventDefault(); turnPage(1); }
      if (event.key === "PageUp" || event.key === "ArrowLeft") { event.preventDefault(); turnPage(-1); }
    });
    /* Elsewhere in the page: data-show-scan="<attachment id>" brings that scan into the window. */
    document.addEventListener("focusin", function (event) { follow(event.target); });
    document.addEventListener("click", function (event) { follow(event.target); });
    function follow(target) {
      var line = target.closest && target.closest("[data-show-scan]");
      var tab = line && section.querySelector("[data-scan='" + line.getAttribute("data-show-scan") + "']");
      if (tab && tab !== state.tab) { open(tab); }
    }
    draw();
  }

  document.addEventListener("change", function (event) {
    if (!event.target.matches(".attach input[type=file]")) { return; }
    take(event.target.closest(".attach"), event.target.files);
    event.target.value = "";
  });

  all("[data-scans]").forEach(scanWindow);
}());
