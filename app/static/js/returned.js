/* What was sent after its session had ended is put back into its form. Nothing is sent: the person presses the button. */
(function () {
  "use strict";

  var make = window.yht.make;
  var all = window.yht.all;
  var told = JSON.parse(document.getElementById("returned-form").textContent);
  var notice = document.querySelector("[data-returned-form]");

  function leadsThere(element, attribute) {
    var place = new URL(element.getAttribute(attribute) || window.location.href, window.location.href);
    return place.pathname === told.action.split("?")[0];
  }

  function hasInput(form) {
    return Array.prototype.some.call(form.elements, function (control) {
      return control.name && control.name !== "csrf_token" && control.name in told.entries && control.type !== "hidden";
    });
  }

  /* The form that goes where this one went, or whose button does; of several the one that has its inputs. */
  function find() {
    var buttons = all("button[formaction]").filter(function (button) { return button.form && leadsThere(button, "formaction"); });
    var forms = all("form[method=post]").filter(function (form) { return leadsThere(form, "action"); });
    var found = forms.concat(buttons.map(function (button) { return button.form; }));
    return found.filter(hasInput)[0] || null;
  }

  function put(control, values) {
    if (control.type === "checkbox" || control.type === "radio") { control.checked = values.indexOf(control.value) >= 0; return; }
    if (control.tagName === "SELECT" && control.multiple) {
      Array.prototype.forEach.call(control.options, function (option) { option.selected = values.indexOf(option.value) >= 0; });
      return;
    }
    if (values.length) { control.value = values.shift(); }
  }

  function fill(form) {
    var left = {};
    Object.keys(told.entries).forEach(function (name) { left[name] = told.entries[name].slice(); });
    form.dispatchEvent(new CustomEvent("returned", { detail: told }));
    Array.prototype.forEach.call(form.elements, function (control) {
      var isTick = control.type === "checkbox" || control.type === "radio";
      if (!control.name || control.type === "file" || control.tagName === "BUTTON" || !(control.name in left || isTick)) { return; }
      put(control, isTick ? told.entries[control.name] || [] : left[control.name]);
      var fold = control.type !== "hidden" && control.closest("details");
      if (fold && (told.entries[control.name] || []).join("")) { fold.open = true; }
    });
    form.appendChild(make("input", { type: "hidden", name: "returned_form", value: told.form }));
    Array.prototype.forEach.call(form.elements, function (control) {
      if (control.name in told.entries && control.type !== "hidden" && control.type !== "file") {
        ["input", "change"].forEach(function (kind) { control.dispatchEvent(new Event(kind, { bubbles: true })); });
      }
    });
    form.dispatchEvent(new CustomEvent("returned-done"));
  }

  function listInstead() {
    notice.querySelector("[data-filled]").hidden = true;
    notice.querySelector("[data-closed]").hidden = false;
    told.typed.forEach(function (value) { notice.querySelector("[data-typed]").appendChild(make("li", {}, value)); });
  }

  function start() {
    var form = find();
    if (form) { fill(form); } else { listInstead(); }
    notice.classList.remove("hidden");
    notice.focus();
  }

  /* After the scripts that make rows of their own. */
  if (document.readyState === "complete") { start(); } else { window.addEventListener("load", start); }
}());
