// The live view of an explorer: a stage (an image), actors (lines of points in its pixels) and
// controls. It knows nothing of what they mean. Python answers every message with one frame.

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

function slider(spec, change) {
  const place = spec.log ? Math.log10 : (value) => value;
  const value = (position) => Number((spec.log ? 10 ** position : position).toPrecision(3));
  const [low, high] = [place(spec.low), place(spec.high)];
  const step = spec.whole ? Math.max(1, Math.round((high - low) / 100)) : (high - low) / 100;
  const range = element("input", { type: "range", min: low, max: high, step });
  const box = element("input", { type: "number", min: spec.low, max: spec.high, step: "any" });
  range.setAttribute("aria-label", spec.label);
  box.setAttribute("aria-label", `${spec.label}, as a number`);
  const show = (now, typing = false) => {
    range.value = place(now);
    range.setAttribute("aria-valuetext", readable(now));
    if (!typing) box.value = readable(now);
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
    show(now);
    change(now);
  };
  box.addEventListener("change", commit);
  box.addEventListener("keydown", (event) => event.key === "Enter" && commit());
  return { node: element("label", {}, spec.label, range, box), show };
}

function paint(canvas, stage, actors, { lengths, points }, [width, height]) {
  const sharpness = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * sharpness)) {
    canvas.width = Math.round(width * sharpness);
    canvas.height = Math.round(height * sharpness);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(sharpness, 0, 0, sharpness, 0, 0);
  pen.drawImage(stage, 0, 0, width, height);
  let start = 0;
  actors.forEach((actor, i) => {
    const xy = points.subarray(start, (start += 2 * lengths[i]));
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

// One live view in place of one still picture.
function view(still, model, send) {
  const specs = model.get("controls");
  const controls = Object.fromEntries(
    specs.map((spec) => {
      const make = spec.kind === "Choice" ? choice : slider;
      return [spec.name, make(spec, (value) => send({ [spec.name]: value }))];
    }),
  );
  const reset = element("button", { type: "button" }, "Reset");
  reset.addEventListener("click", () => {
    send(Object.fromEntries(specs.map((spec) => [spec.name, spec.value])));
  });
  const nodes = Object.values(controls).map((control) => control.node);
  const panel = element("div", { role: "group", "aria-label": "Controls" }, ...nodes, reset);
  const canvas = element("canvas", { role: "img" });
  canvas.style.maxWidth = `${model.get("size")[0]}px`;
  const sentence = element("p", { "aria-live": "polite" });
  const node = element("div", { class: "course-explorer" }, panel, canvas, sentence);
  for (const input of panel.querySelectorAll("input, select, button")) {
    input.setAttribute("data-lm-suppress-shortcuts", "true"); // its keys are not JupyterLab's
  }
  const stills = [...still.children];
  let resting;
  return {
    show(frame, stage, newest) {
      if (!node.isConnected) {
        for (const child of stills) child.hidden = true;
        sentence.textContent = frame.sentence;
        still.append(node);
      }
      if (newest) specs.forEach(({ name }) => controls[name].show(frame.knobs[name]));
      paint(canvas, stage, model.get("actors"), frame, model.get("size"));
      canvas.setAttribute("aria-label", frame.sentence);
      // A screen reader hears the sentence once the hand rests, not at every step of a drag.
      clearTimeout(resting);
      resting = setTimeout(() => (sentence.textContent = frame.sentence), 150);
    },
    remove() {
      clearTimeout(resting);
      node.remove();
      for (const child of stills) child.hidden = false;
    },
  };
}

// Run once for each explorer of a living kernel, wherever its stills stand on the page.
async function initialize({ model }) {
  const stage = await createImageBitmap(new Blob([model.get("stage")], { type: "image/png" }));
  // By class, because JupyterLab strips other attributes from outputs that it does not trust yet.
  const selector = `.explorer-${model.get("key")}`;
  const views = new Map();
  let frame = null;
  let waiting = false;
  let next = {};

  // One question at a time: while Python draws, newer settings replace those that wait.
  function send(knobs) {
    Object.assign(next, knobs);
    if (waiting) return;
    try {
      model.send({ knobs: next });
      waiting = true;
    } catch {
      withdraw(); // the kernel is gone, and the still tells how to go on
    }
    next = {};
  }
  function refresh() {
    if (!frame) return;
    const newest = !waiting;
    for (const still of document.querySelectorAll(selector)) {
      if (!views.has(still)) views.set(still, view(still, model, send));
      views.get(still).show(frame, stage, newest);
    }
  }
  function withdraw() {
    for (const shown of views.values()) shown.remove();
    views.clear();
    frame = null;
  }
  model.on("msg:custom", (message, [points]) => {
    const { buffer, byteOffset, byteLength } = points;
    const copy = buffer.slice(byteOffset, byteOffset + byteLength); // aligned to four bytes
    frame = { ...message, points: new Float32Array(copy) };
    waiting = false;
    if (Object.keys(next).length) send({});
    refresh();
  });
  // The connection was lost or found again: show the still until Python answers.
  model.on("comm_live_update", () => {
    withdraw();
    waiting = false;
    send({});
  });
  // JupyterLab puts the still on the page after this model is made, and may move it later.
  const page = new MutationObserver(() => {
    for (const still of document.querySelectorAll(selector)) if (!views.has(still)) refresh();
  });
  page.observe(document.body, { childList: true, subtree: true });
  send({});
  return () => {
    page.disconnect();
    withdraw();
  };
}

export default { initialize };
