/* What is wrong with an entry is said when its field is left: the server judges by the rules that a save asks. */
(function () {
  "use strict";

  var make = window.yht.make;
  var entries = window.yht.entries;
  var form = document.querySelector("form[data-check]");
  var touched = {};
  var asked = 0;
  var timer = null;

  function ask() {
    var number = asked += 1;
    fetch(form.getAttribute("data-check"), { method: "POST", body: entries(form), headers: { Accept: "application/json" } })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (told) {
        if (!told || number !== asked) { return; }
        Object.keys(touched).forEach(function (name) { show(name, told.problems[name]); warn(name, told.warnings[name]); });
      })
      .catch(function () { return null; });  /* the save will tell */
  }

  function show(name, sentence) {
    var group = form.querySelector("[data-input='" + name + "']");
    var line = group && group.querySelector("[data-error-for]");
    if (!group || (line ? line.textContent : "") === (sentence || "")) { return; }
    group.classList.toggle("has-error", Boolean(sentence));
    if (!sentence) { line.remove(); } else { say(group, line, name, sentence); }
    Array.prototype.forEach.call(group.querySelectorAll("input, select, textarea, .choices"), function (control) {
      describe(control, name + "-e", Boolean(sentence));
    });
  }

  function warn(name, sentence) {
    var group = form.querySelector("[data-input='" + name + "']");
    var line = group && group.querySelector("[data-warning-for]");
    if (line) { line.remove(); }
    if (group && sentence) {
      group.appendChild(make("p", { "class": "warn-text", "data-warning-for": name, role: "status" })).textContent = sentence;
    }
  }

  function say(group, line, name, sentence) {
    if (!line) {
      line = make("p", { "class": "error-text", id: name + "-e", "data-error-for": name, role: "status" });
      group.insertBefore(line, group.querySelector(".help-block:not([data-left]), .warn-text"));
    }
    line.textContent = sentence;
  }

  function describe(control, id, wrong) {
    var ids = (control.getAttribute("aria-describedby") || "").split(" ").filter(function (one) { return one && one !== id; });
    if (wrong) { ids.unshift(id); control.setAttribute("aria-invalid", "true"); } else { control.removeAttribute("aria-invalid"); }
    if (ids.length) { control.setAttribute("aria-describedby", ids.join(" ")); } else { control.removeAttribute("aria-describedby"); }
  }

  if (form) {
    form.addEventListener("change", function (event) {
      if (!event.target.closest("[data-input]")) { return; }
      touched[event.target.name] = true;
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, 150);
    });
  }
}());
