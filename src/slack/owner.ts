import { idOf } from './shapes.ts';

/** For whom a token is. */
export interface Owner {
  /** The workspace (T…), or the organisation (E…) for a token of all workspaces that it added the app to. */
  teamId: string;
  isOrganisation: boolean;
}

/**
 * For whom a token is, as `auth.test` or an installation of an event says; null if they do not say it. For a token of a whole
 * organisation, `team_id` is the organisation's id or null, and `is_enterprise_install` is true. Source:
 * docs.slack.dev/enterprise/developing-for-enterprise-orgs, and recorded answers (onyx-dot-app/onyx#6960, lobu-ai/lobu#3047).
 */
export function ownerOf(told: {
  team_id?: unknown;
  enterprise_id?: unknown;
  is_enterprise_install?: unknown;
}): Owner | null {
  const isOrganisation = told.is_enterprise_install === true;
  const teamId = (isOrganisation ? idOf(told.enterprise_id) : null) ?? idOf(told.team_id);
  return teamId === null ? null : { teamId, isOrganisation };
}
