/** An element with a class and a text. */
export function part(tag, className, text = '') {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** `7` or `7–12`. */
export const shown = ([from, to]) => from === to ? `${from}` : `${from}–${to}`;

/** Runs `draw` once before the next picture, however often it is called. */
export function oncePerFrame(draw) {
  let due = 0;
  return () => {
    due ||= requestAnimationFrame(() => {
      due = 0;
      draw();
    });
  };
}
