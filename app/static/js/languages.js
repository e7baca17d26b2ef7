// On an English page the data stays Chinese: names, addresses, reasons. It is marked as such, so that a reader pronounces it.
(function () {
  "use strict";
  var CHINESE = /[\u3400-\u9fff\uf900-\ufaff]/;
  var RUNS = /[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]+(?:[0-9A-Za-z\s·—-]*[\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]+)*/g;
  var WHOLE = /^(OPTION|TEXTAREA|TITLE|BUTTON|text)$/i; // hold no elements of their own, or none may be put into them

  function mark(element) {
    element.setAttribute("lang", "zh-CN");
    element.setAttribute("data-marked", "");
  }

  // Text that says one thing alone marks its element; a piece of it within an English sentence gets an element of its own.
  function told(node) {
    var parent = node.parentElement, text = node.textContent;
    if (!parent || !CHINESE.test(text) || parent.closest("script, style, [lang='zh-CN']")) { return; }
    var rest = text.replace(RUNS, "").replace(/[\s\d.,:;/()-]/g, "");
    if (WHOLE.test(parent.tagName) || (!rest && parent.childNodes.length === 1)) { mark(parent); return; }
    var pieces = document.createDocumentFragment(), from = 0;
    text.replace(RUNS, function (run, at) {
      pieces.append(text.slice(from, at));
      var piece = document.createElement("span");
      piece.textContent = run;
      mark(piece);
      pieces.append(piece);
      from = at + run.length;
    });
    pieces.append(text.slice(from));
    node.replaceWith(pieces);
  }

  function read(root) {
    var nodes = [], walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) { nodes.push(walker.currentNode); }
    nodes.forEach(told);
    var inputs = root.querySelectorAll ? root.querySelectorAll("input[value], textarea") : [];
    inputs.forEach(function (input) { if (CHINESE.test(input.value) && !input.closest("[lang='zh-CN']")) { mark(input); } });
  }

  read(document.body);
  new MutationObserver(function (changes) {
    changes.forEach(function (change) {
      change.addedNodes.forEach(function (node) {
        if (node.nodeType === Node.TEXT_NODE) { told(node); } else if (node.nodeType === Node.ELEMENT_NODE) { read(node); }
      });
    });
  }).observe(document.body, { childList: true, subtree: true });
})();
