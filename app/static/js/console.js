/* What the pages do beyond their markup: ask before a deed, guard what was typed, count ticks. Every sentence comes from
   the page's #texts block. scans.js and keys.js come after it. */
(function () {
  "use strict";

  var root = document.documentElement;
  var texts = readTexts();

  function readTexts() {
    var block = document.getElementById("texts");
    return block ? JSON.parse(block.textContent) : {};
  }

  function text(key, values) {
    return (texts[key] || "").replace(/\{(\w+)\}/g, function (whole, name) {
      return values && name in values ? values[name] : whole;
    });
  }

  function all(selector, within) {
    return Array.prototype.slice.call((within || document).querySelectorAll(selector));
  }

  function make(tag, attributes, words) {
    var element = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { element.setAttribute(name, attributes[name]); });
    if (words) { element.textContent = words; }
    return element;
  }

  /* What stands in a form, without its files: they are sent and judged when they arrive. */
  function entries(form) {
    var sent = new FormData(form);
    Array.from(sent.keys()).forEach(function (name) { if (sent.get(name) instanceof File) { sent.delete(name); } });
    return sent;
  }

  window.yht = { text: text, all: all, make: make, entries: entries };  /* for the scripts that come after it */

  /* -- display settings: kept in a cookie so that the server can write them into <html> -- */

  function remember(name, value) {
    document.cookie = "yht_" + name + "=" + encodeURIComponent(value) + "; path=/; max-age=31536000; samesite=lax" +
      (location.protocol === "https:" ? "; secure" : "");
  }

  function display(kind, value) {
    root.setAttribute("data-" + kind, value);
    remember(kind, value);
    markDisplay();
  }

  function markDisplay() {
    all("[data-set-density]").forEach(function (button) {
      var on = button.getAttribute("data-set-density") === root.getAttribute("data-density");
      button.classList.toggle("active", on);
      button.setAttribute("aria-pressed", String(on));
    });
  }

  function toggleRail(button) {
    var rail = document.getElementById("rail");
    var open;
    if (window.matchMedia("(max-width: 767px)").matches) {
      open = rail.classList.toggle("in");
      if (open) { rail.querySelector("a").focus(); }
    } else {
      open = !document.body.classList.toggle("rail-slim");
      remember("rail", open ? "wide" : "slim");
    }
    button.setAttribute("aria-expanded", String(open));
  }

  document.addEventListener("click", function (event) {
    if (!event.target.closest) { return; }
    ["theme", "density", "contrast"].forEach(function (kind) {
      var setter = event.target.closest("[data-set-" + kind + "]");
      if (setter) { display(kind, setter.getAttribute("data-set-" + kind)); }
    });
    var toggle = event.target.closest("[data-rail-toggle]");
    if (toggle) { toggleRail(toggle); }
    var fold = event.target.closest("[data-unfold]");
    if (fold) { fold.setAttribute("aria-expanded", String(fold.form.classList.toggle("is-open"))); }
    var copy = event.target.closest("[data-copy]");
    if (copy) { copyNumber(copy); }
  });

  /* -- asking first: the dialog's title is the deed, its buttons repeat the verb -- */

  function ask(button) {
    var dialog = document.getElementById("confirm");
    var deed = button.getAttribute("data-confirm-yes") || button.textContent.trim();
    var yes = dialog.querySelector("[data-yes]");
    var no = dialog.querySelector("[data-no]");
    dialog.querySelector(".ask-title").textContent = button.getAttribute("data-confirm-title") || deed;
    dialog.querySelector(".ask-text").textContent = button.getAttribute("data-confirm");
    yes.textContent = deed;
    no.textContent = button.getAttribute("data-confirm-no") || text("keep");
    dialog.returnValue = "no";
    dialog.showModal();
    no.focus();
    return new Promise(function (resolve) {
      dialog.addEventListener("close", function () { resolve(dialog.returnValue === "yes"); }, { once: true });
    });
  }

  var agreed = null;

  document.addEventListener("submit", function (event) {
    var form = event.target;
    var button = event.submitter;
    if (form.method === "dialog") { return; }
    if (button && button.hasAttribute("data-confirm") && agreed !== button) {
      event.preventDefault();
      ask(button).then(function (yes) {
        button.focus();
        if (yes) { agreed = button; form.requestSubmit(button); }
      });
      return;
    }
    agreed = null;
    if (form.hasAttribute("data-busy")) { event.preventDefault(); return; }
    form.removeAttribute("data-dirty");
    if (form.method === "post") { busy(form, button); } else { waiting(form); }
  });

  var own = new WeakMap(); /* what stands in a button while it says something else */

  /* The name and value of the pressed button must travel, so it is switched off after the form has been read. */
  function busy(form, button) {
    form.setAttribute("data-busy", "");
    if (!button) { return; }
    window.setTimeout(function () {
      own.set(button, Array.from(button.childNodes));
      button.disabled = true;
      button.textContent = text("busy");
    }, 0);
    var isDownload = form.hasAttribute("data-download") || button.value === "export";
    window.setTimeout(function () { rest(form, button); }, isDownload ? 3000 : 15000);
  }

  function rest(form, button) {
    if (form) { form.removeAttribute("data-busy"); }
    if (button && own.has(button)) {
      ownWords(button);
      button.disabled = false;
    }
  }

  /* A page that the browser brings back is at rest, whatever it was waiting for when it was left. */
  window.addEventListener("pageshow", function () {
    all("[data-busy]").forEach(function (form) { form.removeAttribute("data-busy"); });
    all("button").filter(function (button) { return own.has(button); }).forEach(function (button) { rest(button.form, button); });
    stopWaiting();
  });

  var waits = [];

  function waiting(form) {
    var started = Date.now();
    var line = make("p", { "class": "muted waiting", role: "status" });
    stopWaiting();
    waits.push({ line: line, timer: window.setInterval(function () {
      var seconds = Math.round((Date.now() - started) / 1000);
      if (seconds >= 1) {
        if (!line.parentNode) { form.insertAdjacentElement("afterend", line); }
        line.textContent = text("waiting", { seconds: seconds });
      }
    }, 1000) });
  }

  function stopWaiting() {
    waits.forEach(function (wait) { window.clearInterval(wait.timer); wait.line.remove(); });
    waits = [];
  }

  /* Escape stops a page from loading; nothing is being waited for then. */
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") { stopWaiting(); } });

  /* -- forms: unsaved edits, characters left, the summary's focus -- */

  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && form.hasAttribute("data-guard")) { form.setAttribute("data-dirty", ""); }
    if (event.target.hasAttribute("data-most")) { countCharacters(event.target); }
  });

  window.addEventListener("beforeunload", function (event) {
    if (document.querySelector("form[data-dirty]")) {
      event.preventDefault();
      event.returnValue = text("leave");
    }
  });

  function countCharacters(area) {
    var line = area.parentNode.querySelector("[data-left]");
    if (!line) {
      line = make("p", { "class": "help-block", "data-left": "", "aria-live": "polite" });
      area.insertAdjacentElement("afterend", line);
    }
    var left = Number(area.getAttribute("data-most")) - Array.from(area.value).length;
    line.textContent = left < 0 ? text("charactersOver", { count: -left }) : text("charactersLeft", { count: left });
    line.classList.toggle("text-bad", left < 0);
  }

  function focusTarget(link) {
    var target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) { return false; }
    var control = target.matches("input, select, textarea, button") ? target : target.querySelector("input:not([type=hidden]), select, textarea");
    (control || target).focus();
    target.scrollIntoView({ block: "center" });
    return true;
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest(".error-summary a[href^='#']");
    if (link && focusTarget(link)) { event.preventDefault(); }
  });

  /* -- bulk bar: shown when a row is ticked, counts what each act would do -- */

  function refreshBulk(bar) {
    var boxes = all("input[name=rowid][form='" + bar.getAttribute("data-bulk") + "']");
    var picked = boxes.filter(function (box) { return box.checked; });
    boxes.forEach(function (box) { box.closest("tr").classList.toggle("picked", box.checked); });
    bar.classList.toggle("hidden", picked.length === 0);
    bar.querySelector("[data-picked]").textContent = picked.length ? text("picked", { count: picked.length }) : "";
    var reasons = all("[data-act]", bar).map(function (button) { return countAct(button, picked); });
    bar.querySelector("[data-why]").textContent = reasons.filter(Boolean).join(" ");
    var head = boxes.length ? boxes[0].closest("table").querySelector(".action_check_all") : null;
    if (head) {
      head.checked = picked.length === boxes.length;
      head.indeterminate = picked.length > 0 && picked.length < boxes.length;
    }
  }

  /* What was returned is handed in again (转审核): the button says so when nothing else is ticked. */
  function wordFor(button, picked) {
    var again = button.getAttribute("data-label-returned");
    var alike = picked.length && picked.every(function (box) { return box.closest("tr").getAttribute("data-status") === "returned"; });
    return again && alike ? again : button.getAttribute("data-label");
  }

  function countAct(button, picked) {
    var told = picked.filter(function (box) { return box.closest("tr").hasAttribute("data-can"); });
    var label = wordFor(button, picked);
    if (button.hasAttribute("data-confirm-yes")) { button.setAttribute("data-confirm-yes", label); }
    if (!told.length) { button.textContent = label; button.disabled = false; return ""; }
    var able = told.filter(function (box) {
      return box.closest("tr").getAttribute("data-can").split(" ").indexOf(button.getAttribute("data-act")) >= 0;
    });
    button.textContent = text("counted", { act: label, count: able.length });
    button.disabled = able.length === 0;
    return able.length && able.length < told.length ? text("cannot", { count: told.length - able.length, act: label }) : "";
  }

  document.addEventListener("change", function (event) {
    if (event.target.matches(".action_check_all")) {
      all(".action_check", event.target.closest("table")).forEach(function (box) { box.checked = event.target.checked; });
    }
    if (event.target.matches(".action_check, .action_check_all")) { all("[data-bulk]").forEach(refreshBulk); }
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("[data-unpick]")) {
      all(".action_check, .action_check_all").forEach(function (box) { box.checked = false; });
      all("[data-bulk]").forEach(refreshBulk);
    }
  });

  /* -- the number -- */

  function copyNumber(button) {
    var number = button.getAttribute("data-copy");
    var say = function (sentence) { sayFor(button, sentence); };
    var done = function () { say(text("copied", { number: number })); };
    var failed = function () { say(text("copyByHand")); pickNumber(number); };
    /* The clipboard needs https; bureau intranets often have none. */
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(number).then(done, failed);
      return;
    }
    var box = make("textarea", { "class": "sr-only", readonly: "" });
    box.value = number;
    document.body.appendChild(box);
    box.select();
    var copied = document.execCommand("copy");
    box.remove();
    button.focus();
    if (copied) { done(); } else { failed(); }
  }

  /* The button says what came of it and a moment later has its own words again, however often it is pressed. */
  function sayFor(button, sentence) {
    if (!own.has(button)) { own.set(button, Array.from(button.childNodes)); }
    window.clearTimeout(Number(button.getAttribute("data-timer")));
    button.textContent = sentence;
    button.setAttribute("role", "status");
    button.setAttribute("data-timer", window.setTimeout(function () { ownWords(button); }, 2500));
  }

  function ownWords(button) {
    button.replaceChildren.apply(button, own.get(button));
    own.delete(button);
    ["data-timer", "role"].forEach(function (name) { button.removeAttribute(name); });
  }

  function pickNumber(number) {
    var shown = all("[data-number]").filter(function (place) { return place.getAttribute("data-number") === number; })[0] || document.querySelector(".plate");
    if (shown) { window.getSelection().selectAllChildren(shown); }
  }

  /* -- once the page is there -- */

  function start() {
    markDisplay();
    all("[data-bulk]").forEach(refreshBulk);
    all("textarea[data-most]").forEach(countCharacters);
    var summary = document.querySelector("[data-focus]");
    if (summary) { summary.focus(); }
  }

  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", start); } else { start(); }
}());
