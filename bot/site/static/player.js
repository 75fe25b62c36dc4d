// Chapter links move the player on the page; without scripts they open the recording at that point.
"use strict";

const player = document.querySelector("audio");

document.querySelector(".chapters").addEventListener("click", (event) => {
  const link = event.target.closest("a[data-seconds]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  player.currentTime = Number(link.dataset.seconds);
  player.play();
});
