/* What is typed is kept on the server a few seconds later (暂存), and put back into the form when somebody asks for it. */
(function () {
  "use strict";

  var text = window.yht.text;
  var make = window.yht.make;
  var entries = window.yht.entries;
  var PAUSE = 3000;
  var form = document.querySelector("form[data-unsaved]");
  var offer = document.querySelector("[data-kept]");
  var timer = null;
  var line = make("span", { "class": "kept-state", "data-kept-state": "" });

  function tell(sentence, wrong) {
    line.textContent = sentence;
    line.classList.toggle("text-bad", Boolean(wrong));
    if (wrong) { line.setAttribute("role", "alert"); } else { line.removeAttribute("role"); }
  }

  function send() {
    return fetch(form.getAttribute("data-unsaved"), {
      method: "POST", body: entries(form), keepalive: true, headers: { Accept: "application/json" }
    });
  }

  function read() {
    return fetch(form.getAttribute("data-unsaved"), { headers: { Accept: "application/json" } }).then(json);
  }

  function json(answer) {
    var isJson = (answer.headers.get("Content-Type") || "").indexOf("application/json") === 0;
    return isJson && !answer.redirected && answer.status !== 401 ? answer.json() : Promise.reject(answer.status);
  }

  function keep() {
    timer = null;
    send().then(json).catch(again).then(done, lost);
  }

  /* The session that drew this form is over. Signed in anew in another tab, the form goes on with that session's token. */
  function again() {
    return read().then(function (told) {
      form.querySelector("input[name=csrf_token]").value = told.token;
      return send().then(json);
    });
  }

  function done(told) {
    tell(told.problem || text("kept", { time: told.kept_at.slice(11) }), told.problem);
  }

  function lost() {
    tell(text("notKept") + " ", true);
    line.appendChild(make("a", { href: "/login/", target: "_blank", rel: "noopener" }, text("signIn")));
  }

  function typed(event) {
    if (!event.target.name || event.target.type === "file") { return; }
    if (offer) { tell(text("decideKept"), true); return; }
    window.clearTimeout(timer);
    timer = window.setTimeout(keep, PAUSE);
  }

  function put(control, values) {
    if (control.type === "checkbox" || control.type === "radio") { control.checked = values.indexOf(control.value) >= 0; } else { control.value = values[0] || ""; }
  }

  function restore() {
    read().then(function (told) {
      offer.remove();
      offer = null;
      Array.prototype.forEach.call(form.elements, function (control) {
        var values = (told.entries || {})[control.name];
        var isTick = control.type === "checkbox" || control.type === "radio";
        if (!control.name || control.name === "csrf_token" || control.type === "file" || !(values || isTick)) { return; }
        put(control, values || []);
        if (control.type !== "hidden") {
          ["input", "change"].forEach(function (kind) { control.dispatchEvent(new Event(kind, { bubbles: true })); });
        }
      });
      tell(text("restored", { time: told.kept_at }));
      form.querySelector("input:not([type=hidden]), select, textarea").focus();
    }).catch(lost);
  }

  if (!form) { return; }
  form.querySelector(".savebar .info").insertAdjacentElement("beforebegin", line);
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  form.addEventListener("submit", function () { window.clearTimeout(timer); timer = null; });
  window.addEventListener("pagehide", function () { if (timer) { window.clearTimeout(timer); send(); } });
  if (offer) { offer.querySelector("[data-restore]").addEventListener("click", restore); }
}());
