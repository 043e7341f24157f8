import type { Place } from './model.ts';

/** The address says who looks at what (`#/anna/C123`), so that a reload or a second tab keeps both. */
export interface Route {
  user: string | null;
  place: Place | null;
}

export function readRoute(hash: string): Route {
  const [, user = '', where = '', tab = ''] = hash.split('/').map(decodeURIComponent);
  const place: Place | null =
    where === 'app'
      ? { kind: 'app', tab: tab === 'messages' ? 'messages' : 'home' }
      : where === ''
        ? null
        : { kind: 'channel', id: where };
  return { user: user || null, place };
}

export function writeRoute(user: string, place: Place | null): string {
  const where = !place ? '' : place.kind === 'app' ? `/app/${place.tab}` : `/${encodeURIComponent(place.id)}`;
  return `#/${encodeURIComponent(user)}${where}`;
}
