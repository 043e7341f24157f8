/** Pictures that Slack cannot download: it fetches every `image_url` before it takes a message or a view. */
import { ApiError } from './errors.ts';
import type { Json } from './types.ts';
import type { World } from './world.ts';

/** Methods that take blocks, and under which argument. */
const TAKES: Record<string, 'blocks' | 'view'> = {
  'chat.postMessage': 'blocks',
  'chat.postEphemeral': 'blocks',
  'chat.update': 'blocks',
  'views.open': 'view',
  'views.push': 'view',
  'views.update': 'view',
  'views.publish': 'view',
};

/** How long Slack waits for a picture; our reading, Slack publishes no number. */
const WAIT_MS = 2000;

/**
 * Refuses a call if one of its pictures cannot be fetched: `invalid_blocks` with `downloading image failed
 * [json-pointer:/blocks/0/image_url]` in `errors` and in `response_metadata.messages` (recorded:
 * slackapi/python-slack-sdk#1782, otiai10/amesh-bot#24). How a view is refused for a picture nobody recorded: ours has
 * the form in which views are refused for anything else (slackapi/node-slack-sdk#925).
 */
export async function checkPictures(world: World, method: string, args: Json): Promise<void> {
  const where = Object.hasOwn(TAKES, method) ? TAKES[method] : undefined;
  if (where === undefined) return;
  const given = parsed(args[where]);
  const blocks = where === 'view' ? given?.blocks : given;
  const base = where === 'view' ? '/view/blocks' : '/blocks';
  const errors: string[] = [];
  for (const { url, pointer } of picturesIn(blocks, base)) {
    if (await cannotBeHad(world, url)) errors.push(`downloading image failed [json-pointer:${pointer}]`);
  }
  if (errors.length === 0) return;
  const response_metadata = { messages: errors.map((one) => `[ERROR] ${one}`) };
  if (where === 'view') throw new ApiError('invalid_arguments', { response_metadata });
  throw new ApiError('invalid_blocks', { errors, response_metadata });
}

/** Tries only this machine's own addresses, and only when asked for: a sandbox does not use the network. */
async function cannotBeHad(world: World, url: string): Promise<boolean> {
  if (world.faults.refusesPicture(url)) return true;
  if (!world.fetchesPictures || !URL.canParse(url)) return false;
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)) return false;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(WAIT_MS) });
    await answer.body?.cancel();
    return !answer.ok || !(answer.headers.get('content-type') ?? '').startsWith('image/');
  } catch {
    return true;
  }
}

function* picturesIn(value: unknown, pointer: string): Generator<{ url: string; pointer: string }> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'image_url' && typeof inner === 'string') yield { url: inner, pointer: `${pointer}/${key}` };
    else yield* picturesIn(inner, `${pointer}/${key}`);
  }
}

function parsed(value: unknown): Json | undefined {
  if (typeof value === 'object' && value !== null) return value;
  try {
    return JSON.parse(String(value ?? 'null')) ?? undefined;
  } catch {
    // The method itself says what is wrong with it.
    return undefined;
  }
}
