// The live view of an explorer: a stage (a picture), actors (lines of points in its pixels, images
// of coloured cells) and controls. It knows nothing of what they mean. Python answers every message
// with one frame.

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const readable = (value) => String(Number(Number(value).toPrecision(3)));

// A control is {node, show(value)}; it calls change(value) when the learner moves it.
function choice(spec, change) {
  const options = spec.options.map((name) => element("option", { value: name }, name));
  const select = element("select", { "aria-label": spec.label }, ...options);
  select.addEventListener("input", () => change(select.value));
  return {
    node: element("label", {}, spec.label, select),
    show: (value) => (select.value = value),
  };
}

function toggle(spec, change) {
  const node = element("button", { type: "button", "aria-pressed": "false" }, spec.label);
  const pressed = () => node.getAttribute("aria-pressed") === "true";
  node.addEventListener("click", () => change(!pressed()));
  return { node, show: (value) => node.setAttribute("aria-pressed", String(value)) };
}

// Not a control but the learner's hand on a long computation: start, stop, and how far it is.
function run(label, start) {
  const button = element("button", { type: "button" }, label);
  const bar = element("progress", { max: 1, value: 0, "aria-label": `${label}: share done` });
  let running = false;
  button.addEventListener("click", () => start(!running));
  const show = (frame) => {
    running = frame.running;
    button.textContent = running ? "Stop" : label;
    bar.value = frame.done;
  };
  return { node: element("span", {}, button, bar), show };
}

function slider(spec, change) {
  const place = spec.log ? Math.log10 : (value) => value;
  const round = spec.whole ? Math.round : (value) => Number(Number(value).toPrecision(3));
  const value = (position) => round(spec.log ? 10 ** position : position);
  const [low, high] = [place(spec.low), place(spec.high)];
  const step = spec.whole ? Math.max(1, Math.round((high - low) / 100)) : (high - low) / 100;
  const range = element("input", { type: "range", min: low, max: high, step });
  const box = element("input", { type: "number", min: spec.low, max: spec.high, step: "any" });
  range.setAttribute("aria-label", spec.label);
  const marks = element("datalist", { id: `marks-${Math.random().toString(36).slice(2)}` });
  if (spec.bound !== null) {
    marks.append(element("option", { value: place(spec.bound) }));
    range.setAttribute("list", marks.id);
  }
  box.setAttribute("aria-label", `${spec.label}, as a number`);
  const show = (now) => {
    range.value = place(now);
    range.setAttribute("aria-valuetext", round(now));
    if (document.activeElement !== box) box.value = round(now); // nothing typed is lost
  };
  const inside = (number) => Math.min(Math.max(number, spec.low), spec.high);
  range.addEventListener("input", () => {
    const now = inside(value(Number(range.value)));
    show(now);
    change(now);
  });
  const commit = () => {
    if (box.value === "") return;
    const now = inside(Number(box.value));
    box.value = round(now);
    show(now);
    change(now);
  };
  box.addEventListener("change", commit);
  box.addEventListener("keydown", (event) => event.key === "Enter" && commit());
  return { node: element("label", {}, spec.label, range, marks, box), show };
}

// The update to look at: the slider, and buttons that move it.
function time(spec, change) {
  const scrub = slider(spec, (now) => {
    pause();
    move(now);
  });
  const button = (text, label) => element("button", { type: "button", "aria-label": label }, text);
  const [play, step] = [button("▶", "Play"), button("▸|", "One update on")];
  let [now, playing] = [spec.value, null];
  const move = (to) => {
    now = Math.min(to, spec.high);
    scrub.show(now);
    change(now);
  };
  const pause = () => {
    clearInterval(playing);
    playing = null;
    play.textContent = "▶";
    play.setAttribute("aria-label", "Play");
  };
  play.addEventListener("click", () => {
    if (playing) return pause();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (now === spec.high) now = spec.low;
    if (still) return move(spec.high); // who wants no motion sees the end at once
    play.textContent = "❚❚";
    play.setAttribute("aria-label", "Pause");
    const stride = Math.max(1, Math.round((spec.high - spec.low) / 150));
    playing = setInterval(() => (now < spec.high ? move(now + stride) : pause()), 50);
  });
  step.addEventListener("click", () => {
    pause();
    move(now + 1);
  });
  const show = (value) => {
    if (!playing) now = value;
    scrub.show(now);
  };
  return { node: element("span", {}, scrub.node, play, step), show, stop: pause };
}

