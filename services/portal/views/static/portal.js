// Keeps an open page fresh: the server says which parts changed, this fetches and swaps them.
// Without it the page is whole; it only has to be reloaded by hand.
(() => {
  "use strict";
  const DEBOUNCE_MS = 300;
  const SAY_AGAIN_MS = 5000;
  const parts = [...document.querySelectorAll("[data-live]")];
  const stream = document.body.dataset.follow;
  const state = document.querySelector("[data-live-state]");
  const said = document.querySelector("[data-live-said]");
  if (!stream || !parts.length || !window.EventSource) return;

  let lastSaid = 0;
  const clock = () =>
    new Intl.DateTimeFormat("fr-FR", { timeStyle: "medium", timeZone: "Europe/Paris" }).format(new Date());

  const say = (name) => {
    if (!name || Date.now() - lastSaid < SAY_AGAIN_MS) return;
    lastSaid = Date.now();
    said.textContent = `${name} : mis à jour à ${clock()}.`;
  };

  const show = (live) => {
    state.hidden = false;
    state.classList.toggle("live-on", live);
    state.textContent = live
      ? "En direct : les chiffres changent sans recharger la page."
      : "Le direct est coupé : rechargez la page pour la mettre à jour.";
  };

  // A reader who is choosing in a form is not disturbed: the part waits until they leave it.
  const busy = (part) => part.contains(document.activeElement) && document.activeElement.matches("select, input");

  const swap = (part, html) => {
    const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const tops = [...part.querySelectorAll(".scroll")].map((one) => [one.scrollTop, one.scrollLeft]);
    part.innerHTML = html;
    [...part.querySelectorAll(".scroll")].forEach((one, n) => {
      if (tops[n]) [one.scrollTop, one.scrollLeft] = tops[n];
    });
    if (focused) part.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  };

  const refresh = async (part) => {
    if (part.fetching || busy(part)) {
      part.again = true;
      return;
    }
    part.fetching = true;
    part.again = false;
    try {
      const answer = await fetch(part.dataset.bloc, { headers: { accept: "text/html" } });
      if (answer.ok) {
        const html = await answer.text();
        if (busy(part)) part.again = true;
        else {
          swap(part, html);
          say(part.dataset.named);
        }
      }
    } catch {
      // The server is away: the stream says so, and everything is fetched again when it is back.
    }
    part.fetching = false;
    if (part.again && !busy(part)) plan(part);
  };

  const plan = (part) => {
    clearTimeout(part.timer);
    part.timer = setTimeout(refresh, DEBOUNCE_MS, part);
  };

  const source = new EventSource(stream);
  let lost = false;
  for (const topic of new Set(parts.map((part) => part.dataset.live))) {
    source.addEventListener(topic, () => parts.filter((part) => part.dataset.live === topic).forEach(plan));
  }
  source.addEventListener("open", () => {
    show(true);
    if (lost) parts.forEach(plan);
    lost = false;
  });
  source.addEventListener("error", () => {
    lost = true;
    show(false);
  });
  for (const part of parts) {
    part.addEventListener("focusout", () => setTimeout(() => part.again && !busy(part) && plan(part)));
  }
})();
