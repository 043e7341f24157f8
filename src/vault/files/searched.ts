import { ownTexts } from '../../catalog/governance/rules.ts';
import type { Viewer } from '../../catalog/search/find.ts';
import { keepsWords, readsContents, type TextMode } from '../../text-modes.ts';
import type { Vault } from '../context.ts';

/** Whether channels without a setting of their own are searched besides names, for every search alike. */
export function searchedTexts({ policy }: Partial<Pick<Vault, 'policy'>>): {
  contents: boolean;
  said: boolean;
} {
  return { contents: readsContents(policy?.text), said: keepsWords(policy?.text) };
}

/** What is searched besides names in any of a viewer's channels: each may have a setting of its own. */
export async function searchedFor(
  { catalog, policy }: Pick<Vault, 'catalog' | 'policy'>,
  { teamId, channelIds }: Viewer,
): Promise<TextMode> {
  const byDefault = policy.text ?? 'off';
  const own = await ownTexts(catalog, teamId);
  const modes = new Set(
    channelIds.length === 0 ? [byDefault] : channelIds.map((id) => own.get(id) ?? byDefault),
  );
  const isAny = (of: (mode: TextMode) => boolean) => [...modes].some(of);
  if (isAny(keepsWords)) return isAny(readsContents) ? 'all' : 'words';
  return isAny(readsContents) ? 'contents' : 'off';
}
