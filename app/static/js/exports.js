/* While an export is under way its page looks again every few seconds; only the table is put in place. */
(function () {
  "use strict";

  function look() {
    fetch(location.href, { credentials: "same-origin", headers: { "X-Requested-With": "fetch" } })
      .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(answer.status); })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-kind='exports']");
        var shown = document.querySelector("[data-kind='exports']");
        if (!fresh || !shown) { return; }
        if (!fresh.hasAttribute("data-refresh")) { location.reload(); return; }
        shown.replaceWith(document.importNode(fresh, true));
        setTimeout(look, 3000);
      })
      .catch(function () { setTimeout(look, 10000); });
  }

  setTimeout(look, 3000);
}());
