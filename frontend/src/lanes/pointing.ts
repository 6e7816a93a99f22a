import type { View } from "./view";

/** What pointing at the stage asks for. `share` is a place across it, from 0 to 1. */
export interface Pointing {
  view(): View;
  moved(share: number, from: View): void;
  closer(factor: number, share: number): void;
  ended(): void;
}

const drag = 4;

/** Drag to pan, pinch or Ctrl and wheel to zoom, wheel sideways to pan, double click to go closer. */
export function listen(stage: HTMLElement, across: () => { left: number; width: number }, pointing: Pointing): void {
  const down = new Map<number, number>();
  let from = 0;
  let began: View | null = null;
  let dragged = false;
  const share = (x: number): number => (x - across().left) / across().width;

  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || (event.target as Element).closest(".lanes__whole")) return;
    down.set(event.pointerId, event.clientX);
    from = event.clientX;
    began = down.size === 1 ? pointing.view() : null;
    dragged = false;
  });
  stage.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (before === undefined) return;
    if (down.size === 2) pinch(event);
    else if (began && (dragged || Math.abs(event.clientX - from) > drag)) {
      if (!dragged) stage.setPointerCapture(event.pointerId);
      dragged = true;
      pointing.moved(share(event.clientX) - share(from), began);
    }
    down.set(event.pointerId, event.clientX);
  });
  const pinch = (event: PointerEvent): void => {
    const other = [...down].find(([id]) => id !== event.pointerId)![1];
    const [before, after] = [Math.abs(down.get(event.pointerId)! - other), Math.abs(event.clientX - other)];
    if (before > 1 && after > 1) pointing.closer(before / after, share((event.clientX + other) / 2));
  };
  const up = (event: PointerEvent): void => {
    if (!down.delete(event.pointerId)) return;
    began = null;
    pointing.ended();
  };
  stage.addEventListener("pointerup", up);
  stage.addEventListener("pointercancel", up);
  // what was a drag is no click on the moment it ended on
  stage.addEventListener("click", (event) => dragged && (event.preventDefault(), (dragged = false)), true);
  stage.addEventListener("dragstart", (event) => event.preventDefault());
  stage.addEventListener("dblclick", (event) => pointing.closer(0.5, share(event.clientX)));
  stage.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey || event.metaKey) pointing.closer(Math.exp(event.deltaY / 300), share(event.clientX));
      else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) pointing.moved(-event.deltaX / across().width, pointing.view());
      else return;
      event.preventDefault();
      pointing.ended();
    },
    { passive: false },
  );
}
