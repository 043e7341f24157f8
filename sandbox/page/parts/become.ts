import { readRoute, writeRoute } from '../store/route.ts';

/** Each person has a window of their own, so whatever was clicked is gone: the new window gives the focus a place. */
let switched = false;

/** Looks at the same place as another person. */
export function become(name: string): void {
  switched = true;
  location.hash = writeRoute(name, readRoute(location.hash).place);
}

/** Whether this window is there because somebody switched; true once. */
export function hasSwitched(): boolean {
  const was = switched;
  switched = false;
  return was;
}
