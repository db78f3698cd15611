// The live view of an explorer: a stage (a picture), actors (lines of points in its pixels, images
// of coloured cells) and controls. It knows nothing of what they mean. Python answers every message
// with one frame.

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const button = (text, attributes = {}) =>
  element("button", { type: "button", ...attributes }, text);
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
// Not counted: each explorer has this module of its own, and an id must be the only one of its page.
const newId = () => `course-explorer-${Math.random().toString(36).slice(2)}`;

// ---------------------------------------------------------------- numbers, as course_lib.reading

const threeDigits = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

function readable(value) {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e7))
    return threeDigits.format(value).replace("-", "−");
  const [mantissa, exponent] = value.toExponential(2).split("e");
  const raised = [...String(Number(exponent))].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]));
  return `${Number(mantissa)}×10${raised.join("")}`.replace("-", "−");
}

// What a learner typed, or NaN. A comma is accepted only where it parts thousands.
function parsed(text) {
  const plain = text.trim().replace("−", "-");
  const number = /^[-+]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(plain) ? plain.replaceAll(",", "") : plain;
  return number === "" ? NaN : Number(number);
}

// ---------------------------------------------------------------- controls
// A control is {node, show(value)}; it calls change(value) when the learner moves it.

function choice(spec, change) {
  const options = spec.options.map((name) => element("option", { value: name }, name));
  const select = element("select", { id: newId() }, ...options);
  select.addEventListener("input", () => change(select.value));
  const label = element("label", { for: select.id }, spec.label);
  return {
    node: element("div", { class: "knob choice" }, label, select),
    show: (value) => (select.value = value),
  };
}

function toggle(spec, change) {
  const node = button(spec.label, { "aria-pressed": "false" });
  const pressed = () => node.getAttribute("aria-pressed") === "true";
  node.addEventListener("click", () => change(!pressed()));
  return { node, show: (value) => node.setAttribute("aria-pressed", String(value)) };
}

function slider(spec, change, complain) {
  const place = spec.log ? Math.log10 : (value) => value;
  const round = spec.whole ? Math.round : (value) => Number(value.toPrecision(3));
  const write = spec.whole ? (value) => whole.format(value).replace("-", "−") : readable;
  const [low, high] = [place(spec.low), place(spec.high)];
  const range = element("input", { type: "range", id: newId(), min: low, max: high, step: "any" });
  const box = element("input", { type: "text", inputmode: "decimal", autocomplete: "off" });
  box.setAttribute("aria-label", `${spec.label}, as a number`);
  const track = element("span", { class: "track" }, range);
  if (spec.bound !== null) {
    const mark = element("span", { class: "bound", title: readable(spec.bound) });
    mark.style.setProperty("--share", (place(spec.bound) - low) / (high - low));
    track.append(mark);
  }
  let at = spec.value;
  const show = (value) => {
    at = value;
    range.value = place(at);
    range.setAttribute("aria-valuetext", write(round(at)));
    if (document.activeElement !== box) box.value = write(round(at)); // nothing typed is lost
  };
  const move = (value) => {
    show(clamp(value, spec.low, spec.high));
    change(at);
  };
  const moveTo = (position) => move(round(spec.log ? 10 ** position : position));
  range.addEventListener("input", () => moveTo(Number(range.value)));
  // A hundredth of the way for an arrow key, a tenth of that with Shift; whole numbers at least.
  const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };
  range.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const fine = ((high - low) / 100) * (event.shiftKey ? 0.1 : 1);
    moveTo(place(at) + step * (spec.whole ? Math.max(1, Math.round(fine)) : fine));
  });
  const commit = () => {
    if (box.value === write(round(at))) return; // the box rounds: looking at it moves nothing
    const value = parsed(box.value);
    const bad = Number.isNaN(value);
    complain(bad ? `“${box.value}” is no number: ${spec.label} stays at ${write(round(at))}.` : "");
    if (!bad) move(spec.whole ? Math.round(value) : value);
    if (value !== clamp(value, spec.low, spec.high) && !bad) {
      complain(`${spec.label} goes from ${write(spec.low)} to ${write(spec.high)}.`);
    }
    box.value = write(round(at));
  };
  box.addEventListener("change", commit);
  box.addEventListener("keydown", (event) => event.key === "Enter" && commit());
  const label = element("label", { for: range.id }, spec.label);
  const node = element("div", { class: "knob" }, label, track, box);
  return { node, show, jump: move, limits: [spec.low, spec.high] };
}

