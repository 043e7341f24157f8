/** The workspace that the catalog is about. It has one row, once a bot has started. */
export interface WorkspaceTable {
  id: number;
  teamId: string;
}
