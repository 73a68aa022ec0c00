/* The page works without this file. With it, replies are added to the page, and nothing typed is lost on a bad line. */
(() => {
  "use strict";
  const MESSAGES = "/api/v1/messages";
  const SLOW = 3000, GIVE_UP = 30000, POLL = 20000; // milliseconds
  const RETRIES = [5000, 10000, 20000, 40000, 60000]; // the last one again and again
  const ESCAPES = 3, ESCAPES_WITHIN = 3000;

  const find = id => document.getElementById(id);
  const log = find("log"), form = find("send"), box = find("text"), status = find("status"), help = find("help");
  const make = id => find(id).content.firstElementChild.cloneNode(true);

  const memory = { // of this tab only
    get: () => { try { return sessionStorage.getItem("conversation"); } catch { return null; } },
    set: token => { try { sessionStorage.setItem("conversation", token); } catch { /* it lives as long as the page */ } },
    clear: () => { try { sessionStorage.clear(); } catch { /* there was none */ } },
  };

  let token = form.elements.conversation.value;
  let begun = form.hasAttribute("data-begun");
  let after = form.elements.after.value;
  let gone = false, polling = false;
  const waiting = new Set(); // messages that will try again by themselves
  if (begun) memory.set(token);
  else if (memory.get()) { token = memory.get(); begun = true; }

  /* Showing */

  const buttons = () => [...log.querySelectorAll("button.act[name=action]")];
  const labelOf = button => button.querySelector(".l").textContent;
  const say = words => { status.textContent = words; };

  function yours(text) {
    const node = make("t-yours");
    node.querySelector(".t").textContent = text;
    node.tabIndex = -1;
    return node;
  }

  function choices(actions) {
    const group = make("t-acts");
    const before = buttons().length;
    actions.forEach(({ label, action }, i) => {
      const button = make("t-act");
      button.value = action;
      button.querySelector(".n").textContent = before + i + 1;
      button.querySelector(".l").textContent = label;
      group.append(button);
    });
    return group;
  }

  function ours(reply) {
    const node = make(reply.kind === "danger" ? "t-danger" : "t-ours");
    node.querySelector(".t").innerHTML = reply.html; // made by the server from our own words, and escaped there
    if (reply.kind !== "notice") node.append(tools(node.querySelector(".b"), reply.text));
    return reply.actions.length ? [node, choices(reply.actions)] : [node];
  }

  function tools(words, text) {
    const node = make("t-tools"), [copy, print, read] = node.querySelectorAll("button");
    const speech = window.speechSynthesis;
    if (navigator.clipboard) copy.onclick = () => navigator.clipboard.writeText(text).then(() => say(copy.dataset.done), () => {});
    else copy.remove();
    print.onclick = () => {
      const shown = words.parentElement.classList, page = document.body.classList;
      shown.add("printing");
      page.add("one");
      window.print();
      shown.remove("printing");
      page.remove("one");
    };
    if (speech && window.SpeechSynthesisUtterance) aloud(read, speech, text);
    else read.remove();
    return node;
  }

  function aloud(button, speech, text) {
    const start = button.textContent;
    button.onclick = () => {
      const stopping = button.textContent !== start;
      speech.cancel();
      if (stopping) return;
      const words = new SpeechSynthesisUtterance(text);
      words.lang = document.documentElement.lang;
      words.onend = words.onerror = () => { button.textContent = start; };
      button.textContent = button.dataset.done;
      speech.speak(words);
    };
  }

  const isInSight = node => {
    const { top } = node.getBoundingClientRect();
    return top >= 0 && top < window.innerHeight;
  };

  /* Sending. Each message is on its own: one that cannot get through holds up no other. */

  const ref = () => [...crypto.getRandomValues(new Uint8Array(16))].map(n => n.toString(16).padStart(2, "0")).join("");

  function send(asked, shown) {
    const hadFocus = log.contains(document.activeElement);
    log.querySelectorAll(".acts").forEach(group => group.remove());
    say("");
    const item = { asked: { ...asked, ref: ref() }, typed: asked.text || "", you: null, nodes: [], place: make("t-wait"), tries: 0 };
    if (shown.trim()) {
      item.you = yours(shown);
      log.append(item.you);
    }
    log.append(item.place);
    if (hadFocus) (item.you || box).focus({ preventScroll: true });
    (item.you || item.place).scrollIntoView({ block: "start" });
    attempt(item);
  }

  async function attempt(item) {
    if (item.busy || gone) return;
    clearTimeout(item.timer);
    waiting.delete(item);
    item.busy = true;
    item.fresh = true; // what a broken attempt has shown is replaced by the first reply of this one
    const stop = new AbortController();
    const limit = setTimeout(() => stop.abort(), GIVE_UP);
    const slow = setTimeout(() => stillHere(item.place), SLOW);
    try {
      const response = await fetch(MESSAGES, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ conversation: token, ...item.asked }),
        credentials: "omit",
        signal: stop.signal,
      });
      if (response.ok) done(item, await read(response, item));
      else if ([429, 502, 503, 504].includes(response.status)) failed(item);
      else if (response.status >= 500) failed(item, "t-fault");
      else returned(item, await response.json().then(answer => answer.error, () => ""));
    } catch {
      failed(item);
    } finally {
      clearTimeout(limit);
      clearTimeout(slow);
      item.busy = false;
    }
  }

  /* Replies come one by one, help first; each is shown as soon as it is here. */
  async function read(response, item) {
    if (!response.body) {
      const whole = await response.json();
      show(item, whole.replies, 0);
      return whole;
    }
    const reader = response.body.getReader(), decoder = new TextDecoder();
    let text = "", shown = 0;
    for (;;) {
      const { done: ended, value } = await reader.read();
      if (ended) break;
      text += decoder.decode(value, { stream: true });
      const { replies } = parsed(text) || parsed(text + "]}") || { replies: [] };
      shown = show(item, replies, shown);
    }
    return JSON.parse(text);
  }

  function parsed(text) {
    try { return JSON.parse(text); } catch { return null; }
  }

  function show(item, replies, from) {
    if (gone) return from;
    for (const reply of replies.slice(from)) {
      if (item.fresh) item.nodes.splice(0).forEach(node => node.remove());
      item.fresh = false;
      const follow = isInSight(item.place), nodes = ours(reply);
      item.nodes.push(...nodes);
      item.place.before(...nodes);
      if (reply.kind === "danger") nodes[0].scrollIntoView({ block: "start" });
      else if (follow && !item.nodes.some(node => node.classList.contains("danger"))) (item.you || nodes[0]).scrollIntoView({ block: "start" });
    }
    return replies.length;
  }

  function stillHere(place) {
    if (!place.dataset.slow) return;
    const follow = isInSight(place);
    place.querySelector("p:not(.who)").textContent = place.dataset.slow;
    if (follow) place.scrollIntoView({ block: "nearest" });
  }

  function done(item, answer) {
    if (gone) return;
    token = answer.conversation;
    begun = true;
    memory.set(token);
    say("");
    if (answer.kept === false) swap(item, unkept(item));
    else if (answer.replies.length) swap(item, null);
    else swap(item, make("t-nothing"));
  }

  function unkept(item) {
    const node = make("t-unkept");
    node.querySelector(".again").onclick = () => again(item);
    return node;
  }

  function failed(item, template = "t-failed") {
    if (gone) return;
    if (item.byHand) say(status.dataset.still);
    item.byHand = false;
    if (item.template !== template) swap(item, notice(item, template));
    item.template = template;
    if (template !== "t-failed") return;
    waiting.add(item);
    item.timer = setTimeout(attempt, RETRIES[Math.min(item.tries++, RETRIES.length - 1)], item);
  }

  function notice(item, template) {
    const node = make(template);
    node.querySelector(".lines").replaceWith(help.querySelector(".lines").cloneNode(true));
    node.querySelector(".again").onclick = () => again(item);
    return node;
  }

  function again(item) {
    say(status.dataset.again);
    item.byHand = true;
    attempt(item);
  }

  function returned(item, why) {
    item.nodes.forEach(node => node.remove());
    item.place.remove();
    if (item.you) item.you.remove();
    if (item.typed) box.value = [item.typed, box.value].filter(Boolean).join("\n");
    grow();
    say(item.typed ? `${why} ${status.dataset.returned}` : why);
  }

  function swap(item, node) {
    const held = item.place.contains(document.activeElement);
    const follow = isInSight(item.place);
    if (node) item.place.replaceWith(node);
    else item.place.remove();
    if (held) (item.you || box).focus({ preventScroll: true });
    if (node && follow) (item.you || node).scrollIntoView({ block: "start" });
    if (node) item.place = node;
  }

  /* Writing */

  function submit() {
    const text = box.value, number = /^\s*(\d{1,2})\s*[.)]?\s*$/.exec(text);
    const button = number && buttons()[number[1] - 1];
    box.value = "";
    grow();
    if (button) press(button);
    else send({ text }, text);
  }

  function press(button) {
    help.open = false;
    send({ action: button.value }, labelOf(button));
  }

  function grow() {
    if (window.CSS && CSS.supports("field-sizing", "content")) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 4}px`;
  }

  form.addEventListener("submit", event => {
    event.preventDefault();
    submit();
  });
  document.addEventListener("click", event => {
    const button = event.target.closest("button[name=action]");
    if (!button) return;
    event.preventDefault();
    press(button);
  });
  box.addEventListener("input", grow);
  box.addEventListener("keydown", event => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });

  /* Replies that come later, from a person */

  async function poll() {
    if (gone || !begun || polling || document.hidden) return;
    polling = true;
    try {
      const response = await fetch(MESSAGES + (after ? `?after=${encodeURIComponent(after)}` : ""), {
        headers: { Authorization: `Bearer ${token}` },
        credentials: "omit",
      });
      if (response.status === 401) begun = false;
      if (response.ok) later((await response.json()).replies);
    } catch { /* the next one may get through */ } finally {
      polling = false;
    }
  }

  function later(replies) {
    if (gone || !replies.length) return;
    const nodes = replies.flatMap(added);
    if (isInSight(nodes[0])) say("");
    else say(status.dataset.new);
  }

  function added(reply) {
    after = reply.id;
    const nodes = ours(reply);
    log.append(...nodes);
    return nodes;
  }

  document.addEventListener("visibilitychange", poll);
  setInterval(poll, POLL);

  /* Help and leaving */

  function leave() {
    const to = find("leave").href;
    gone = true;
    memory.clear();
    if (window.speechSynthesis) speechSynthesis.cancel();
    document.title = "";
    document.body.replaceChildren();
    location.replace(to);
  }

  let escapes = [];
  addEventListener("keydown", event => {
    if (event.key !== "Escape" || event.repeat || gone) return;
    escapes = [...escapes.filter(at => event.timeStamp - at < ESCAPES_WITHIN), event.timeStamp];
    if (escapes.length >= ESCAPES) leave();
    else close();
  });

  function close() {
    if (!help.open) return;
    help.open = false;
    help.querySelector("summary").focus();
  }

  find("leave").addEventListener("click", event => {
    event.preventDefault();
    leave();
  });
  find("close").addEventListener("click", close);
  addEventListener("offline", () => say(status.dataset.offline));
  addEventListener("online", () => {
    say("");
    waiting.forEach(attempt);
  });

  document.documentElement.classList.add("js");
  if (navigator.onLine === false) say(status.dataset.offline);
  poll();
})();
