// The live view of an explorer: a stage (a picture), actors (lines of points in its pixels, images
// of coloured cells) and controls. It knows nothing of what they mean. Python answers every message
// with one frame.

// ---------------------------------------------------------------- types
// What goes to Python and comes from it is written in overlay.schema.json, of which the types that
// are imported here are made. A browser sees no import.

/** @import { Box, Chart, Choice, Frame, Image, Line, Pair, Phrases, Point } from "overlay-schema" */
/** @import { Question, Slider, Spec, State, Toggle, Value, Words } from "overlay-schema" */

/**
 * @typedef {Line | Image} Actor
 * @typedef {Pick<Chart, "clip" | "low" | "high" | "log">} Axes
 * @typedef {Frame & { parts: ArrayBuffer[] }} Picture - one buffer for each actor
 * @typedef {ImageBitmap | OffscreenCanvas} Stage
 * @typedef {{ light: Stage, dark(): Stage }} Stages
 * @typedef {Record<string, string | number>} Attributes
 * @typedef {(value: Value) => void} Change
 * @typedef {(to: number) => void} Move
 * @typedef {(text: string) => void} Complain
 * @typedef {(question: Question) => void} Send
 * @typedef {(frame: Frame, buffers: DataView<ArrayBuffer>[]) => void} Hear
 * @typedef {{ node: HTMLElement, show(value: Value): void, jump?: Move, limits?: Pair }} Knob
 * @typedef {Partial<Knob> & { show(value: Value): void, stop?(): void }} Control
 * @typedef {Control & { name: string, grip: HTMLElement, value: number }} Upright
 * @typedef {{ node: HTMLElement, show(frame: Frame): void }} Run
 * @typedef {{
 *   node: HTMLElement, canvas: HTMLCanvasElement, left: number, width: number, height: number,
 *   holds(axes: Axes): boolean,
 *   under(event: MouseEvent): Pair,
 *   put(child: HTMLElement, x: number, y: number): void,
 * }} Panel
 * @typedef {{
 *   share(value: Pair): Pair, value(share: Pair): Pair,
 *   pixel(share: Pair): Pair, shareOf(pixel: Pair): Pair,
 * }} Scales
 * @typedef {{
 *   handle: HTMLElement, picture: HTMLElement,
 *   at(): Pair, under(event: MouseEvent): Pair,
 *   moveTo(shares: Pair): void, preview(on: boolean): void, found(): void,
 * }} Hand
 * @typedef {{
 *   show(frame: Picture, stages: Stages, newest: boolean): void,
 *   wait(): void,
 *   remove(): void,
 * }} View
 * @typedef {{
 *   ready: Promise<void>,
 *   showAt(place: HTMLElement): () => void,
 *   stop(): void,
 * }} Explorer
 * @typedef {{
 *   get(name: "stage"): DataView<ArrayBuffer>,
 *   get<Name extends keyof State>(name: Name): State[Name],
 *   send(question: Question, callbacks: object): void,
 *   on(event: string, hear: Hear): void,
 *   off(event: string, hear: Hear): void,
 * }} Model
 */

// ---------------------------------------------------------------- small tools

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @param {(Node | string)[]} children
 */
function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/** @type {(text: string, attributes?: Attributes) => HTMLButtonElement} */
const button = (text, attributes = {}) =>
  element("button", { type: "button", ...attributes }, text);
/** @type {(value: number, low: number, high: number) => number} */
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
/** @type {(make: (i: 0 | 1) => number) => Pair} */
const both = (make) => [make(0), make(1)];
// Not counted: each explorer has this module of its own, and an id must be the only one of its page.
const newId = () => `course-explorer-${Math.random().toString(36).slice(2)}`;

// What a page may lack in theory only.
/** @type {<Thing>(thing: Thing | null | undefined) => Thing} */
function sure(thing) {
  if (thing === null || thing === undefined) throw new TypeError("The page lacks a part.");
  return thing;
}

// What is said here, in the learner's language: the same in all explorers of a page.
/** @type {Phrases} */
let phrases;
/** @type {(name: keyof Phrases, parts?: Record<string, string>) => string} */
const phrase = (name, parts = {}) =>
  phrases[name].replace(/\{(\w+)\}/g, (_, hole) => sure(parts[hole]));

