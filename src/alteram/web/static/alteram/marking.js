// Selecting words in a source puts them, and where they begin, into the form below; without script they are pasted.
"use strict";
(function () {
  const text = document.getElementById("source-text");
  const words = document.getElementById("words");
  const near = document.getElementById("near");
  if (!text || !words || !near) return;

  function read(range) {
    const part = range.cloneContents();
    for (const tag of part.querySelectorAll("[data-tag]")) tag.remove();
    return part.textContent;
  }

  document.addEventListener("selectionchange", function () {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return;
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(range.startContainer, range.startOffset);
    words.value = read(range);
    near.value = String(Array.from(read(before)).length); // characters, not UTF-16 units
  });
  words.addEventListener("input", function () {
    near.value = "";
  });
})();