// The update to look at: the slider, and buttons that move it.
function time(spec, change, complain) {
  let [now, playing] = [spec.value, null];
  const [play, step] = [button("▶ Play", { class: "play" }), button("▸|", { class: "step" })];
  step.setAttribute("aria-label", "One update on");
  step.setAttribute("title", "One update on");
  const move = (to) => {
    now = clamp(to, spec.low, spec.high);
    scrub.show(now);
    change(now);
  };
  const pause = () => {
    clearInterval(playing);
    playing = null;
    play.textContent = "▶ Play";
  };
  const jump = (to) => {
    pause();
    move(to);
  };
  const scrub = slider(spec, jump, complain);
  play.addEventListener("click", () => {
    if (playing) return pause();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (now === spec.high) now = spec.low;
    if (still) return move(spec.high); // who wants no motion sees the end at once
    play.textContent = "❚❚ Pause";
    const stride = Math.max(1, Math.round((spec.high - spec.low) / 150));
    playing = setInterval(() => (now < spec.high ? move(now + stride) : pause()), 50);
  });
  step.addEventListener("click", () => jump(now + 1));
  const show = (value) => {
    if (!playing) now = value;
    scrub.show(now);
  };
  return {
    node: element("div", { class: "time" }, play, step, scrub.node),
    show,
    stop: pause,
    jump,
    limits: scrub.limits,
  };
}

// Not a control but the learner's hand on a long computation: start, stop, and how far it is.
function run(label, start) {
  const press = button(label, { class: "play" });
  const bar = element("progress", { max: 1, value: 0, "aria-label": `${label}: share done` });
  let running = false;
  press.addEventListener("click", () => start(!running));
  const show = (frame) => {
    running = frame.running;
    press.textContent = running ? "Stop" : label;
    bar.value = frame.done;
    bar.hidden = !running; // an empty bar looks like a slider
  };
  return { node: element("div", { class: "run" }, press, bar), show };
}

// ---------------------------------------------------------------- the picture

// The part of the picture that may stand on a line of its own: a piece of the stage.
function panel([left, width], height, first) {
  const canvas = element("canvas", first ? { role: "img" } : { "aria-hidden": "true" });
  const node = element("div", { class: "panel" }, canvas);
  node.style.setProperty("--width", `${width}px`);
  node.style.aspectRatio = `${width} / ${height}`;
  return {
    ...{ node, canvas, left, width, height },
    holds: ({ clip }) => clip[0] >= left && clip[0] < left + width,
    // Where an event is, in pixels of the stage.
    under(event) {
      const box = node.getBoundingClientRect();
      const x = left + ((event.clientX - box.left) * width) / box.width;
      return [x, ((event.clientY - box.top) * height) / box.height];
    },
    put(child, x, y) {
      child.style.left = `${(100 * (x - left)) / width}%`;
      child.style.top = `${(100 * y) / height}%`;
    },
  };
}

// Axes of the figure: shares of their width and height (0 to 1), pixels of the stage, and values.
function scales({ clip: [left, top, wide, high], low, high: end, log }) {
  const scale = log.map((is) => (is ? Math.log10 : Number));
  const unscale = log.map((is) => (is ? (value) => 10 ** value : Number));
  const start = low.map((value, i) => scale[i](value));
  const span = end.map((value, i) => scale[i](value) - start[i]);
  return {
    share: (value) => value.map((v, i) => (scale[i](v) - start[i]) / span[i]),
    value: (share) => share.map((s, i) => unscale[i](start[i] + s * span[i])),
    pixel: ([x, y]) => [left + wide * x, top + high * (1 - y)],
    shareOf: ([x, y]) => [(x - left) / wide, 1 - (y - top) / high],
  };
}