// A place in the picture: a handle that is dragged, or moved by the arrow keys. One that reads the
// cells of an image follows the pointer, and goes back when it leaves to where it was kept.
function point(spec, change, [width, height], picture) {
  const [left, top, wide, high] = spec.clip;
  const scale = spec.log.map((log) => (log ? Math.log10 : Number));
  const unscale = spec.log.map((log) => (log ? (place) => 10 ** place : Number));
  const low = spec.low.map((end, i) => scale[i](end));
  const span = spec.high.map((end, i) => scale[i](end) - low[i]);
  const share = (value) => value.map((v, i) => (scale[i](v) - low[i]) / span[i]);
  const handle = element("button", { type: "button", class: "handle", role: "slider" });
  handle.setAttribute("aria-valuemin", spec.low[0]);
  handle.setAttribute("aria-valuemax", spec.high[0]);
  let at = spec.value;
  let kept = null; // the cell to go back to when the pointer leaves
  const show = (value) => {
    at = value;
    const [x, y] = share(at);
    handle.style.left = `${(100 * (left + wide * x)) / width}%`;
    handle.style.top = `${(100 * (top + high * (1 - y))) / height}%`;
    handle.setAttribute("aria-label", `${spec.label}; arrow keys move it`);
    handle.setAttribute("aria-valuenow", readable(at[0]));
    handle.setAttribute("aria-valuetext", `x ${readable(at[0])}, y ${readable(at[1])}`);
  };
  const middle = (place, cells) => (Math.min(Math.floor(place * cells), cells - 1) + 0.5) / cells;
  const move = (places) => {
    const inside = places.map((place) => Math.min(Math.max(place, 0), 1));
    const there = spec.cells ? inside.map((place, i) => middle(place, spec.cells[i])) : inside;
    const value = there.map((place, i) => unscale[i](low[i] + place * span[i]));
    if (value.every((v, i) => v === at[i])) return; // still the same cell
    show(value);
    change(at);
  };
  handle.addEventListener("keydown", (event) => {
    const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const direction = directions[event.key];
    if (!direction) return;
    event.preventDefault();
    const far = (i) => (spec.cells ? 1 / spec.cells[i] : 0.01) * (event.shiftKey ? 10 : 1);
    move(share(at).map((place, i) => place + far(i) * direction[i]));
    if (kept) kept = at;
  });
  const under = (event) => {
    const box = picture.getBoundingClientRect();
    const x = ((event.clientX - box.left) * width) / box.width;
    const y = ((event.clientY - box.top) * height) / box.height;
    return [(x - left) / wide, 1 - (y - top) / high];
  };
  if (spec.cells) {
    handle.classList.add("cell");
    const inside = (places) => places.every((place) => place >= 0 && place <= 1);
    const leave = () => {
      if (kept) move(share(kept));
      kept = null;
    };
    picture.addEventListener("pointermove", (event) => {
      if (event.buttons) return; // something is dragged
      const places = under(event);
      if (!inside(places)) return leave();
      kept ??= at;
      move(places);
    });
    picture.addEventListener("pointerleave", leave);
    picture.addEventListener("click", (event) => {
      const other = event.target.closest(".handle") ?? handle;
      if (!event.detail || other !== handle) return; // pressed by a key, or another handle let go
      if (!inside(under(event))) return;
      move(under(event));
      if (kept) kept = at;
      handle.focus({ preventScroll: true });
    });
  } else {
    const follow = (event) => move(under(event));
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      handle.addEventListener("pointermove", follow);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      handle.addEventListener(end, () => handle.removeEventListener("pointermove", follow));
    }
  }
  show(at);
  return { node: handle, show, inPicture: true };
}

function drawImages(pen, actors, parts) {
  actors.forEach(({ palette, columns, clip }, i) => {
    if (!palette) return;
    const cells = new Uint8Array(parts[i]);
    const image = new ImageData(columns, cells.length / columns);
    cells.forEach((number, k) => image.data.set(palette[number], 4 * k));
    const small = new OffscreenCanvas(image.width, image.height);
    small.getContext("2d").putImageData(image, 0, 0);
    pen.imageSmoothingEnabled = false; // a cell has edges
    pen.drawImage(small, ...clip);
  });
}

