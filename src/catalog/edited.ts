import { type Described, kindOf } from '../file-kinds.ts';

/**
 * Whether people go on editing such a file in Slack, so that its bytes may be others later on: canvases, posts, snippets
 * and lists. What was uploaded, or sent by e-mail, stays as it is.
 */
export function isEdited({ mode, filetype }: Pick<Described, 'mode' | 'filetype'>): boolean {
  const kind = kindOf({ mode, filetype });
  return kind === 'canvas' || kind === 'post' || kind === 'snippet' || kind === 'list';
}