// A place in the picture: a handle that is dragged, or moved by the arrow keys.
function point(spec, change, panels) {
  const axes = scales(spec);
  const home = panels.find((one) => one.holds(spec));
  const handle = button("", {
    class: "handle",
    role: "slider",
    title: "Drag it, or use the arrow keys",
  });
  const hint = element("span", { class: "hint", "aria-hidden": "true" }, "drag me");
  handle.append(hint);
  handle.setAttribute("aria-valuemin", spec.low[0]);
  handle.setAttribute("aria-valuemax", spec.high[0]);
  handle.setAttribute("aria-label", `${spec.label}; arrow keys move it`);
  let at = spec.value;
  let previewing = false; // a cell is read, and the handle stays where it was set
  const put = () => {
    home.put(handle, ...axes.pixel(axes.share(at)));
    hint.classList.toggle("left", axes.share(at)[0] > 0.6);
    handle.setAttribute("aria-valuenow", at[0]);
    handle.setAttribute("aria-valuetext", `x ${readable(at[0])}, y ${readable(at[1])}`);
  };
  const show = (value) => {
    at = value;
    if (!previewing) put();
  };
  const snap = (share, i) => {
    const cells = spec.cells[i];
    return (Math.min(Math.floor(share * cells), cells - 1) + 0.5) / cells;
  };
  const moveTo = (shares) => {
    const inside = shares.map((share) => clamp(share, 0, 1));
    const value = axes.value(spec.cells ? inside.map(snap) : inside);
    if (value.every((v, i) => v === at[i])) return; // still the same cell
    show(value);
    change(at);
  };
  const hand = {
    ...{ handle, moveTo, picture: home.node },
    at: () => axes.share(at),
    preview(on) {
      previewing = on;
      put();
    },
    under: (event) => axes.shareOf(home.under(event)),
    found: () => handle.classList.add("found"), // nobody needs the hint any more
  };
  const keep = spec.cells ? readsCells(hand, hint) : isDragged(hand);
  handle.addEventListener("keydown", (event) => {
    const directions = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
    };
    const direction = directions[event.key];
    if (!direction || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const far = (i) => (spec.cells ? 1 / spec.cells[i] : 0.01) * (event.shiftKey ? 10 : 1);
    moveTo(axes.share(at).map((share, i) => share + far(i) * direction[i]));
    hand.found();
    keep();
  });
  show(at);
  home.node.append(handle);
  return { show };
}

function isDragged({ handle, moveTo, under, found }) {
  const follow = (event) => {
    found();
    moveTo(under(event));
  };
  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener("pointermove", follow);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    handle.addEventListener(end, () => handle.removeEventListener("pointermove", follow));
  }
  return () => {};
}

// Of an image the handle reads the cells: it follows the pointer, which needs no button, and goes
// back when the pointer leaves to the cell where it was kept by a click.
function readsCells({ handle, moveTo, at, preview, under, found, picture }, hint) {
  handle.classList.add("cell");
  handle.title = "Point at a cell; a click keeps it; arrow keys move it";
  hint.textContent = "point at the map";
  let kept = null;
  const inside = (shares) => shares.every((share) => share >= 0 && share <= 1);
  const leave = () => {
    if (!kept) return;
    preview(false);
    moveTo(kept);
    kept = null;
  };
  const keep = () => {
    preview(false);
    if (kept) kept = at();
  };
  picture.addEventListener("pointermove", (event) => {
    if (event.buttons) return; // something is dragged
    if (!inside(under(event))) return leave();
    kept ??= at();
    found();
    preview(true);
    moveTo(under(event));
  });
  picture.addEventListener("pointerleave", leave);
  picture.addEventListener("click", (event) => {
    const other = event.target.closest(".handle") ?? handle;
    if (!event.detail || other !== handle) return; // pressed by a key, or another handle let go
    if (!inside(under(event))) return;
    found();
    moveTo(under(event));
    keep();
    handle.focus({ preventScroll: true });
  });
  return keep;
}

// Axes in which the pointer reads the curves, and drags the controls whose upright lines they show.
const GRIP = 12; // how far above the axes a line's grip reaches