// ---------------------------------------------------------------- numbers, as course_lib.reading

const threeDigits = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** @type {(value: number) => string} */
function readable(value) {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e7))
    return threeDigits.format(value).replace("-", "−");
  const [mantissa, exponent] = value.toExponential(2).split("e");
  const raised = [...String(Number(exponent))].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)] ?? "⁻");
  return `${Number(mantissa)}×10${raised.join("")}`.replace("-", "−");
}

// What a learner typed, or NaN. A comma is accepted only where it parts thousands.
/** @type {(text: string) => number} */
function parsed(text) {
  const plain = text.trim().replace("−", "-");
  const number = /^[-+]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(plain) ? plain.replaceAll(",", "") : plain;
  return number === "" ? NaN : Number(number);
}

// ---------------------------------------------------------------- controls
// A control is {node, show(value)}; it calls change(value) when the learner moves it.

/** @type {(spec: Choice, change: Change) => Knob} */
function choice(spec, change) {
  const options = spec.options.map((value, i) => element("option", { value }, spec.shown[i]));
  const select = element("select", { id: newId() }, ...options);
  select.addEventListener("input", () => change(select.value));
  const label = element("label", { for: select.id }, spec.label);
  return {
    node: element("div", { class: "knob choice" }, label, select),
    show: (/** @type {string} */ value) => (select.value = value),
  };
}

/** @type {(spec: Toggle, change: Change) => Knob} */
function toggle(spec, change) {
  const node = button(spec.label, { "aria-pressed": "false" });
  const pressed = () => node.getAttribute("aria-pressed") === "true";
  node.addEventListener("click", () => change(!pressed()));
  return { node, show: (value) => node.setAttribute("aria-pressed", String(value)) };
}

