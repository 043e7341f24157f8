import type { IncomingMessage, ServerResponse } from 'node:http';
import { isFromThePage } from './same-origin.ts';
import { readText, sendJson } from './slack/http.ts';
import type { TroubleSwitches } from './trouble.ts';
import type { Trouble } from './trouble-types.ts';

/**
 * The page's switches, by path:
 *
 * POST /sandbox/trouble  Partial<Trouble> → Trouble, as it is now; 400 for anything but switches set to true or false
 */
export function troubleApi(
  trouble: TroubleSwitches,
): Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>> {
  return {
    '/sandbox/trouble': async (request, response) => {
      if (!isFromThePage(request)) return sendJson(response, 403, { error: 'only_for_the_page' });
      const change = parse(await readText(request), trouble.state());
      if (change === null) return sendJson(response, 400, { error: 'not_a_switch' });
      trouble.set(change);
      sendJson(response, 200, trouble.state());
    },
  };
}

function parse(text: string, known: Trouble): Partial<Trouble> | null {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
    const fits = Object.entries(body).every(
      ([name, value]) => Object.hasOwn(known, name) && typeof value === 'boolean',
    );
    return fits ? body : null;
  } catch {
    return null;
  }
}