function chart(spec, actors, panels, controls) {
  const axes = scales(spec);
  const home = panels.find((one) => one.holds(spec));
  const [left, top, wide, high] = spec.clip;
  const across = (value) => axes.pixel(axes.share([value, spec.low[1]]))[0];
  const zone = element("div", { class: "chart" });
  home.put(zone, left, top - GRIP);
  zone.style.width = `${(100 * wide) / home.width}%`;
  zone.style.height = `${(100 * (high + GRIP)) / home.height}%`;
  const tip = element("div", { class: "tip", "aria-hidden": "true", hidden: "" });
  const lines = spec.drags.map((name) => {
    const grip = element("div", { class: "grip", "aria-hidden": "true" });
    return { name, grip, value: 0, ...controls[name] };
  });
  home.node.append(zone, ...lines.map(({ grip }) => grip), tip);
  const curves = actors.flatMap((actor, i) =>
    actor.name && !actor.palette && String(actor.clip) === String(spec.clip) ? [{ actor, i }] : [],
  );
  let parts = [];
  const valueUnder = (event) => {
    const [x] = axes.value(axes.shareOf(home.under(event)));
    return lines.length ? Math.round(clamp(x, ...lines[0].limits)) : x;
  };
  const read = (event) => {
    const at = valueUnder(event);
    const pixel = across(at);
    const values = curves.flatMap(({ actor, i }) => {
      const y = heightAt(new Float32Array(parts[i] ?? []), pixel);
      if (y === null || !spec.readable) return [];
      const value = axes.value(axes.shareOf([pixel, y]))[1];
      const swatch = element("i");
      swatch.style.background = actor.colour;
      const name = curves.length > 1 ? actor.name : spec.y;
      return [element("div", {}, swatch, `${name}: ${readable(value)}`)];
    });
    tip.replaceChildren(`${spec.x} ${lines.length ? whole.format(at) : readable(at)}`, ...values);
    tip.hidden = false;
    const room = home.node.clientWidth - ((pixel - home.left) * home.node.clientWidth) / home.width;
    tip.classList.toggle("left", tip.offsetWidth + 16 > room);
    home.put(tip, pixel, home.under(event)[1]);
  };
  let held = null;
  zone.addEventListener("pointermove", (event) => {
    read(event);
    held?.jump(valueUnder(event));
  });
  zone.addEventListener("pointerleave", () => (tip.hidden = true));
  if (lines.length) {
    zone.classList.add("time-axis");
    zone.title = "Drag an upright line";
    zone.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      zone.setPointerCapture(event.pointerId);
      const [x] = home.under(event);
      const away = ({ value }) => Math.abs(across(value) - x);
      held = lines.reduce((one, other) => (away(other) < away(one) ? other : one));
      held.jump(valueUnder(event));
    });
    for (const end of ["pointerup", "pointercancel"]) {
      zone.addEventListener(end, () => (held = null));
    }
  }
  return (frame) => {
    parts = frame.parts;
    for (const line of lines) {
      line.value = frame.knobs[line.name];
      home.put(line.grip, across(line.value), top);
    }
  };
}

// The height of a curve at a pixel across, or null where it is not.
function heightAt(xy, across) {
  for (let k = 0; k + 3 < xy.length; k += 2) {
    const [x, y, nextX, nextY] = xy.subarray(k, k + 4);
    if (!(x <= across + 1e-3 && across <= nextX + 1e-3)) continue; // nor where the pen is lifted
    return nextX === x ? y : y + ((nextY - y) * (across - x)) / (nextX - x);
  }
  return null;
}

// ---------------------------------------------------------------- painting

function drawImages(pen, actors, parts) {
  actors.forEach(({ palette, columns, clip }, i) => {
    if (!palette) return;
    const cells = new Uint8Array(parts[i]);
    const image = new ImageData(columns, cells.length / columns);
    cells.forEach((number, k) => {
      image.data.set(palette[number], 4 * k);
    });
    const small = new OffscreenCanvas(image.width, image.height);
    small.getContext("2d").putImageData(image, 0, 0);
    pen.imageSmoothingEnabled = false; // a cell has edges
    pen.drawImage(small, ...clip);
  });
}