function drawLines(pen, actors, parts) {
  actors.forEach((actor, i) => {
    if (actor.palette) return;
    const xy = new Float32Array(parts[i]);
    pen.save();
    pen.beginPath();
    pen.rect(...actor.clip);
    pen.clip();
    pen.strokeStyle = pen.fillStyle = actor.colour;
    pen.lineJoin = "round";
    if (actor.width) {
      pen.lineWidth = actor.width;
      pen.setLineDash(actor.dash);
      pen.beginPath();
      let down = false; // a point that is no number lifts the pen
      for (let k = 0; k < xy.length; k += 2) {
        const there = !Number.isNaN(xy[k]) && !Number.isNaN(xy[k + 1]);
        if (there) down ? pen.lineTo(xy[k], xy[k + 1]) : pen.moveTo(xy[k], xy[k + 1]);
        down = there;
      }
      pen.stroke();
    }
    if (actor.marker) {
      for (let k = 0; k < xy.length; k += 2) {
        pen.beginPath();
        pen.arc(xy[k], xy[k + 1], actor.markersize / 2, 0, 2 * Math.PI);
        pen.fill();
      }
    }
    pen.restore();
  });
}

function paint(canvas, stage, actors, frame, pinned, [width, height]) {
  const sharpness = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * sharpness)) {
    canvas.width = Math.round(width * sharpness);
    canvas.height = Math.round(height * sharpness);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(sharpness, 0, 0, sharpness, 0, 0);
  pen.imageSmoothingEnabled = true;
  pen.drawImage(stage, 0, 0, width, height);
  drawImages(pen, actors, frame.parts);
  if (pinned) {
    pen.globalAlpha = 0.35;
    drawLines(pen, actors, pinned.parts);
    pen.globalAlpha = 1;
  }
  drawLines(pen, actors, frame.parts);
}

const makers = { Choice: choice, Slider: slider, Time: time, Toggle: toggle, Point: point };

// One live view in place of one still picture.
function view(still, model, send) {
  const [specs, size] = [model.get("controls"), model.get("size")];
  const picture = element("div", { class: "picture" });
  const controls = Object.fromEntries(
    specs.map((spec) => {
      const change = (value) => send({ knobs: { [spec.name]: value } });
      return [spec.name, makers[spec.kind](spec, change, size, picture)];
    }),
  );
  const pin = element("button", { type: "button", "aria-pressed": "false" }, "Pin this run");
  const reset = element("button", { type: "button" }, "Reset");
  const panel = element("div", { role: "group", "aria-label": "Controls" });
  const canvas = element("canvas", { role: "img" });
  picture.append(canvas);
  picture.style.maxWidth = `${size[0]}px`;
  for (const { node, inPicture } of Object.values(controls)) (inPicture ? picture : panel).append(node);
  const label = model.get("run_label");
  const long = label ? run(label, (start) => send({ run: start })) : null;
  if (long) panel.append(long.node);
  panel.append(pin, reset);
  const sentence = element("p", { "aria-live": "polite" });
  const pinnedSentence = element("p", { class: "pinned", hidden: "" });
  const node = element("div", { class: "course-explorer" }, panel, picture, sentence, pinnedSentence);
  for (const input of node.querySelectorAll("input, select, button")) {
    input.setAttribute("data-lm-suppress-shortcuts", "true"); // its keys are not JupyterLab's
  }
  const stills = [...still.children];
  let [resting, said, last, pinned] = [null, 0, null, null];
  const repaint = () => paint(canvas, last.stage, model.get("actors"), last.frame, pinned, size);
  reset.addEventListener("click", () => {
    for (const control of Object.values(controls)) control.stop?.();
    send({ knobs: Object.fromEntries(specs.map((spec) => [spec.name, spec.value])) });
  });
  pin.addEventListener("click", () => {
    pinned = pinned ? null : last.frame;
    pin.textContent = pinned ? "Unpin" : "Pin this run";
    pin.setAttribute("aria-pressed", String(Boolean(pinned)));
    pinnedSentence.textContent = pinned ? `Pinned, drawn pale: ${pinned.sentence}` : "";
    pinnedSentence.hidden = !pinned;
    repaint();
  });
  return {
    show(frame, stage, newest) {
      last = { frame, stage };
      if (!node.isConnected) {
        for (const child of stills) child.hidden = true;
        sentence.textContent = frame.sentence;
        still.append(node);
      }
      long?.show(frame);
      if (newest) specs.forEach(({ name }) => controls[name].show(frame.knobs[name]));
      repaint();
      canvas.setAttribute("aria-label", frame.sentence);
      // A screen reader hears the sentence once the hand rests, and once a second in between.
      clearTimeout(resting);
      const say = () => {
        sentence.textContent = frame.sentence;
        said = performance.now();
      };
      resting = setTimeout(say, Math.min(150, Math.max(0, said + 1000 - performance.now())));
    },
    remove() {
      clearTimeout(resting);
      for (const control of Object.values(controls)) control.stop?.();
      node.remove();
      for (const child of stills) child.hidden = false;
    },
  };
}