/** @type {(spec: Slider, change: Move, complain: Complain) => Knob} */
function slider(spec, change, complain) {
  const place = spec.log ? Math.log10 : Number;
  /** @type {(value: number) => number} */
  const round = spec.whole ? Math.round : (value) => Number(value.toPrecision(3));
  /** @type {(value: number) => string} */
  const write = spec.whole ? (value) => whole.format(value).replace("-", "−") : readable;
  const [low, high] = [place(spec.low), place(spec.high)];
  const range = element("input", { type: "range", id: newId(), min: low, max: high, step: "any" });
  const box = element("input", { type: "text", inputmode: "decimal", autocomplete: "off" });
  box.setAttribute("aria-label", phrase("number", { label: spec.label }));
  const track = element("span", { class: "track" }, range);
  // A kernel in a browser writes Python's None as undefined.
  if (typeof spec.bound === "number") {
    const mark = element("span", { class: "bound", title: readable(spec.bound) });
    mark.style.setProperty("--share", String((place(spec.bound) - low) / (high - low)));
    track.append(mark);
  }
  let at = spec.value;
  const show = (/** @type {number} */ value) => {
    at = value;
    range.value = String(place(at));
    range.setAttribute("aria-valuetext", write(round(at)));
    if (!box.matches(":focus")) box.value = write(round(at)); // nothing typed is lost
  };
  const move = (/** @type {number} */ value) => {
    show(clamp(value, spec.low, spec.high));
    change(at);
  };
  const moveTo = (/** @type {number} */ position) =>
    move(round(spec.log ? 10 ** position : position));
  range.addEventListener("input", () => moveTo(Number(range.value)));
  // A hundredth of the way for an arrow key, a tenth of that with Shift; whole numbers at least.
  /** @type {Record<string, number>} */
  const steps = {
    ArrowLeft: -1,
    ArrowDown: -1,
    ArrowRight: 1,
    ArrowUp: 1,
    PageDown: -10,
    PageUp: 10,
  };
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
    const { label } = spec;
    if (Number.isNaN(value)) {
      complain(phrase("no_number", { typed: box.value, label, value: write(round(at)) }));
    } else {
      const inside = value === clamp(value, spec.low, spec.high);
      const ends = { low: write(spec.low), high: write(spec.high) };
      complain(inside ? "" : phrase("range", { label, ...ends }));
      move(spec.whole ? Math.round(value) : value);
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
/** @type {(spec: Slider, change: Move, complain: Complain) => Control} */
function time(spec, change, complain) {
  let [now, playing] = [spec.value, 0]; // a timer's number is never 0
  const [play, step] = [button(phrase("play"), { class: "play" }), button("▸|", { class: "step" })];
  step.setAttribute("aria-label", phrase("step"));
  step.setAttribute("title", phrase("step"));
  const move = (/** @type {number} */ to) => {
    now = clamp(to, spec.low, spec.high);
    scrub.show(now);
    change(now);
  };
  const pause = () => {
    clearInterval(playing);
    playing = 0;
    play.textContent = phrase("play");
  };
  const jump = (/** @type {number} */ to) => {
    pause();
    move(to);
  };
  const scrub = slider(spec, jump, complain);
  play.addEventListener("click", () => {
    if (playing) return pause();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (now === spec.high) now = spec.low;
    if (still) return move(spec.high); // who wants no motion sees the end at once
    play.textContent = phrase("pause");
    const stride = Math.max(1, Math.round((spec.high - spec.low) / 150));
    playing = setInterval(() => (now < spec.high ? move(now + stride) : pause()), 50);
  });
  step.addEventListener("click", () => jump(now + 1));
  const show = (/** @type {number} */ value) => {
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
/** @type {(label: string, start: (on: boolean) => void) => Run} */
function run(label, start) {
  const press = button(label, { class: "play" });
  const bar = element("progress", { max: 1, value: 0, "aria-label": phrase("share", { label }) });
  let running = false;
  press.addEventListener("click", () => start(!running));
  const show = (/** @type {Frame} */ frame) => {
    running = frame.running;
    press.textContent = running ? phrase("stop") : label;
    bar.value = frame.done;
    bar.hidden = !running; // an empty bar looks like a slider
  };
  return { node: element("div", { class: "run" }, press, bar), show };
}

// ---------------------------------------------------------------- the picture

// The part of the picture that may stand on a line of its own: a piece of the stage.
/** @type {(span: Pair, height: number, first: boolean) => Panel} */
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
/** @type {(axes: Axes) => Scales} */
function scales({ clip: [left, top, wide, high], low, high: end, log }) {
  const scale = log.map((is) => (is ? Math.log10 : Number));
  const unscale = log.map((is) => (is ? (/** @type {number} */ value) => 10 ** value : Number));
  const start = both((i) => scale[i](low[i]));
  const span = both((i) => scale[i](end[i]) - start[i]);
  return {
    share: (value) => both((i) => (scale[i](value[i]) - start[i]) / span[i]),
    value: (share) => both((i) => unscale[i](start[i] + share[i] * span[i])),
    pixel: ([x, y]) => [left + wide * x, top + high * (1 - y)],
    shareOf: ([x, y]) => [(x - left) / wide, 1 - (y - top) / high],
  };
}

// A place in the picture: a handle that is dragged, or moved by the arrow keys.
/** @type {(spec: Point, change: Change, panels: Panel[]) => Control} */
function point(spec, change, panels) {
  const { cells } = spec;
  const axes = scales(spec);
  const home = sure(panels.find((one) => one.holds(spec)));
  const handle = button("", {
    class: "handle",
    role: "slider",
    title: phrase("drag"),
  });
  const hint = element("span", { class: "hint", "aria-hidden": "true" }, phrase("drag_me"));
  handle.append(hint);
  handle.setAttribute("aria-valuemin", String(spec.low[0]));
  handle.setAttribute("aria-valuemax", String(spec.high[0]));
  handle.setAttribute("aria-label", phrase("handle", { label: spec.label }));
  let at = spec.value;
  let previewing = false; // a cell is read, and the handle stays where it was set
  const put = () => {
    home.put(handle, ...axes.pixel(axes.share(at)));
    hint.classList.toggle("left", axes.share(at)[0] > 0.45);
    handle.setAttribute("aria-valuenow", String(at[0]));
    const [x, y] = at.map(readable);
    handle.setAttribute("aria-valuetext", phrase("place", { x, y }));
  };
  const show = (/** @type {Pair} */ value) => {
    at = value;
    if (!previewing) put();
  };
  /** @type {(share: number, count: number) => number} */
  const snap = (share, count) => (Math.min(Math.floor(share * count), count - 1) + 0.5) / count;
  const moveTo = (/** @type {Pair} */ shares) => {
    const inside = both((i) => clamp(shares[i], 0, 1));
    const value = axes.value(cells ? both((i) => snap(inside[i], cells[i])) : inside);
    if (value.every((v, i) => v === at[i])) return; // still the same cell
    show(value);
    change(at);
  };
  /** @type {Hand} */
  const hand = {
    ...{ handle, moveTo, picture: home.node },
    at: () => axes.share(at),
    preview(/** @type {boolean} */ on) {
      previewing = on;
      put();
    },
    under: (event) => axes.shareOf(home.under(event)),
    found: () => handle.classList.add("found"), // nobody needs the hint any more
  };
  const keep = cells ? readsCells(hand, hint) : isDragged(hand);
  handle.addEventListener("keydown", (event) => {
    /** @type {Record<string, Pair>} */
    const directions = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
    };
    const direction = directions[event.key];
    if (!direction || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const from = axes.share(at);
    const steps = event.shiftKey ? 10 : 1;
    moveTo(both((i) => from[i] + (cells ? 1 / cells[i] : 0.01) * steps * direction[i]));
    hand.found();
    keep();
  });
  show(at);
  home.node.append(handle);
  return { show };
}

/** @type {(hand: Hand) => () => void} */
function isDragged({ handle, moveTo, under, found }) {
  const follow = (/** @type {PointerEvent} */ event) => {
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
/** @type {(hand: Hand, hint: HTMLElement) => () => void} */
function readsCells({ handle, moveTo, at, preview, under, found, picture }, hint) {
  handle.classList.add("cell");
  handle.title = phrase("read");
  hint.textContent = phrase("read_me");
  /** @type {Pair | null} */
  let kept = null;
  const inside = (/** @type {Pair} */ shares) => shares.every((share) => share >= 0 && share <= 1);
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
    const target = /** @type {Element} */ (event.target);
    const other = target.closest(".handle") ?? handle;
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

/**
 * @type {(
 *   spec: Chart, actors: Actor[], panels: Panel[], controls: Record<string, Control>
 * ) => (frame: Picture) => void}
 */
function chart(spec, actors, panels, controls) {
  const axes = scales(spec);
  const home = sure(panels.find((one) => one.holds(spec)));
  const [left, top, wide, high] = spec.clip;
  const across = (/** @type {number} */ value) => axes.pixel(axes.share([value, spec.low[1]]))[0];
  const zone = element("div", { class: "chart" });
  home.put(zone, left, top - GRIP);
  zone.style.width = `${(100 * wide) / home.width}%`;
  zone.style.height = `${(100 * (high + GRIP)) / home.height}%`;
  const tip = element("div", { class: "tip", "aria-hidden": "true", hidden: "" });
  /** @type {Upright[]} */
  const lines = spec.drags.map((name) => {
    const grip = element("div", { class: "grip", "aria-hidden": "true" });
    return { name, grip, value: 0, ...controls[name] };
  });
  home.node.append(zone, ...lines.map(({ grip }) => grip), tip);
  const curves = actors.flatMap((actor, i) =>
    actor.name && !("palette" in actor) && String(actor.clip) === String(spec.clip)
      ? [{ actor, i }]
      : [],
  );
  /** @type {ArrayBuffer[]} */
  let parts = [];
  const valueUnder = (/** @type {MouseEvent} */ event) => {
    const [x] = axes.value(axes.shareOf(home.under(event)));
    const [low, high] = lines[0]?.limits ?? [-Infinity, Infinity];
    return lines.length ? Math.round(clamp(x, low, high)) : x;
  };
  const read = (/** @type {MouseEvent} */ event) => {
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
    const room = home.node.clientWidth * (1 - (pixel - home.left) / home.width);
    tip.classList.toggle("left", tip.offsetWidth + 16 > room);
    home.put(tip, pixel, home.under(event)[1]);
  };
  /** @type {Upright | null} */
  let held = null;
  zone.addEventListener("pointermove", (event) => {
    read(event);
    held?.jump?.(valueUnder(event));
  });
  zone.addEventListener("pointerleave", () => (tip.hidden = true));
  if (lines.length) {
    zone.classList.add("time-axis");
    zone.title = phrase("upright");
    zone.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      zone.setPointerCapture(event.pointerId);
      const [x] = home.under(event);
      const away = (/** @type {Upright} */ { value }) => Math.abs(across(value) - x);
      held = lines.reduce((one, other) => (away(other) < away(one) ? other : one));
      held.jump?.(valueUnder(event));
    });
    for (const end of ["pointerup", "pointercancel"]) {
      zone.addEventListener(end, () => (held = null));
    }
  }
  return (frame) => {
    parts = frame.parts;
    for (const line of lines) {
      line.value = Number(frame.knobs[line.name]);
      home.put(line.grip, across(line.value), top);
    }
  };
}

// The height of a curve at a pixel across, or null where it is not.
/** @type {(xy: Float32Array, across: number) => number | null} */
function heightAt(xy, across) {
  for (let k = 0; k + 3 < xy.length; k += 2) {
    const [x, y, nextX, nextY] = xy.subarray(k, k + 4);
    if (!(x <= across + 1e-3 && across <= nextX + 1e-3)) continue; // nor where the pen is lifted
    return nextX === x ? y : y + ((nextY - y) * (across - x)) / (nextX - x);
  }
  return null;
}

// ---------------------------------------------------------------- painting

/** @type {(pen: CanvasRenderingContext2D, actors: Actor[], parts: ArrayBuffer[]) => void} */
function drawImages(pen, actors, parts) {
  actors.forEach((actor, i) => {
    if (!("palette" in actor)) return;
    const { palette, columns, clip } = actor;
    const cells = new Uint8Array(parts[i]);
    const image = new ImageData(columns, cells.length / columns);
    cells.forEach((number, k) => {
      image.data.set(palette[number], 4 * k);
    });
    const small = new OffscreenCanvas(image.width, image.height);
    sure(small.getContext("2d")).putImageData(image, 0, 0);
    pen.imageSmoothingEnabled = false; // a cell has edges
    pen.drawImage(small, ...clip);
  });
}

/**
 * @type {(
 *   pen: CanvasRenderingContext2D, actors: Actor[], parts: ArrayBuffer[], dark: boolean
 * ) => void}
 */
function drawLines(pen, actors, parts, dark) {
  actors.forEach((actor, i) => {
    if ("palette" in actor) return;
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

/**
 * @type {(
 *   panel: Panel, height: number, stage: Stage, actors: Actor[],
 *   frame: Picture, pinned: Picture | null, dark: boolean
 * ) => void}
 */
function paint(panel, height, stage, actors, frame, pinned, dark) {
  const { canvas, left, width } = panel;
  const sharpness = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * sharpness)) {
    canvas.width = Math.round(width * sharpness);
    canvas.height = Math.round(height * sharpness);
  }
  const pen = sure(canvas.getContext("2d"));
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
/** @type {(colour: Iterable<number>) => number[]} */
function darkened([red, green, blue]) {
  const [high, low] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  const turn = 255 - high - low;
  if (turn < 0 && high - low > 40 && high + low < 400) return [red, green, blue];
  return [red, green, blue].map((part) => 17 + ((part + turn) * 238) / 255);
}

/** @type {(colour: string) => string} */
function darkColour(colour) {
  const parts = [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16));
  return `rgb(${darkened(parts).join(" ")})`;
}

// A colour bar keeps its colours, which are those of the cells; so do its arrows above and below.
/** @type {(stage: ImageBitmap, colourBars: Box[], height: number) => Stage} */
function darkStage(stage, colourBars, height) {
  const canvas = new OffscreenCanvas(stage.width, stage.height);
  const pen = sure(canvas.getContext("2d"));
  pen.drawImage(stage, 0, 0);
  const scale = stage.height / height;
  const isKept = (/** @type {number} */ i) => {
    const [x, y] = [(i % stage.width) / scale, Math.floor(i / stage.width) / scale];
    return colourBars.some(([left, top, wide, high]) => {
      const arrow = 0.06 * high;
      return x >= left && x < left + wide && y >= top - arrow && y < top + high + arrow;
    });
  };
  const image = pen.getImageData(0, 0, stage.width, stage.height);
  const pixels = new Uint32Array(image.data.buffer);
  /** @type {Map<number, { grey: boolean, dark: number }>} */
  const colours = new Map(); // a stage has a million pixels, and 256 colours at most
  const turned = (/** @type {number} */ pixel) => {
    const colour = new Uint8ClampedArray(Uint32Array.of(pixel).buffer);
    const [red, green, blue] = colour;
    colour.set(darkened(colour));
    const grey = Math.max(red, green, blue) - Math.min(red, green, blue) < 24;
    const found = { grey, dark: new Uint32Array(colour.buffer)[0] };
    colours.set(pixel, found);
    return found;
  };
  pixels.forEach((pixel, i) => {
    const { grey, dark } = colours.get(pixel) ?? turned(pixel);
    if (grey || !isKept(i)) pixels[i] = dark;
  });
  pen.putImageData(image, 0, 0);
  return canvas;
}

// Whether a page is dark where a node stands: asked of the page itself, as every front end tells
// its theme in another way.
/** @type {(node: Element | null) => boolean} */
function standsInTheDark(node) {
  for (let at = node; at; at = at.parentElement) {
    const parts = sure(getComputedStyle(at).backgroundColor.match(/[\d.]+/g));
    const [red, green, blue, alpha = 1] = parts.map(Number);
    if (alpha > 0.5) return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
  }
  return false;
}

// ---------------------------------------------------------------- keys

// The keys that a control uses are not the page's: JupyterLab leaves those alone whose target has
// this attribute. All others are, so that Ctrl+S saves.
const SHIELD = "data-lm-suppress-shortcuts";
/** @type {Record<string, RegExp | undefined>} */
const KEYS = {
  range: /^(Arrow\w+|Home|End|Page\w+)$/,
  select: /^(Arrow\w+|Home|End|Page\w+|Enter| |[a-z0-9])$/i,
  button: /^(Enter| )$/,
  handle: /^(Arrow\w+|Enter| )$/,
};

/** @type {(target: Element & { type?: string }, event: KeyboardEvent) => boolean} */
function uses(target, { key, ctrlKey, metaKey, altKey }) {
  const command = ctrlKey || metaKey;
  if (target.type === "text") {
    return command
      ? /^([acvxzy]|Arrow\w+|Home|End|Backspace|Delete)$/i.test(key)
      : key !== "Escape";
  }
  const kind = target.classList.contains("handle") ? "handle" : target.type;
  const keys = KEYS[kind ?? ""] ?? KEYS[target.tagName.toLowerCase()];
  return keys !== undefined && !command && !altKey && keys.test(key);
}

/** @type {(node: Element) => () => void} */
function shieldKeys(node) {
  const shield = (/** @type {KeyboardEvent} */ event) => {
    const target = /** @type {Element} */ (event.target);
    if (node.contains(target)) target.toggleAttribute(SHIELD, uses(target, event));
  };
  window.addEventListener("keydown", shield, true); // before JupyterLab, which listens on document
  return () => window.removeEventListener("keydown", shield, true);
}

// What is wider than the page fades where it goes on, and keys can scroll it.
/** @type {(node: HTMLElement) => void} */
function tellMore(node) {
  const hidden = node.scrollWidth - node.clientWidth;
  node.classList.toggle("more", node.scrollLeft < hidden - 2);
  if (hidden > 2) node.tabIndex = 0;
  else node.removeAttribute("tabindex");
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
  /** @type {Partial<Words>} */
  let last = {};
  let [resting, said] = [0, 0];
  const say = () => {
    spoken.textContent = parts.headline.textContent;
    said = performance.now();
  };
  const show = (/** @type {Words} */ now) => {
    for (const name of /** @type {const} */ (["headline", "details", "table", "listings"])) {
      const node = parts[name];
      if (now[name] === last[name]) continue;
      node.innerHTML = now[name]; // Python has escaped all that is text
      if (name === "listings") node.querySelectorAll("pre").forEach(offerCopy);
      tellMore(node);
    }
    last = now;
    // A screen reader hears the headline once the hand rests, and once a second in between.
    clearTimeout(resting);
    resting = setTimeout(say, Math.min(150, Math.max(0, said + 1000 - performance.now())));
  };
  const nodes = [parts.headline, parts.details, parts.table, parts.listings, spoken];
  const text = () => `${parts.headline.textContent} ${parts.details.textContent}`.trim();
  return {
    nodes,
    show,
    headline: parts.headline,
    wide: [parts.table, parts.listings],
    text,
    stop: () => clearTimeout(resting),
  };
}

/** @type {(code: Element) => void} */
function offerCopy(code) {
  const copy = button(phrase("copy"), { class: "copy" });
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(sure(code.querySelector("code")).textContent);
      copy.textContent = phrase("copied");
    } catch {
      getSelection()?.selectAllChildren(code); // no clipboard here: what is to be copied is marked
      copy.textContent = phrase("marked");
    }
    setTimeout(() => (copy.textContent = phrase("copy")), 2000);
  });
  code.before(copy);
}

// ---------------------------------------------------------------- a live view

/** @type {(spec: Spec, change: Change, complain: Complain, panels: Panel[]) => Control} */
function make(spec, change, complain, panels) {
  if (spec.kind === "Choice") return choice(spec, change);
  if (spec.kind === "Toggle") return toggle(spec, change);
  if (spec.kind === "Point") return point(spec, change, panels);
  return (spec.kind === "Time" ? time : slider)(spec, change, complain);
}

// One live view in place of one still picture.
/** @type {(still: Element, model: Model, send: Send) => View} */
function view(still, model, send) {
  const [specs, actors] = [model.get("controls"), model.get("actors")];
  const [width, height] = model.get("size");
  const panels = model.get("panels").map((span, i) => panel(span, height, i === 0));
  const complaint = element("p", { class: "complaint", role: "status" });
  const complain = (/** @type {string} */ text) => (complaint.textContent = text);
  /** @type {Record<string, Control>} */
  const controls = {};
  for (const spec of specs) {
    /** @type {Change} */
    const change = (value) => send({ knobs: { [spec.name]: value } });
    controls[spec.name] = make(spec, change, complain, panels);
  }
  const charts = model.get("charts").map((spec) => chart(spec, actors, panels, controls));
  const label = model.get("run_label");
  const long = label ? run(label, (start) => send({ run: start })) : null;
  const pin = button(phrase("pin"), { "aria-pressed": "false" });
  const reset = button(phrase("reset"));
  const picture = element("div", { class: "picture" }, ...panels.map((one) => one.node));
  const said = words();
  const sizes = new ResizeObserver((changes) => {
    for (const { target } of changes) tellMore(/** @type {HTMLElement} */ (target));
  });
  for (const one of [picture, ...said.wide]) {
    sizes.observe(one);
    one.addEventListener("scroll", () => tellMore(one));
  }
  const pinnedWords = element("p", { class: "pinned", hidden: "" });
  const apart = [...(model.get("pin") ? [pin] : []), reset];
  const panelOfControls = arranged(specs, controls, long, apart);
  const node = element("div", { class: "course-explorer" });
  node.style.maxWidth = width > 650 ? "1000px" : "760px";
  const [headline, ...others] = said.nodes;
  node.append(panelOfControls, headline, picture, complaint, pinnedWords, ...others);
  const unshield = shieldKeys(node);
  const stills = /** @type {HTMLElement[]} */ ([...still.children]);
  /** @type {{ frame: Picture, stages: Stages } | null} */
  let last = null;
  /** @type {Picture | null} */
  let pinned = null;
  /** @type {boolean | null} */
  let dark = null;
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
    pinned = (!pinned && last?.frame) || null;
    pin.textContent = phrase(pinned ? "unpin" : "pin");
    pin.setAttribute("aria-pressed", String(Boolean(pinned)));
    pinnedWords.textContent = pinned ? phrase("pinned", { words: said.text() }) : "";
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
      sizes.disconnect();
      unshield();
      for (const control of Object.values(controls)) control.stop?.();
      node.remove();
      for (const child of stills) child.hidden = false;
    },
  };
}

// The controls in their order: what plays or starts, the first slider large, the others in two
// columns, groups side by side. What is not a control of the figure stands apart.
/**
 * @type {(
 *   specs: Spec[], controls: Record<string, Control>, long: Run | null, apart: Node[]
 * ) => HTMLElement}
 */
function arranged(specs, controls, long, apart) {
  const bar = element("div", { class: "bar" });
  const knobs = element("div", { class: "knobs" });
  /** @type {Map<string, HTMLElement>} */
  const groups = new Map();
  for (const spec of specs) {
    const { node } = controls[spec.name];
    if (!node) continue; // it is in the picture
    if (spec.kind === "Time") bar.prepend(node);
    else if (spec.kind === "Toggle") bar.append(node);
    else if ("group" in spec && spec.group) {
      const legend = element("legend", {}, spec.group);
      const group = groups.get(spec.group) ?? element("fieldset", { class: "knobs" }, legend);
      groups.set(spec.group, group);
      group.append(node);
    } else knobs.append(node);
  }
  if (specs[0].kind === "Slider") knobs.firstElementChild?.classList.add("lead");
  if (long) bar.append(long.node);
  const quiet = !bar.children.length && knobs.children.length && !groups.size;
  bar.append(element("div", { class: "apart" }, ...apart));
  const sides = element("div", { class: "groups" }, ...groups.values());
  const rows = [bar, ...(knobs.children.length ? [knobs] : []), ...(groups.size ? [sides] : [])];
  const name = { class: quiet ? "controls quiet" : "controls", role: "group" };
  return element("div", { ...name, "aria-label": phrase("controls") }, ...rows);
}

// ---------------------------------------------------------------- life and death

// The living explorers of this page by their keys. Global, because every model loads this module
// anew, and the models of a notebook that was closed and opened again must know of each other.
const shared = /** @type {{ courseExplorers?: Map<string, Explorer> }} */ (globalThis);
shared.courseExplorers ??= new Map();
const living = shared.courseExplorers;

// Run once for each model. A front end may keep one after its notebook is closed, as JupyterLab
// does while the kernel lives; the model that is made when the notebook is opened again ends it.
/** @type {(own: { model: Model }) => Promise<() => void>} */
async function initialize({ model }) {
  const key = model.get("key");
  living.get(key)?.stop();
  const explorer = connect(model);
  living.set(key, explorer);
  await explorer.ready;
  return explorer.stop;
}

// Run after `initialize` for each widget view. Most front ends store none and have a still instead;
// where a view is stored no still is on the page, and the model brings its own.
/** @type {(own: { model: Model, el: HTMLElement }) => (() => void) | undefined} */
function render({ model, el }) {
  const place = element("div");
  place.innerHTML = model.get("still");
  el.append(place);
  return living.get(model.get("key"))?.showAt(place);
}

// One connection to Python, and a view for every still on the page and every place of a widget view.
/** @type {(model: Model) => Explorer} */
function connect(model) {
  phrases = model.get("phrases");
  // By class, because JupyterLab strips other attributes from outputs that it does not trust yet.
  const selector = `.explorer-${model.get("key")}`;
  /** @type {Set<HTMLElement>} */
  const places = new Set();
  /** @type {Map<Element, View>} */
  const views = new Map();
  /** @type {Stages | null} */
  let stages = null;
  /** @type {Picture | null} */
  let frame = null;
  let waiting = false;
  let asked = 0;
  /** @type {Question | null} */
  let next = null;
  let patience = 0;
  let slow = 0;

  // A kernel that has dealt with a question and sends no frame knows of no such explorer: it was
  // restarted from another page, of which this one hears nothing.
  /** @type {(message: { content: { execution_state: string } }) => void} */
  function status({ content }) {
    clearTimeout(patience);
    if (waiting && content.execution_state === "idle") patience = setTimeout(lose, 3000);
  }
  const callbacks = Object.assign(() => {}, { iopub: { status } }); // marimo calls it itself
  // One question at a time: while Python draws, newer settings replace those that wait. A question
  // can be lost while a kernel restarts, so after ten seconds none is waited for.
  /** @type {Send} */
  function send(question) {
    next = { ...next, ...question, knobs: { ...next?.knobs, ...question.knobs } };
    if (waiting && performance.now() - asked < 10_000) return;
    clearTimeout(slow);
    try {
      model.send(next, callbacks);
      waiting = true;
      asked = performance.now();
      slow = setTimeout(() => {
        for (const shown of views.values()) shown.wait();
      }, 300);
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
      views.get(still)?.show(frame, stages, newest);
    }
  }
  function withdraw() {
    for (const shown of views.values()) shown.remove();
    views.clear();
    frame = null;
  }
  /** @type {Hear} */
  function hear(message, buffers) {
    const copy = (/** @type {DataView<ArrayBuffer>} */ { buffer, byteOffset, byteLength }) =>
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
  /** @type {(place: HTMLElement) => () => void} */
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
    /** @type {Stage | null} */
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