function drawLines(pen, actors, parts, dark) {
  actors.forEach((actor, i) => {
    if (actor.palette) return;
    const xy = new Float32Array(parts[i]);
    pen.save();
    pen.beginPath();
    pen.rect(...actor.clip);
    pen.clip();
    pen.strokeStyle = pen.fillStyle = dark ? darkColour(actor.colour) : actor.colour;
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

function paint(panel, height, stage, actors, frame, pinned, dark) {
  const { canvas, left, width } = panel;
  const sharpness = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * sharpness)) {
    canvas.width = Math.round(width * sharpness);
    canvas.height = Math.round(height * sharpness);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(sharpness, 0, 0, sharpness, -left * sharpness, 0);
  pen.imageSmoothingEnabled = true;
  const scale = stage.height / height;
  pen.drawImage(stage, left * scale, 0, width * scale, stage.height, left, 0, width, height);
  drawImages(pen, actors, frame.parts);
  if (pinned) {
    pen.globalAlpha = 0.35;
    drawLines(pen, actors, pinned.parts, dark);
    pen.globalAlpha = 1;
  }
  drawLines(pen, actors, frame.parts, dark);
}

// In the dark: light and dark change places, and every hue stays. #111 takes the place of white.
// A colour of middling lightness stays as it is, where its opposite would be darker.
function darkened([red, green, blue]) {
  const [high, low] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  const turn = 255 - high - low;
  if (turn < 0 && high - low > 40 && high + low < 400) return [red, green, blue];
  return [red, green, blue].map((part) => 17 + ((part + turn) * 238) / 255);
}

function darkColour(colour) {
  const parts = [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16));
  return `rgb(${darkened(parts).join(" ")})`;
}

// A colour bar keeps its colours, which are those of the cells; so do its arrows above and below.
function darkStage(stage, colourBars, height) {
  const canvas = new OffscreenCanvas(stage.width, stage.height);
  const pen = canvas.getContext("2d");
  pen.drawImage(stage, 0, 0);
  const scale = stage.height / height;
  const isKept = (x, y) =>
    colourBars.some(([left, top, wide, high]) => {
      const arrow = 0.06 * high;
      return x >= left && x < left + wide && y >= top - arrow && y < top + high + arrow;
    });
  const image = pen.getImageData(0, 0, stage.width, stage.height);
  for (let i = 0; i < image.data.length; i += 4) {
    const colour = image.data.subarray(i, i + 3);
    const grey = Math.max(...colour) - Math.min(...colour) < 24;
    const [x, y] = [(i / 4) % stage.width, Math.floor(i / 4 / stage.width)];
    if (grey || !isKept(x / scale, y / scale)) image.data.set(darkened(colour), i);
  }
  pen.putImageData(image, 0, 0);
  return canvas;
}

// Whether a page is dark where a node stands: asked of the page itself, as every front end tells
// its theme in another way.
function standsInTheDark(node) {
  for (let at = node; at; at = at.parentElement) {
    const [red, green, blue, alpha = 1] = getComputedStyle(at)
      .backgroundColor.match(/[\d.]+/g)
      .map(Number);
    if (alpha > 0.5) return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
  }
  return false;
}

// ---------------------------------------------------------------- keys

// The keys that a control uses are not the page's: JupyterLab leaves those alone whose target has
// this attribute. All others are, so that Ctrl+S saves.
const SHIELD = "data-lm-suppress-shortcuts";
const KEYS = {
  range: /^(Arrow\w+|Home|End|Page\w+)$/,
  select: /^(Arrow\w+|Home|End|Page\w+|Enter| |[a-z0-9])$/i,
  button: /^(Enter| )$/,
  handle: /^(Arrow\w+|Enter| )$/,
};

function uses(target, { key, ctrlKey, metaKey, altKey }) {
  const command = ctrlKey || metaKey;
  if (target.type === "text") {
    return command
      ? /^([acvxzy]|Arrow\w+|Home|End|Backspace|Delete)$/i.test(key)
      : key !== "Escape";
  }
  const kind = target.classList.contains("handle") ? "handle" : target.type;
  const keys = KEYS[kind] ?? KEYS[target.tagName.toLowerCase()];
  return Boolean(keys) && !command && !altKey && keys.test(key);
}

function shieldKeys(node) {
  const shield = (event) => {
    if (node.contains(event.target))
      event.target.toggleAttribute(SHIELD, uses(event.target, event));
  };
  window.addEventListener("keydown", shield, true); // before JupyterLab, which listens on document
  return () => window.removeEventListener("keydown", shield, true);
}

// ---------------------------------------------------------------- words

// What the picture says, in parts of HTML; only a part that has changed is renewed.
function words() {
  const spoken = element("p", { class: "spoken", "aria-live": "polite" });
  const parts = {
    headline: element("p", { class: "headline" }),
    details: element("div", { class: "details" }),
    table: element("div", { class: "table" }),
    listings: element("div", { class: "listings" }),
  };
  let [last, resting, said] = [{}, 0, 0];
  const say = () => {
    spoken.textContent = parts.headline.textContent;
    said = performance.now();
  };
  const show = (now) => {
    for (const [name, node] of Object.entries(parts)) {
      if (now[name] === last[name]) continue;
      node.innerHTML = now[name]; // Python has escaped all that is text
      if (name === "listings") node.querySelectorAll("pre").forEach(offerCopy);
    }
    last = now;
    // A screen reader hears the headline once the hand rests, and once a second in between.
    clearTimeout(resting);
    resting = setTimeout(say, Math.min(150, Math.max(0, said + 1000 - performance.now())));
  };
  const nodes = [parts.headline, parts.details, parts.table, parts.listings, spoken];
  const text = () => `${parts.headline.textContent} ${parts.details.textContent}`.trim();
  return { nodes, show, headline: parts.headline, text, stop: () => clearTimeout(resting) };
}

function offerCopy(code) {
  const copy = button("Copy", { class: "copy" });
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.querySelector("code").textContent);
      copy.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(code); // no clipboard here: what is to be copied is marked
      copy.textContent = "Marked: press Ctrl+C";
    }
    setTimeout(() => (copy.textContent = "Copy"), 2000);
  });
  code.before(copy);
}