// The living explorers of this page by their keys. Global, because every model loads this module
// anew, and the models of a notebook that was closed and opened again must know of each other.
const living = (globalThis.courseExplorers ??= new Map());

// Run once for each model. A front end may keep one after its notebook is closed, as JupyterLab
// does while the kernel lives; the model that is made when the notebook is opened again ends it.
async function initialize({ model }) {
  const key = model.get("key");
  living.get(key)?.stop();
  const explorer = connect(model);
  living.set(key, explorer);
  await explorer.ready;
  return explorer.stop;
}

// Run after `initialize` for each widget view. Most front ends store none and have a still instead;
// where a view is stored no still is on the page, and without a kernel a sentence must do.
function render({ model, el }) {
  const why = "Waiting for the kernel. If no picture appears here, run this cell again.";
  const place = element("div", {}, element("p", {}, why));
  el.append(place);
  return living.get(model.get("key"))?.showAt(place);
}

// One connection to Python, and a view for every still on the page and every place of a widget view.
function connect(model) {
  // By class, because JupyterLab strips other attributes from outputs that it does not trust yet.
  const selector = `.explorer-${model.get("key")}`;
  const places = new Set();
  const views = new Map();
  let stage = null;
  let frame = null;
  let waiting = false;
  let next = null;
  let patience = null;

  // A kernel that has dealt with a question and sends no frame knows of no such explorer: it was
  // restarted from another page, of which this one hears nothing.
  function status({ content }) {
    clearTimeout(patience);
    if (waiting && content.execution_state === "idle") patience = setTimeout(lose, 3000);
  }
  const callbacks = Object.assign(() => {}, { iopub: { status } }); // marimo calls it itself
  // One question at a time: while Python draws, newer settings replace those that wait.
  function send(message) {
    next = { ...next, ...message, knobs: { ...next?.knobs, ...message.knobs } };
    if (waiting) return;
    try {
      model.send(next, callbacks);
      waiting = true;
    } catch {
      withdraw(); // the kernel is gone, and the still tells how to go on
    }
    next = null;
  }
  const everywhere = () => [...document.querySelectorAll(selector), ...places];
  function refresh() {
    if (!frame || !stage) return;
    const newest = !waiting;
    for (const still of everywhere()) {
      if (!views.has(still)) views.set(still, view(still, model, send));
      views.get(still).show(frame, stage, newest);
    }
  }
  function withdraw() {
    for (const shown of views.values()) shown.remove();
    views.clear();
    frame = null;
  }
  function hear(message, buffers) {
    const copy = ({ buffer, byteOffset, byteLength }) =>
      buffer.slice(byteOffset, byteOffset + byteLength); // aligned to four bytes
    frame = { ...message, parts: buffers.map(copy) };
    if (frame.answer) {
      clearTimeout(patience);
      waiting = false; // other frames come unasked, from a run
      if (next) send({});
    }
    refresh();
  }
  function lose() {
    clearTimeout(patience);
    withdraw();
    waiting = false;
    next = null;
  }
  // The connection was lost or found again: show the still until Python answers.
  function ask() {
    lose();
    send({});
  }
  // JupyterLab puts the still on the page after this model is made, and may move it later.
  const page = new MutationObserver(() => {
    if (everywhere().some((still) => !views.has(still))) refresh();
  });
  function stop() {
    page.disconnect();
    model.off("msg:custom", hear);
    model.off("comm_live_update", ask);
    lose();
    if (living.get(model.get("key"))?.stop === stop) living.delete(model.get("key"));
  }
  function showAt(place) {
    places.add(place);
    refresh();
    return () => {
      places.delete(place);
      views.get(place)?.remove();
      views.delete(place);
    };
  }
  async function begin() {
    stage = await createImageBitmap(new Blob([model.get("stage")], { type: "image/png" }));
    refresh();
  }
  model.on("msg:custom", hear);
  model.on("comm_live_update", ask);
  page.observe(document.body, { childList: true, subtree: true });
  send({});
  return { ready: begin(), showAt, stop };
}

export default { initialize, render };