// ---------------------------------------------------------------- a live view

function make(spec, change, complain, panels) {
  if (spec.kind === "Choice") return choice(spec, change);
  if (spec.kind === "Toggle") return toggle(spec, change);
  if (spec.kind === "Point") return point(spec, change, panels);
  return (spec.kind === "Time" ? time : slider)(spec, change, complain);
}

// One live view in place of one still picture.
function view(still, model, send) {
  const [specs, actors] = [model.get("controls"), model.get("actors")];
  const [width, height] = model.get("size");
  const panels = model.get("panels").map((span, i) => panel(span, height, i === 0));
  const complaint = element("p", { class: "complaint", role: "status" });
  const complain = (text) => (complaint.textContent = text);
  const controls = Object.fromEntries(
    specs.map((spec) => {
      const change = (value) => send({ knobs: { [spec.name]: value } });
      return [spec.name, make(spec, change, complain, panels)];
    }),
  );
  const charts = model.get("charts").map((spec) => chart(spec, actors, panels, controls));
  const label = model.get("run_label");
  const long = label ? run(label, (start) => send({ run: start })) : null;
  const pin = button("Pin this run", { "aria-pressed": "false" });
  const reset = button("Reset");
  const picture = element("div", { class: "picture" }, ...panels.map((one) => one.node));
  const said = words();
  const pinnedWords = element("p", { class: "pinned", hidden: "" });
  const apart = [...(model.get("pin") ? [pin] : []), reset];
  const panelOfControls = arranged(specs, controls, long, apart);
  const node = element("div", { class: "course-explorer" });
  node.style.maxWidth = width > 650 ? "1000px" : "760px";
  const [headline, ...others] = said.nodes;
  node.append(panelOfControls, headline, picture, complaint, pinnedWords, ...others);
  const unshield = shieldKeys(node);
  const stills = [...still.children];
  let [last, pinned, dark] = [null, null, null];
  const repaint = () => {
    if (!last) return;
    const now = standsInTheDark(node.parentElement);
    if (dark !== now) node.style.colorScheme = now ? "dark" : "light";
    dark = now;
    node.classList.toggle("dark", dark);
    const stage = dark ? last.stages.dark() : last.stages.light;
    for (const one of panels) paint(one, height, stage, actors, last.frame, pinned, dark);
  };
  const themes = new MutationObserver(repaint);
  for (const root of [document.documentElement, document.body])
    themes.observe(root, { attributes: true });
  reset.addEventListener("click", () => {
    for (const control of Object.values(controls)) control.stop?.();
    complain("");
    send({ knobs: Object.fromEntries(specs.map((spec) => [spec.name, spec.value])) });
  });
  pin.addEventListener("click", () => {
    pinned = pinned ? null : last.frame;
    pin.textContent = pinned ? "Unpin" : "Pin this run";
    pin.setAttribute("aria-pressed", String(Boolean(pinned)));
    pinnedWords.textContent = pinned ? `Pinned, drawn pale: ${said.text()}` : "";
    pinnedWords.hidden = !pinned;
    repaint();
  });
  return {
    show(frame, stages, newest) {
      last = { frame, stages };
      if (!node.isConnected) {
        for (const child of stills) child.hidden = true;
        still.append(node);
      }
      long?.show(frame);
      if (newest) {
        for (const { name } of specs) controls[name].show(frame.knobs[name]);
      }
      for (const show of charts) show(frame);
      repaint();
      said.show(frame.words);
      node.ariaBusy = "false";
      panels[0].canvas.setAttribute("aria-label", said.headline.textContent);
    },
    wait() {
      node.ariaBusy = "true";
    },
    remove() {
      said.stop();
      themes.disconnect();
      unshield();
      for (const control of Object.values(controls)) control.stop?.();
      node.remove();
      for (const child of stills) child.hidden = false;
    },
  };
}

// The controls in their order: what plays or starts, the first slider large, the others in two
// columns, groups side by side. What is not a control of the figure stands apart.
function arranged(specs, controls, long, apart) {
  const bar = element("div", { class: "bar" });
  const knobs = element("div", { class: "knobs" });
  const groups = new Map();
  for (const spec of specs) {
    const { node } = controls[spec.name];
    if (!node) continue; // it is in the picture
    if (spec.kind === "Time") bar.prepend(node);
    else if (spec.kind === "Toggle") bar.append(node);
    else if (spec.group) {
      if (!groups.has(spec.group)) {
        groups.set(
          spec.group,
          element("fieldset", { class: "knobs" }, element("legend", {}, spec.group)),
        );
      }
      groups.get(spec.group).append(node);
    } else knobs.append(node);
  }
  if (specs[0].kind === "Slider") knobs.firstChild.classList.add("lead");
  if (long) bar.append(long.node);
  const quiet = !bar.children.length && knobs.children.length && !groups.size;
  bar.append(element("div", { class: "apart" }, ...apart));
  const sides = element("div", { class: "groups" }, ...groups.values());
  const rows = [bar, ...(knobs.children.length ? [knobs] : []), ...(groups.size ? [sides] : [])];
  const name = { class: quiet ? "controls quiet" : "controls", role: "group" };
  return element("div", { ...name, "aria-label": "Controls" }, ...rows);
}

// ---------------------------------------------------------------- life and death

// The living explorers of this page by their keys. Global, because every model loads this module
// anew, and the models of a notebook that was closed and opened again must know of each other.
globalThis.courseExplorers ??= new Map();
const living = globalThis.courseExplorers;

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
  let stages = null;
  let frame = null;
  let waiting = false;
  let next = null;
  let patience = null;
  let slow = null;

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
      slow = setTimeout(() => views.forEach((shown) => shown.wait()), 300);
    } catch {
      withdraw(); // the kernel is gone, and the still tells how to go on
    }
    next = null;
  }
  const everywhere = () => [...document.querySelectorAll(selector), ...places];
  function refresh() {
    if (!frame || !stages) return;
    const newest = !waiting;
    for (const still of everywhere()) {
      if (!views.has(still)) views.set(still, view(still, model, send));
      views.get(still).show(frame, stages, newest);
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
      clearTimeout(slow);
      waiting = false; // other frames come unasked, from a run
      if (next) send({});
    }
    refresh();
  }
  function lose() {
    clearTimeout(patience);
    clearTimeout(slow);
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
    const light = await createImageBitmap(new Blob([model.get("stage")], { type: "image/png" }));
    let turned = null;
    const dark = () =>
      (turned ??= darkStage(light, model.get("colour_bars"), model.get("size")[1]));
    stages = { light, dark };
    refresh();
  }
  model.on("msg:custom", hear);
  model.on("comm_live_update", ask);
  page.observe(document.body, { childList: true, subtree: true });
  send({});
  return { ready: begin(), showAt, stop };
}

export default { initialize, render };
